package dev.kittiwake.client.txn;

import static dev.kittiwake.client.txn.TxnEnvironment.wire;

import dev.kittiwake.client.ClientConfig.TransactionConfig;
import dev.kittiwake.client.region.CachedRegion;
import dev.kittiwake.client.region.RegionRouter;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.proto.kvrpcpb.Assertion;
import dev.kittiwake.proto.kvrpcpb.AssertionLevel;
import dev.kittiwake.proto.kvrpcpb.PrewriteRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * A transaction ready to commit, and the requests that follow from it. Pure.
 *
 * @param mutations in key order, at least one
 * @param forUpdateTs 0 if the transaction holds no pessimistic locks
 * @param needsFloor whether a commit without a timestamp of its own could fall before commits that
 *     had ended when this one was asked for, and must not
 */
record CommitPlan(
    long startTs,
    long forUpdateTs,
    Key primary,
    List<TxnMutation> mutations,
    long ttlMillis,
    TransactionOptions options,
    boolean needsFloor) {

  /** Mutations that go in one request, and how many the transaction has in that region. */
  record Chunk(List<TxnMutation> mutations, int regionKeys) {}

  /** Divides a transaction by regions, and large parts by size. */
  static List<Chunk> chunks(
      List<RegionRouter.Group<TxnMutation>> groups, TransactionConfig limits) {
    List<Chunk> chunks = new ArrayList<>();
    for (RegionRouter.Group<TxnMutation> group : groups) {
      List<TxnMutation> chunk = new ArrayList<>();
      int bytes = 0;
      for (TxnMutation mutation : group.items()) {
        boolean full = bytes + mutation.size() > limits.chunkBytes();
        if (!chunk.isEmpty() && (full || chunk.size() >= limits.chunkKeys())) {
          chunks.add(new Chunk(chunk, group.items().size()));
          chunk = new ArrayList<>();
          bytes = 0;
        }
        chunk.add(mutation);
        bytes += mutation.size();
      }
      chunks.add(new Chunk(chunk, group.items().size()));
    }
    return chunks;
  }

  /** Whether the transaction is small enough to name all its keys in the primary lock. */
  boolean allowsAsyncCommit(TransactionConfig limits) {
    long bytes = 0;
    for (TxnMutation mutation : mutations) {
      bytes += mutation.key().length();
      if (!mutation.leavesLock()) {
        return false;
      }
    }
    return options.asyncCommit()
        && mutations.size() <= limits.asyncCommitKeys()
        && bytes <= limits.asyncCommitKeyBytes();
  }

  /**
   * @param floorTs the commit timestamp must be above it; 0 for no bound but the transaction's own
   */
  PrewriteRequest prewrite(
      CachedRegion region,
      List<TxnMutation> part,
      int regionKeys,
      boolean tryOnePhase,
      boolean asyncCommit,
      long floorTs) {
    PrewriteRequest.Builder request =
        PrewriteRequest.newBuilder()
            .setContext(region.context())
            .setPrimaryLock(wire(primary))
            .setStartVersion(startTs)
            .setLockTtl(ttlMillis)
            .setTxnSize(regionKeys)
            .setForUpdateTs(forUpdateTs)
            .setMinCommitTs(Timestamp.max(Timestamp.max(startTs, forUpdateTs), floorTs) + 1)
            .setTryOnePc(tryOnePhase)
            .setUseAsyncCommit(asyncCommit);
    if (tryOnePhase || asyncCommit) {
      request.setMaxCommitTs(options.maxCommitTs());
    }
    boolean asserts = false;
    boolean holdsPrimary = false;
    for (TxnMutation mutation : part) {
      request.addMutations(mutation.toProto());
      if (forUpdateTs != 0) {
        request.addPessimisticActions(mutation.action());
      }
      asserts |= mutation.assertion() != Assertion.None;
      holdsPrimary |= mutation.key().equals(primary);
    }
    request.setAssertionLevel(asserts ? AssertionLevel.Fast : AssertionLevel.Off);
    if (asyncCommit && holdsPrimary) {
      for (TxnMutation mutation : mutations) {
        if (!mutation.key().equals(primary)) {
          request.addSecondaries(wire(mutation.key()));
        }
      }
    }
    return request.build();
  }
}
