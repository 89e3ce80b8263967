package dev.kittiwake.client.txn;

import dev.kittiwake.client.Await;
import dev.kittiwake.client.CallScope;
import dev.kittiwake.client.error.KvException;
import dev.kittiwake.client.error.LockTimeoutException;
import dev.kittiwake.client.error.RegionUnavailableException;
import dev.kittiwake.client.error.WriteConflictException;
import dev.kittiwake.client.region.Backoff;
import dev.kittiwake.client.region.KvCall;
import dev.kittiwake.client.region.Part;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.proto.kvrpcpb.KeyError;
import dev.kittiwake.proto.kvrpcpb.LockInfo;
import dev.kittiwake.proto.kvrpcpb.Op;
import dev.kittiwake.proto.kvrpcpb.PrewriteResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The first phase of one commit: writes all keys with locks, through locks of others. Knows what
 * the stores answered when it is done.
 */
final class Prewrites {
  private final TxnEnvironment env;
  private final CommitPlan plan;
  private final CallScope scope;
  private final boolean onePhase;
  private final boolean async;
  private final long floorTs;
  private final List<Backoff> budgets = new ArrayList<>(); // guarded by this
  private boolean asyncRefused; // guarded by this; some region wrote ordinary locks
  private long minCommitTs; // guarded by this; the largest that a region answered
  private long onePhaseCommitTs; // guarded by this; 0 unless committed by one phase

  Prewrites(
      TxnEnvironment env,
      CommitPlan plan,
      CallScope scope,
      boolean onePhase,
      boolean async,
      long floorTs) {
    this.env = env;
    this.plan = plan;
    this.scope = scope;
    this.onePhase = onePhase;
    this.async = async;
    this.floorTs = floorTs;
  }

  /** Writes all chunks, a bounded number at a time. */
  CompletableFuture<Void> run(List<CommitPlan.Chunk> chunks) {
    return Lanes.run(
        chunks,
        chunk -> {
          Backoff backoff = env.writeBudget(scope, "prewrite");
          synchronized (this) {
            budgets.add(backoff);
          }
          return write(chunk.mutations(), chunk.regionKeys(), backoff);
        });
  }

  private CompletableFuture<Void> write(
      List<TxnMutation> mutations, int regionKeys, Backoff backoff) {
    return env.router
        .sendGrouped(
            KvCall.PREWRITE,
            mutations,
            TxnMutation::stored,
            (region, part) ->
                plan.prewrite(
                    region,
                    part,
                    regionKeys,
                    onePhase && part.size() == plan.mutations().size(),
                    async,
                    floorTs),
            backoff)
        .thenCompose(
            parts -> {
              if (parts.size() == 1) {
                return answered(parts.get(0), regionKeys, backoff);
              }
              List<CompletableFuture<Void>> all = new ArrayList<>();
              for (Part<TxnMutation, PrewriteResponse> part : parts) {
                all.add(answered(part, regionKeys, backoff));
              }
              return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
            });
  }

  private CompletableFuture<Void> answered(
      Part<TxnMutation, PrewriteResponse> part, int regionKeys, Backoff backoff) {
    PrewriteResponse response = part.response();
    if (response.getErrorsCount() == 0) {
      note(response);
      return CompletableFuture.completedFuture(null);
    }
    List<LockInfo> locks = new ArrayList<>();
    for (KeyError error : response.getErrorsList()) {
      KvException failure =
          error.hasLocked() && !isAheadOfUs(error.getLocked())
              ? null
              : error.hasLocked()
                  ? new WriteConflictException(
                      "write conflict: "
                          + KeyErrors.describe(error.getLocked())
                          + ", which started later")
                  : KeyErrors.exception(error, plan.startTs());
      if (failure != null) {
        return CompletableFuture.failedFuture(failure);
      }
      locks.add(error.getLocked());
    }
    return env.resolver
        .forWrite(locks, backoff)
        .thenCompose(
            alive ->
                backoff.pause(
                    alive > 0 ? Backoff.Kind.LOCK : Backoff.Kind.LOCK_RESOLVED,
                    -1,
                    KeyErrors.describe(locks.get(0)),
                    LockTimeoutException::new))
        .thenCompose(over -> write(part.items(), regionKeys, backoff));
  }

  /**
   * Two optimistic commits that wait for each other's locks would wait for ever: the older one
   * gives way.
   */
  private boolean isAheadOfUs(LockInfo lock) {
    return plan.forUpdateTs() == 0
        && lock.getLockType() != Op.PessimisticLock
        && lock.getLockTtl() != 0
        && Timestamp.isAfter(lock.getLockVersion(), plan.startTs());
  }

  private synchronized void note(PrewriteResponse response) {
    onePhaseCommitTs = Timestamp.max(onePhaseCommitTs, response.getOnePcCommitTs());
    asyncRefused |= response.getMinCommitTs() == 0;
    minCommitTs = Timestamp.max(minCommitTs, response.getMinCommitTs());
  }

  /** The commit timestamp if one phase has committed everything; else 0. */
  synchronized long onePhaseCommitTs() {
    return onePhaseCommitTs;
  }

  /** The commit timestamp if the transaction is committed because all keys are written; else 0. */
  synchronized long asyncCommitTs() {
    return async && !asyncRefused ? minCommitTs : 0;
  }

  /**
   * Whether the transaction may be committed although writing failed: writing alone could commit,
   * and some answer was lost. What was answered later is no proof: a request that was sent twice
   * can fail the second time although it took effect, or will take effect, the first time.
   */
  synchronized boolean mayHaveCommitted() {
    return (onePhase || async) && budgets.stream().anyMatch(Backoff::isAnswerLost);
  }

  /** The way on which it may have committed. */
  CommitResult.Path shortCut() {
    return onePhase ? CommitResult.Path.ONE_PHASE : CommitResult.Path.ASYNC;
  }

  /** The failure of a prewrite for the user, once it is certain that nothing was committed. */
  static KvException failure(Throwable thrown) {
    KvException failure = Await.failure(thrown);
    return failure instanceof RegionUnavailableException
        ? new RegionUnavailableException(
            failure.getMessage() + "; the transaction is not committed", failure)
        : failure;
  }
}
