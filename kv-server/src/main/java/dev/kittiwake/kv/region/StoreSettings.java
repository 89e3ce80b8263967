package dev.kittiwake.kv.region;

import dev.kittiwake.raft.RaftConfig;

/**
 * Settings of the region layer. Times are counted in ticks of the store unless the name says
 * otherwise.
 *
 * @param electionTicks see {@link RaftConfig#electionTicks()}
 * @param heartbeatTicks see {@link RaftConfig#heartbeatTicks()}
 * @param leaseNanos how long a leader may answer reads after a quorum was heard; less than the
 *     election timeout less one tick
 * @param slowSyncNanos a leader whose own log write is older than this does not renew its lease
 * @param maxEntryBytes largest write
 * @param maxBatchBytes writes of one round are combined into entries of about this size
 * @param maxQueuedRequests requests waiting for the store loop; beyond, the store answers that it
 *     is busy
 * @param maxQueuedMessages raft messages waiting for the store loop; beyond, they are dropped
 * @param regionsPerRound regions worked on before others have their turn
 * @param answerTicks after losing leadership, how long to wait for the fate of a proposal before it
 *     is answered as undetermined; also the bound of a read's confirmation
 * @param compaction when logs are cut
 * @param heartbeatEveryTicks how often a leader reports its region to the placement driver
 * @param peerDownTicks a peer that has been silent for so long is reported as down
 * @param maxSnapshots snapshots sent at a time, and received at a time
 * @param snapshotLifeTicks a prepared snapshot that nobody fetched is dropped after so long
 * @param staleCheckTicks a replica that has heard no leader for so long asks the placement driver
 *     whether it is still a member
 * @param split when regions are split, and where
 * @param merge when regions may be merged
 * @param tickNanos length of a tick
 * @param restAfterTicks a region of which nothing was asked for so long rests; 0 = none ever does
 */
public record StoreSettings(
    int electionTicks,
    int heartbeatTicks,
    long leaseNanos,
    long slowSyncNanos,
    long maxEntryBytes,
    int maxBatchBytes,
    int maxQueuedRequests,
    int maxQueuedMessages,
    int regionsPerRound,
    int answerTicks,
    Compaction compaction,
    int heartbeatEveryTicks,
    int peerDownTicks,
    int maxSnapshots,
    int snapshotLifeTicks,
    int staleCheckTicks,
    SplitRule split,
    MergeRule merge,
    long tickNanos,
    int restAfterTicks) {

  /**
   * When a leader cuts its log.
   *
   * @param everyTicks how often it looks
   * @param threshold fewer entries are not worth a cut
   * @param countLimit beyond so many entries lagging followers are no longer waited for
   * @param reserveTicks after so long, a cut below {@code threshold} is made all the same
   */
  public record Compaction(int everyTicks, int threshold, long countLimit, int reserveTicks) {}

  RaftConfig raft(long peerId) {
    return RaftConfig.of(peerId)
        .withTicks(electionTicks, heartbeatTicks)
        .withLimits(maxEntryBytes + (1 << 20), 64L << 20);
  }
}
