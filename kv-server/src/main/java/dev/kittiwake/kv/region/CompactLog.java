package dev.kittiwake.kv.region;

import dev.kittiwake.proto.store.CompactLogCommand;
import dev.kittiwake.proto.store.RegionCommand;
import dev.kittiwake.raft.Status;
import java.util.OptionalLong;

/**
 * Cutting the log. The leader proposes how far, by what its followers hold; every replica cuts its
 * own log there, but only after its engine has made durable what those entries did.
 *
 * <p>An instance decides for one replica; confined to its loop.
 */
final class CompactLog {
  private final StoreSettings.Compaction rule;
  private int ticksSinceLook;
  private int ticksSinceCut;

  CompactLog(StoreSettings.Compaction rule) {
    this.rule = rule;
  }

  /** Proposes a cut if it is time and worth it. */
  void onTick(RegionReplica replica) {
    ticksSinceLook++;
    ticksSinceCut++;
    boolean merging = replica.merge().state() != null || replica.merge().isPreparing();
    if (ticksSinceLook < rule.everyTicks() || !replica.driver().isLeader() || merging) {
      return;
    }
    ticksSinceLook = 0;
    Status status = replica.driver().status();
    OptionalLong to =
        target(rule, ticksSinceCut, replica.log().start().index(), status, replica.applied());
    if (to.isEmpty()) {
      return;
    }
    OptionalLong term = replica.log().term(to.getAsLong());
    if (term.isEmpty()) {
      return;
    }
    ticksSinceCut = 0;
    replica
        .driver()
        .propose(
            EntryPayload.encode(
                RegionCommand.newBuilder()
                    .setCompactLog(
                        CompactLogCommand.newBuilder()
                            .setIndex(to.getAsLong())
                            .setTerm(term.getAsLong()))
                    .build()));
  }

  /**
   * Up to where to cut, if at all: as far as the slowest member; if the log has grown too long,
   * half of it goes, and who lags behind that gets a snapshot.
   */
  static OptionalLong target(
      StoreSettings.Compaction rule, int ticksSinceCut, long start, Status status, long applied) {
    long slowest = applied;
    for (Status.Peer peer : status.peers()) {
      // A peer that waits for a snapshot needs the entries after it, not those before.
      slowest = Math.min(slowest, Math.max(peer.match(), peer.pendingSnapshot()));
    }
    long to = slowest;
    if (applied - start >= rule.countLimit()) {
      to = Math.max(start + (applied - start) / 2, slowest);
    }
    to = Math.min(to, applied) - 1;
    long gain = to - start;
    boolean worthIt =
        gain >= rule.threshold() || (gain > 3 && ticksSinceCut >= rule.reserveTicks());
    // The entry of a cut is left behind by the next one: a gain of one would never come to an end.
    return worthIt && gain > 1 ? OptionalLong.of(to) : OptionalLong.empty();
  }

  static void apply(
      ApplyRound round, RegionReplica replica, RegionApplier applier, CompactLogCommand command) {
    if (applier.merge() != null) {
      return; // the end of this log may be needed to complete another member's
    }
    round.afterwards(() -> replica.execute(() -> replica.onCompactLog(command.getIndex())));
  }
}
