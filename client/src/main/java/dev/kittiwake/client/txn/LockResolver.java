package dev.kittiwake.client.txn;

import static dev.kittiwake.client.txn.TxnEnvironment.stored;

import dev.kittiwake.client.region.Backoff;
import dev.kittiwake.client.region.KvCall;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.proto.kvrpcpb.KeyError;
import dev.kittiwake.proto.kvrpcpb.LockInfo;
import dev.kittiwake.proto.kvrpcpb.Op;
import dev.kittiwake.proto.kvrpcpb.PessimisticRollbackRequest;
import dev.kittiwake.proto.kvrpcpb.ResolveLockRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Deals with locks of other transactions that are in the way. The primary key of a transaction
 * tells what became of it: a lock of a finished transaction is committed or rolled back on its
 * behalf, one of a living transaction has to be waited for, one of a dead client is rolled back
 * once it expires. Percolator §2.3. Thread-safe.
 */
final class LockResolver {
  /** A transaction with fewer locks than this in a region gets them resolved one by one. */
  private static final int LITE_BELOW = 16;

  private final TxnEnvironment env;
  private final TxnStatusCheck statuses;
  private final AsyncCommitRecovery recovery;

  LockResolver(TxnEnvironment env) {
    this.env = env;
    this.statuses = new TxnStatusCheck(env);
    this.recovery = new AsyncCommitRecovery(env);
  }

  /**
   * Resolves what a reader at {@code readTs} met. Finished transactions are noted in {@code hints},
   * so that the reader can go on at once, and their locks are removed in the background.
   *
   * @return how long the longest-living of the other locks will live, in milliseconds; 0 if the
   *     reader may try again at once
   */
  CompletableFuture<Long> forRead(
      List<LockInfo> locks, long readTs, ReadHints hints, Backoff backoff) {
    List<CompletableFuture<Long>> answers = new ArrayList<>();
    for (LockInfo lock : locks) {
      answers.add(
          status(lock, readTs, backoff)
              .thenApply(status -> noteForReader(lock, status, readTs, hints)));
    }
    return largest(answers);
  }

  private long noteForReader(LockInfo lock, TxnStatus status, long readTs, ReadHints hints) {
    long startTs = lock.getLockVersion();
    if (status instanceof TxnStatus.Alive) {
      TxnStatus.Alive alive = (TxnStatus.Alive) status;
      if (alive.pushed()) {
        hints.ignore(startTs);
        return 0;
      }
      return Math.max(1, alive.remainingMillis());
    }
    if (status instanceof TxnStatus.Committed
        && !Timestamp.isAfter(((TxnStatus.Committed) status).commitTs(), readTs)) {
      hints.readAsCommitted(startTs);
    } else {
      hints.ignore(startTs);
    }
    Backoff own = env.writeBudget(null, "resolving locks");
    env.background.track("lock resolution", release(lock, status, own));
    return 0;
  }

  /**
   * Resolves what a writer met; locks of finished transactions are gone when this completes.
   *
   * @return as {@link #forRead}
   */
  CompletableFuture<Long> forWrite(List<LockInfo> locks, Backoff backoff) {
    List<CompletableFuture<Long>> answers = new ArrayList<>();
    for (LockInfo lock : locks) {
      answers.add(
          status(lock, 0, backoff)
              .thenCompose(
                  status ->
                      status instanceof TxnStatus.Alive
                          ? CompletableFuture.completedFuture(
                              Math.max(1, ((TxnStatus.Alive) status).remainingMillis()))
                          : release(lock, status, backoff).thenApply(done -> 0L)));
    }
    return largest(answers);
  }

  /**
   * Removes those of the locks whose transactions are finished or dead.
   *
   * @return the others
   */
  CompletableFuture<List<LockInfo>> clear(List<LockInfo> locks, Backoff backoff) {
    List<LockInfo> alive = Collections.synchronizedList(new ArrayList<>());
    List<CompletableFuture<Void>> answers = new ArrayList<>();
    for (LockInfo lock : locks) {
      answers.add(
          status(lock, 0, backoff)
              .thenCompose(
                  status -> {
                    if (!(status instanceof TxnStatus.Alive)) {
                      return release(lock, status, backoff);
                    }
                    alive.add(lock);
                    return CompletableFuture.completedFuture(null);
                  }));
    }
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenApply(done -> List.copyOf(alive));
  }

