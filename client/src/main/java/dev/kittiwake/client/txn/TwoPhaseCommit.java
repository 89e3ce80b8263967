package dev.kittiwake.client.txn;

import static dev.kittiwake.client.txn.TxnEnvironment.wire;

import dev.kittiwake.client.Await;
import dev.kittiwake.client.CallScope;
import dev.kittiwake.client.ClientConfig.TransactionConfig;
import dev.kittiwake.client.error.KvException;
import dev.kittiwake.client.error.UndeterminedException;
import dev.kittiwake.client.region.Backoff;
import dev.kittiwake.client.region.CachedRegion;
import dev.kittiwake.client.region.KvCall;
import dev.kittiwake.client.region.RegionCache;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.proto.kvrpcpb.BatchRollbackRequest;
import dev.kittiwake.proto.kvrpcpb.CommitRequest;
import dev.kittiwake.proto.kvrpcpb.CommitResponse;
import dev.kittiwake.proto.pdpb.GetGCSafePointRequest;
import dev.kittiwake.proto.rpc.PdMethod;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Commits one transaction. Percolator §2.2: all keys are written with locks that point to the
 * primary key; a commit timestamp is taken; committing the primary commits the transaction; the
 * other keys follow in the background.
 *
 * <p>Two short cuts: if one region holds all keys it may commit them at once (one phase); a small
 * transaction is committed as soon as all keys are written (asynchronous commit): its primary lock
 * names all others, so that anybody can find out. Stores may refuse both, then the long way is
 * gone. Stores choose the timestamp of a short cut; so that it follows real time, they are told one
 * that it has to be above, unless the transaction does not ask for it.
 *
 * <p>The outcome is never guessed: an answer lost at a point where the transaction may have become
 * committed is asked for again, after that the primary is asked what it knows, and if nobody
 * answers in time the result is {@link UndeterminedException}.
 */
final class TwoPhaseCommit {
  private static final long SETTLE_MILLIS = 5_000;

  private final TxnEnvironment env;
  private final CommitPlan plan;
  private final CallScope scope;
  private final TransactionConfig limits;
  private final CompletableFuture<CommitResult> result = new CompletableFuture<>();
  private List<CommitPlan.Chunk> chunks;
  private volatile List<TxnMutation> withPrimary = List.of(); // committed together with it

  TwoPhaseCommit(TxnEnvironment env, CommitPlan plan, CallScope scope) {
    this.env = env;
    this.plan = plan;
    this.scope = scope;
    this.limits = env.config.transactions();
  }

