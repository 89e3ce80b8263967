package dev.kittiwake.kv.region;

import dev.kittiwake.raft.Status;

/**
 * Leaving the lead because this store's disk is late, without being told to: the order would queue
 * behind the slow disk. A region whose leader cannot store its own entries answers nobody, although
 * its followers may have committed them long ago.
 *
 * <p>The leader goes only if another voter has stored more than itself: where all disks are equally
 * slow nobody does better, and leaders stay where they are.
 *
 * <p>An instance decides for one replica; confined to its loop.
 */
final class StepDown {
  /** Ticks, less those without, in which the others had committed what is not yet durable here. */
  private static final int TOO_OFTEN = 30;

  private int behind;

  void onTick(RegionReplica replica) {
    if (!replica.face().leads()) {
      behind = 0;
      return;
    }
    boolean hangs = replica.context().diskIsSlow();
    if (!hangs && !replica.context().diskIsSluggish()) {
      behind = 0;
      return;
    }
    Status status = replica.driver().status();
    if (status.transferee() != 0) {
      return;
    }
    long mine = own(status);
    behind = Math.max(0, behind + (mine < status.commit() ? 1 : -1));
    boolean othersAreFurther = status.peers().stream().anyMatch(peer -> peer.match() > mine);
    if (othersAreFurther && (hangs || behind >= TOO_OFTEN) && TransferLeader.startToBest(replica)) {
      behind = 0;
    }
  }

  private static long own(Status status) {
    for (Status.Peer peer : status.peers()) {
      if (peer.id() == status.id()) {
        return peer.match();
      }
    }
    return status.lastIndex();
  }
}
