package dev.kittiwake.kv.region;

import dev.kittiwake.kv.engine.Engine;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.kvrpcpb.Context;
import dev.kittiwake.proto.kvrpcpb.ReadIndexRequest;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * What the request side may ask of the replicas on this store. Thread-safe. Futures complete on the
 * calling thread when no waiting is needed, else on a thread of the store: what is attached to them
 * must not block. No future fails: trouble comes as a region error.
 */
public interface RegionAccess {
  long storeId();

  /**
   * The store's engine, for work that regards no region (e.g. destroying a range of the whole
   * store).
   */
  Engine engine();

  /**
   * Checks cluster, store, region, peer, leadership, term, epoch and keys, in that order; cheap.
   *
   * @param storedKeys the keys that the request touches; may be empty
   * @param write whether the request writes: then replica and stale reads are not regarded
   */
  Admission admit(Context context, List<Key> storedKeys, boolean write);

  /** Like {@link #admit(Context, List, boolean)}; the whole range must lie in the region. */
  Admission admit(Context context, KeyRange storedKeys, boolean write);

  /**
   * A linearizable snapshot of the region: at least as new as every write acknowledged before the
   * call. Under a valid lease it is there when this method returns; else after a round of
   * heartbeats. If the view asks for a replica read, the replica first catches up with the leader.
   */
  CompletableFuture<ReadResult> read(RegionView view);

  /**
   * As {@link #read(RegionView)}, for transactional data that a follower may serve: before it does,
   * the leader hears of {@code claim}.
   *
   * @param claim timestamp, isolation and user keys of the read
   */
  default CompletableFuture<ReadResult> read(RegionView view, ReadIndexRequest claim) {
    return read(view);
  }

  /**
   * The region's data as of {@code ts} by the replica here, without asking anybody, if it is known
   * to be complete up to there. What is locked with a smaller timestamp commits above it.
   */
  default ReadResult staleRead(RegionView view, long ts) {
    return new ReadResult.Refused(
        RegionErrors.dataIsNotReady(view.regionId(), view.peer().getId(), 0));
  }

  /**
   * Tells followers up to where the regions led here are complete; answers the least of these
   * timestamps, {@code ts} if no region is led here.
   *
   * @param ts just fetched from the oracle
   */
  default CompletableFuture<Long> resolve(long ts) {
    return CompletableFuture.completedFuture(ts);
  }

  /** Compares the replicas of a region led here; who differs from the most serves nothing more. */
  default CompletableFuture<HashVerdict> verify(long regionId) {
    return CompletableFuture.completedFuture(HashVerdict.notDone(regionId));
  }

  /** The regions whose replica here was found to be damaged. */
  default Set<Long> damagedRegions() {
    return Set.of();
  }

  /** Up to which timestamp all replicas here that have some of these keys serve stale reads. */
  default CompletableFuture<Long> safeTs(KeyRange storedKeys) {
    return CompletableFuture.completedFuture(0L);
  }

  /**
   * Runs {@code reads} at once on the newest data if the lease of this leader is valid, without the
   * cost of a snapshot. Each single read is linearizable; several are not of one moment.
   *
   * @param reads gives a value that is not null; may run in vain
   * @return the value, or null if the lease was not valid or the region has changed: use {@link
   *     #read} then
   */
  <T> T leaseRead(RegionView view, Function<RegionReader, T> reads);

  /**
   * Replicates {@code write} and applies it atomically. Completes once applied on this leader, with
   * null or with the region error; {@code UndeterminedResult} if it may or may not become applied.
   * Term and epoch of the view are checked again when the entry is applied. The caller must not
   * change {@code write} any more.
   */
  CompletableFuture<Error> write(RegionView view, RegionWrite write);

  /** Splits the region at {@code storedSplitKeys}; completes once applied on this leader. */
  CompletableFuture<SplitResult> split(RegionView view, List<Key> storedSplitKeys);

  /** The regions with a replica here, by start key; as of about now. */
  List<RegionView> regions();

  /** How many replicas rest because nobody uses their regions; as of about now. */
  int restingRegions();

  /** How many records the replica here has applied since it was made; 0 if there is none. */
  default long writtenKeys(long regionId) {
    return 0;
  }

  /**
   * Versions below it may be gone from now on, also after a restart: nobody may read there. To be
   * called before the first goes. Waits for the disk.
   *
   * @throws dev.kittiwake.kv.engine.EngineException if it could not be written down
   */
  default void collectBelow(long safePoint) {}

  /**
   * Collects the garbage among these keys, to be gone on with stretch by stretch; for which {@link
   * #collectBelow} was called before.
   */
  CollectGarbage collect(KeyRange storedKeys, long safePoint);

  /** See {@link #collectBelow}; 0 = all versions are there. */
  default long gcSafePoint() {
    return 0;
  }

  /** What was known of the region's size no longer holds: much was deleted past raft. */
  default void sizeIsUnknown(long regionId) {}

  /** Whether writes that make data grow are taken; to be asked before they are. */
  WriteGate writeGate();

  /** How slow the store's disk is, from 1, healthy, to 100. */
  default int slowScore() {
    return 1;
  }

  /**
   * How far each replica here is, asked of the loop. Fails if the loop takes no more work; never
   * completes while it hangs.
   */
  CompletableFuture<List<RegionProgress>> progress();

  /** Adds something that has to replicate what it knows of a region before that is merged. */
  void addGate(MergeGate gate);

  /** What the leaders here do about reads that their followers serve. */
  default void guardReads(ReadGuard guard) {}

  /** Adds a listener; it hears of what happens from now on. */
  void addListener(RegionListener listener);
}