  /** Completes when the outcome is known, or known to be unknown. */
  CompletableFuture<CommitResult> run() {
    env.router
        .group(plan.mutations(), TxnMutation::stored)
        .thenCompose(
            groups -> {
              chunks = CommitPlan.chunks(groups, limits);
              return prewrite();
            })
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                result.completeExceptionally(Await.failure(failure));
              }
            });
    return result;
  }

  private CompletableFuture<Void> prewrite() {
    boolean onePhase = plan.options().onePhaseCommit() && chunks.size() == 1;
    boolean async = plan.allowsAsyncCommit(limits);
    if (!plan.needsFloor() || !onePhase && !async) {
      return prewrite(onePhase, async, 0);
    }
    return env.pd
        .timestamp()
        .handle(
            (now, failure) -> {
              if (failure != null) {
                env.background.track("rollback", rollback());
                throw Await.failure(failure);
              }
              return prewrite(onePhase, async, now);
            })
        .thenCompose(next -> next);
  }

  private CompletableFuture<Void> prewrite(boolean onePhase, boolean async, long floorTs) {
    Prewrites prewrites = new Prewrites(env, plan, scope, onePhase, async, floorTs);
    return prewrites
        .run(chunks)
        .handle(
            (done, failure) ->
                failure == null ? written(prewrites) : notWritten(prewrites, failure))
        .thenCompose(next -> next);
  }

  private CompletableFuture<Void> notWritten(Prewrites prewrites, Throwable thrown) {
    if (prewrites.mayHaveCommitted()) {
      return settle(prewrites.shortCut(), Await.failure(thrown));
    }
    env.background.track("rollback", rollback());
    throw Prewrites.failure(thrown);
  }

  /**
   * Finds out what became of the transaction after an answer was lost. A failure that came later
   * proves nothing: the lost request may have had its effect, or have it yet. So the primary is
   * asked, which settles the matter: if it is not committed by then it never will be.
   */
  private CompletableFuture<Void> settle(CommitResult.Path path, KvException failure) {
    long budgetMillis = Math.min(SETTLE_MILLIS, env.config.writeBudget().toMillis());
    Backoff backoff = env.router.backoff(null, budgetMillis, "inquiry about a commit");
    return env.resolver
        .settle(plan.startTs(), plan.primary(), backoff)
        .thenCompose(this::trusted)
        .handle(
            (status, unknown) -> {
              if (status instanceof TxnStatus.Committed) {
                long commitTs = ((TxnStatus.Committed) status).commitTs();
                result.complete(new CommitResult(path, commitTs));
                withPrimary = List.of(); // nobody answered for the neighbours of the primary
                env.background.track("commit", commitAll(commitTs, false));
                return null;
              }
              if (status instanceof TxnStatus.RolledBack) {
                env.background.track("rollback", rollback());
                throw Prewrites.failure(failure);
              }
              throw new UndeterminedException(
                  "the answer to the commit of transaction "
                      + Long.toUnsignedString(plan.startTs())
                      + " was lost, it may or may not be committed: "
                      + failure.getMessage(),
                  failure);
            });
  }

  /**
   * That nothing is known of a transaction means that it was rolled back, unless it is so old that
   * the record of its commit may have been collected as garbage: then it means nothing.
   */
  private CompletableFuture<TxnStatus> trusted(TxnStatus status) {
    if (!(status instanceof TxnStatus.RolledBack)) {
      return CompletableFuture.completedFuture(status);
    }
    return env.pd
        .call(PdMethod.GET_GC_SAFE_POINT, GetGCSafePointRequest.getDefaultInstance())
        .thenApply(
            answer -> {
              if (Timestamp.isAfter(plan.startTs(), answer.getSafePoint())) {
                return status;
              }
              throw new KvException("garbage has been collected up to its start or later");
            });
  }

  private CompletableFuture<Void> written(Prewrites prewrites) {
    if (prewrites.onePhaseCommitTs() != 0) {
      result.complete(new CommitResult(CommitResult.Path.ONE_PHASE, prewrites.onePhaseCommitTs()));
      return CompletableFuture.completedFuture(null);
    }
    long commitTs = prewrites.asyncCommitTs();
    if (commitTs != 0) {
      result.complete(new CommitResult(CommitResult.Path.ASYNC, commitTs));
      env.background.track("commit", commitAll(commitTs, true));
      return CompletableFuture.completedFuture(null);
    }
    Backoff backoff = env.writeBudget(null, "commit");
    return commitPrimary(backoff)
        .handle(
            (primaryCommitTs, failure) -> {
              if (failure != null) {
                return primaryFailed(prewrites, Await.failure(failure), backoff);
              }
              result.complete(new CommitResult(CommitResult.Path.TWO_PHASE, primaryCommitTs));
              env.background.track("commit", commitAll(primaryCommitTs, false));
              return CompletableFuture.<Void>completedFuture(null);
            })
        .thenCompose(next -> next);
  }

  private CompletableFuture<Void> primaryFailed(
      Prewrites prewrites, KvException failure, Backoff backoff) {
    if (backoff.isAnswerLost()) {
      return settle(CommitResult.Path.TWO_PHASE, failure);
    }
    if (prewrites.mayHaveCommitted()) {
      return settle(prewrites.shortCut(), failure); // before the region was split, for example
    }
    env.background.track("rollback", rollback());
    throw failure;
  }

  /** Commits the primary, with what its chunk has in the same region; gives the timestamp. */
  private CompletableFuture<Long> commitPrimary(Backoff backoff) {
    return env.pd
        .timestamp()
        .thenCompose(
            commitTs ->
                env.router
                    .send(
                        KvCall.COMMIT,
                        TxnEnvironment.stored(plan.primary()),
                        RegionCache.Side.AT,
                        region -> {
                          withPrimary = withPrimary(region);
                          return commitRequest(region, withPrimary, commitTs, false);
                        },
                        backoff)
                    .thenCompose(reply -> primaryAnswered(reply.response(), commitTs, backoff)));
  }

  private CompletableFuture<Long> primaryAnswered(
      CommitResponse response, long commitTs, Backoff backoff) {
    if (!response.hasError()) {
      // An earlier attempt, in one phase, may have committed it: then that timestamp holds.
      long told = response.getCommitVersion();
      return CompletableFuture.completedFuture(told == 0 ? commitTs : told);
    }
    if (response.getError().hasCommitTsExpired()) {
      // A reader was faster: the transaction has to commit after it. Nothing is committed yet.
      return backoff
          .pause(Backoff.Kind.LOCK_RESOLVED, "the commit timestamp is too small for a reader")
          .thenCompose(over -> commitPrimary(backoff));
    }
    backoff.clearLostAnswer(); // the store knows: it is not committed
    return CompletableFuture.failedFuture(KeyErrors.exception(response.getError(), plan.startTs()));
  }

  /** The keys of the primary's chunk that {@code region} holds, the primary among them. */
  private List<TxnMutation> withPrimary(CachedRegion region) {
    for (CommitPlan.Chunk chunk : chunks) {
      boolean holdsPrimary =
          chunk.mutations().stream().anyMatch(each -> each.key().equals(plan.primary()));
      if (holdsPrimary) {
        return chunk.mutations().stream()
            .filter(each -> each.leavesLock() && region.holds(each.stored()))
            .toList();
      }
    }
    throw new IllegalStateException("no mutation for the primary key " + plan.primary());
  }

  private CommitRequest commitRequest(
      CachedRegion region, List<TxnMutation> part, long commitTs, boolean async) {
    CommitRequest.Builder request =
        CommitRequest.newBuilder()
            .setContext(region.context())
            .setStartVersion(plan.startTs())
            .setCommitVersion(commitTs)
            .setPrimaryKey(wire(plan.primary()))
            .setUseAsyncCommit(async);
    part.forEach(mutation -> request.addKeys(wire(mutation.key())));
    return request.build();
  }

  /** Commits all keys that were not committed with the primary. */
  private CompletableFuture<Void> commitAll(long commitTs, boolean async) {
    List<List<TxnMutation>> left = new ArrayList<>();
    Set<TxnMutation> done = Collections.newSetFromMap(new IdentityHashMap<>());
    done.addAll(withPrimary);
    for (CommitPlan.Chunk chunk : chunks) {
      List<TxnMutation> locked =
          chunk.mutations().stream()
              .filter(each -> each.leavesLock() && !done.contains(each))
              .toList();
      if (!locked.isEmpty()) {
        left.add(locked);
      }
    }
    return Lanes.run(left, part -> commitPart(part, commitTs, async));
  }

  private CompletableFuture<Void> commitPart(
      List<TxnMutation> locked, long commitTs, boolean async) {
    return env.router
        .sendGrouped(
            KvCall.COMMIT,
            locked,
            TxnMutation::stored,
            (region, part) -> commitRequest(region, part, commitTs, async),
            env.writeBudget(null, "commit of secondaries"))
        .thenAccept(
            parts ->
                parts.forEach(
                    part -> {
                      if (part.response().hasError()) {
                        throw KeyErrors.exception(part.response().getError(), plan.startTs());
                      }
                    }));
  }

  /** Removes all locks, and leaves marks that keep late requests from writing new ones. */
  private CompletableFuture<Void> rollback() {
    return Lanes.run(
        chunks,
        chunk ->
            env.router
                .sendGrouped(
                    KvCall.BATCH_ROLLBACK,
                    chunk.mutations(),
                    TxnMutation::stored,
                    (region, part) ->
                        BatchRollbackRequest.newBuilder()
                            .setContext(region.context())
                            .setStartVersion(plan.startTs())
                            .addAllKeys(
                                part.stream().map(mutation -> wire(mutation.key())).toList())
                            .build(),
                    env.writeBudget(null, "rollback"))
                .thenAccept(parts -> {}));
  }
}