  /**
   * Ends the doubt about a transaction of this client: afterwards it is committed or rolled back
   * for good, whatever requests of it are still under way. Its locks are not regarded as alive.
   *
   * @return {@link TxnStatus.Committed} or {@link TxnStatus.RolledBack}
   */
  CompletableFuture<TxnStatus> settle(long startTs, Key primary, Backoff backoff) {
    LockInfo lock =
        LockInfo.newBuilder()
            .setKey(TxnEnvironment.wire(primary))
            .setPrimaryLock(TxnEnvironment.wire(primary))
            .setLockVersion(startTs) // and no ttl: it may be rolled back although it is alive
            .build();
    return status(lock, 0, backoff);
  }

  private static CompletableFuture<Long> largest(List<CompletableFuture<Long>> answers) {
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenApply(done -> answers.stream().mapToLong(CompletableFuture::join).max().orElse(0));
  }

  /** The transaction's state; an asynchronous commit whose client died is decided first. */
  private CompletableFuture<TxnStatus> status(LockInfo lock, long callerTs, Backoff backoff) {
    return statuses
        .check(lock, callerTs, false, backoff)
        .thenCompose(
            status -> {
              if (!(status instanceof TxnStatus.Alive)) {
                return CompletableFuture.completedFuture(status);
              }
              TxnStatus.Alive alive = (TxnStatus.Alive) status;
              if (!alive.isAsyncCommit() || alive.remainingMillis() > 0) {
                return CompletableFuture.completedFuture(status);
              }
              return recovery
                  .decide(lock, alive.primaryLock(), backoff)
                  .thenCompose(
                      decided ->
                          decided
                              .<CompletableFuture<TxnStatus>>map(
                                  known -> {
                                    statuses.remember(lock.getLockVersion(), known);
                                    return CompletableFuture.completedFuture(known);
                                  })
                              .orElseGet(() -> statuses.check(lock, callerTs, true, backoff)));
            });
  }

  /** Removes one lock (or all of its transaction in the region) of a finished transaction. */
  private CompletableFuture<Void> release(LockInfo lock, TxnStatus status, Backoff backoff) {
    if (lock.getLockType() == Op.PessimisticLock) {
      return releasePessimistic(lock, backoff);
    }
    long commitTs =
        status instanceof TxnStatus.Committed ? ((TxnStatus.Committed) status).commitTs() : 0;
    ResolveLockRequest.Builder request =
        ResolveLockRequest.newBuilder()
            .setStartVersion(lock.getLockVersion())
            .setCommitVersion(commitTs);
    if (lock.getTxnSize() < LITE_BELOW) {
      request.addKeys(lock.getKey());
    }
    ResolveLockRequest template = request.build();
    return env.router
        .send(
            KvCall.RESOLVE_LOCK,
            stored(Key.wrap(lock.getKey().toByteArray())),
            context -> template.toBuilder().setContext(context).build(),
            backoff)
        .thenAccept(reply -> check(reply.response().getError(), lock));
  }

  private CompletableFuture<Void> releasePessimistic(LockInfo lock, Backoff backoff) {
    PessimisticRollbackRequest template =
        PessimisticRollbackRequest.newBuilder()
            .setStartVersion(lock.getLockVersion())
            .setForUpdateTs(
                lock.getLockForUpdateTs() == 0 ? Long.MAX_VALUE : lock.getLockForUpdateTs())
            .addKeys(lock.getKey())
            .build();
    return env.router
        .send(
            KvCall.PESSIMISTIC_ROLLBACK,
            stored(Key.wrap(lock.getKey().toByteArray())),
            context -> template.toBuilder().setContext(context).build(),
            backoff)
        .thenAccept(reply -> reply.response().getErrorsList().forEach(error -> check(error, lock)));
  }

  /** Somebody else may have been faster; everything else is an error. */
  private static void check(KeyError error, LockInfo lock) {
    boolean gone =
        error.equals(KeyError.getDefaultInstance())
            || error.hasTxnLockNotFound()
            || error.hasLocked();
    if (!gone) {
      throw KeyErrors.exception(error, lock.getLockVersion());
    }
  }
}
