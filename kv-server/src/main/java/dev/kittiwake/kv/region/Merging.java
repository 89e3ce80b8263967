package dev.kittiwake.kv.region;

import dev.kittiwake.kv.transport.Envelope;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.RegionEpoch;
import dev.kittiwake.proto.store.CommitMergeCommand;
import dev.kittiwake.proto.store.MergeState;
import dev.kittiwake.proto.store.RegionCommand;
import dev.kittiwake.proto.store.RegionState;
import dev.kittiwake.raft.Proposal;
import java.util.Set;
import java.util.TreeSet;

/**
 * Drives the merges that a replica takes part in: as the source, it has the target's leader commit,
 * or the merge taken back when it has failed; as the target, it completes the source's log while
 * applying waits for it. Everything is tried again on every tick: what counts are the two logs.
 *
 * <p>An instance serves one replica; confined to its loop.
 */
final class Merging {
  /** In place of a region's id. */
  static final long NOBODY = 0;

  private final RegionReplica replica;
  private MergeState state; // of this region as the source, as applied; null = not being merged
  private boolean preparing; // PrepareMerge is on its way
  private boolean failed; // another replica of this region has proof that the merge failed
  private CommitMergeCommand waiting; // as the target: applying waits for this one's source
  private final Set<Long> goneFor = new TreeSet<>(); // see isGoneFor; NOBODY = it may go
  private long heirVersion = Long.MAX_VALUE; // once the region has ended, of who has its keys now
  private final Set<Long> asking = new TreeSet<>(); // for whom, whether the region has ended
  private Proposal.Accepted triedCommit; // newest proposal in the target's log, or null
  private Proposal.Accepted triedRollback; // newest proposal in ours, or null

  Merging(RegionReplica replica, MergeState state) {
    this.replica = replica;
    this.state = state;
  }

  MergeState state() {
    return state;
  }

  boolean isPreparing() {
    return preparing;
  }

  /** The region takes part in no merge. */
  boolean isIdle() {
    return state == null && waiting == null && !preparing && asking.isEmpty();
  }

  /**
   * Whether the region is known to have become part of another, and no replica of this store will
   * take it in by its log, but for that of {@code region} perhaps.
   */
  boolean isGoneFor(long region) {
    return goneFor.contains(NOBODY) || goneFor.contains(region);
  }

  /**
   * Answers false if the question is being asked already. One that is asked for another region is
   * no reason to wait: its answer may depend on what this one is asked for.
   */
  boolean ask(long region) {
    return asking.add(region);
  }

  /** The region goes on, as far as known. */
  void answered(long region) {
    asking.remove(region);
  }

  /**
   * The region has ended, and {@code region}'s replica at most needs this one.
   *
   * @param version of a region that has some of its keys now
   */
  void answeredNeededAtMostBy(long region, long version) {
    asking.remove(region);
    goneFor.add(region);
    heirVersion = Math.min(heirVersion, version);
  }

  /** The least known version of a region that came after this one had ended; at first no bound. */
  long heirVersion() {
    return heirVersion;
  }

  void preparing(boolean now) {
    preparing = now;
  }

  void onPrepared(MergeState prepared) {
    state = prepared;
    failed = false;
    forgetProposals();
    drive();
  }

  void onTakenBack() {
    state = null;
    forgetProposals();
  }

  private void forgetProposals() {
    triedCommit = null;
    triedRollback = null;
  }

  void onTick() {
    if (state != null) {
      drive();
    }
    if (waiting != null) {
      completeSource();
    }
  }

  // ---- as the source ----

  private void drive() {
    Region expected = state.getTarget();
    RegionReplica target = replica.store().find(expected.getId());
    if (target == null) {
      RegionState gone = replica.store().tombstone(expected.getId());
      if (gone != null && MergePlan.hasFailed(state, gone.getRegion(), gone.getBaseEpoch())) {
        onProof();
      }
      return;
    }
    target.merge().resume(replica.regionId(), state);
    RegionEpoch now = target.face().region().getRegionEpoch();
    if (MergePlan.sameEpoch(now, expected.getRegionEpoch())) {
      if (target.isServing() && mayTry(triedCommit, target)) {
        target.run(() -> triedCommit = CommitMerge.start(replica, target).orElse(null));
      }
    } else if (MergePlan.hasFailed(state, target.face().region(), target.face().base())) {
      onProof();
    }
    if (failed && state != null) {
      takeBack();
    }
  }

  /** Not while an earlier proposal may yet be applied. */
  private static boolean mayTry(Proposal.Accepted tried, RegionReplica proposer) {
    return tried == null
        || tried.term() != proposer.face().term()
        || tried.index() <= proposer.applied();
  }

  private void onProof() {
    failed = true;
    RegionFace face = replica.face();
    if (!face.leads() && face.leader() != null) {
      replica
          .context()
          .transport()
          .send(
              Envelope.failedMerge(
                  replica.regionId(),
                  face.peer(),
                  face.leader(),
                  face.region().getRegionEpoch(),
                  state.getCommit()));
    } else {
      takeBack();
    }
  }

  /** Another replica of this region has seen that the merge prepared at {@code commit} failed. */
  void onFailed(long commit) {
    if (state != null && state.getCommit() == commit) {
      failed = true;
      takeBack();
    }
  }

  private void takeBack() {
    if (replica.isServing() && mayTry(triedRollback, replica)) {
      triedRollback = RollbackMerge.start(replica).orElse(null);
      replica.markDirty();
    }
  }

  // ---- as the target ----

  /** Applying waits until the source of {@code command} has caught up. */
  void onWaiting(RegionCommand command) {
    if (!replica.isDestroyed()) {
      waiting = command.getCommitMerge();
      completeSource();
    }
  }

  /**
   * That source has been taken in. Applying may have come to the next merge in the same round, and
   * wait for another source by now.
   */
  void onMerged(long sourceId) {
    if (waiting != null && waiting.getSource().getId() == sourceId) {
      waiting = null;
    }
  }

  /** A snapshot has taken the place of everything that was to be applied. */
  void onReplaced() {
    waiting = null;
    onTakenBack();
  }

  private void completeSource() {
    RegionReplica source = replica.store().find(waiting.getSource().getId());
    if (source == null || !source.face().initialized()) {
      return;
    }
    MergeState reached = source.merge().state();
    if (reached != null) {
      resume(source.regionId(), reached);
      return;
    }
    CommitMergeCommand command = waiting;
    source.run(() -> source.driver().learnCommitted(CommitMerge.entries(command)));
  }

  /** The replica of that source has applied its PrepareMerge: applying may go on. */
  private void resume(long sourceId, MergeState reached) {
    boolean awaited =
        waiting != null
            && waiting.getSource().getId() == sourceId
            && waiting.getCommit() == reached.getCommit();
    if (awaited) {
      waiting = null;
      replica.context().applyLoop().add(round -> replica.applier().resume(round, replica));
    }
  }
}
