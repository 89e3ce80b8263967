package dev.kittiwake.client.txn;

import static dev.kittiwake.client.txn.TxnEnvironment.stored;

import dev.kittiwake.client.error.LockTimeoutException;
import dev.kittiwake.client.region.Backoff;
import dev.kittiwake.client.region.KvCall;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.proto.kvrpcpb.Action;
import dev.kittiwake.proto.kvrpcpb.CheckTxnStatusRequest;
import dev.kittiwake.proto.kvrpcpb.CheckTxnStatusResponse;
import dev.kittiwake.proto.kvrpcpb.KeyError;
import dev.kittiwake.proto.kvrpcpb.LockInfo;
import dev.kittiwake.proto.kvrpcpb.Op;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Asks a transaction's primary key what became of it, and remembers final answers. Thread-safe. */
final class TxnStatusCheck {
  private static final int REMEMBERED = 2_048;

  private final TxnEnvironment env;
  private final Map<Long, TxnStatus> known = // by start timestamp; guarded by itself
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, TxnStatus> eldest) {
          return size() > REMEMBERED;
        }
      };

  TxnStatusCheck(TxnEnvironment env) {
    this.env = env;
  }

  void remember(long startTs, TxnStatus status) {
    boolean isFinal =
        status instanceof TxnStatus.Committed
            || (status instanceof TxnStatus.RolledBack
                && ((TxnStatus.RolledBack) status).forGood());
    if (isFinal) {
      synchronized (known) {
        known.put(startTs, status);
      }
    }
  }

  /**
   * @param callerTs the asking reader's timestamp, above which a living transaction is pushed; 0
   *     for a writer
   * @param forceSync treat an asynchronous commit like any other: it turned out not to be one
   */
  CompletableFuture<TxnStatus> check(
      LockInfo lock, long callerTs, boolean forceSync, Backoff backoff) {
    synchronized (known) {
      TxnStatus status = known.get(lock.getLockVersion());
      if (status != null) {
        return CompletableFuture.completedFuture(status);
      }
    }
    return ask(lock, callerTs, forceSync, false, backoff)
        .thenApply(
            status -> {
              remember(lock.getLockVersion(), status);
              return status;
            });
  }

  private CompletableFuture<TxnStatus> ask(
      LockInfo lock, long callerTs, boolean forceSync, boolean rollbackIfAbsent, Backoff backoff) {
    // A lock reported without ttl may be rolled back even if it is alive.
    CompletableFuture<Long> now =
        lock.getLockTtl() == 0
            ? CompletableFuture.completedFuture(Timestamp.MAX)
            : env.pd.timestamp();
    return now.thenCompose(
        currentTs ->
            env.router
                .send(
                    KvCall.CHECK_TXN_STATUS,
                    stored(Key.wrap(lock.getPrimaryLock().toByteArray())),
                    context ->
                        CheckTxnStatusRequest.newBuilder()
                            .setContext(context)
                            .setPrimaryKey(lock.getPrimaryLock())
                            .setLockTs(lock.getLockVersion())
                            .setCallerStartTs(callerTs)
                            .setCurrentTs(currentTs)
                            .setRollbackIfNotExist(rollbackIfAbsent)
                            .setForceSyncCommit(forceSync)
                            .setResolvingPessimisticLock(isPessimistic(lock))
                            .setVerifyIsPrimary(true)
                            .build(),
                    backoff)
                .thenCompose(
                    reply ->
                        reply.response().hasError()
                            ? refused(
                                reply.response().getError(),
                                lock,
                                callerTs,
                                forceSync,
                                currentTs,
                                backoff)
                            : CompletableFuture.completedFuture(
                                answered(reply.response(), lock, currentTs))));
  }

  private static boolean isPessimistic(LockInfo lock) {
    return lock.getLockType() == Op.PessimisticLock;
  }

  private static TxnStatus answered(
      CheckTxnStatusResponse response, LockInfo lock, long currentTs) {
    if (response.getLockTtl() != 0) {
      return new TxnStatus.Alive(
          remaining(lock.getLockVersion(), response.getLockTtl(), currentTs),
          response.getAction() == Action.MinCommitTSPushed,
          response.hasLockInfo() ? response.getLockInfo() : null);
    }
    if (response.getCommitVersion() != 0) {
      return new TxnStatus.Committed(response.getCommitVersion());
    }
    boolean onlyThisLock =
        response.getAction() == Action.LockNotExistDoNothing
            || response.getAction() == Action.TTLExpirePessimisticRollback;
    return new TxnStatus.RolledBack(!onlyThisLock);
  }

  private CompletableFuture<TxnStatus> refused(
      KeyError error,
      LockInfo lock,
      long callerTs,
      boolean forceSync,
      long currentTs,
      Backoff backoff) {
    if (error.hasPrimaryMismatch() && isPessimistic(lock)) {
      return CompletableFuture.completedFuture(new TxnStatus.RolledBack(false));
    }
    if (!error.hasTxnNotFound()) {
      return CompletableFuture.failedFuture(KeyErrors.exception(error, lock.getLockVersion()));
    }
    // The primary is not locked yet, or never will be: wait until the lock we met has expired.
    long remaining = remaining(lock.getLockVersion(), lock.getLockTtl(), currentTs);
    if (remaining <= 0) {
      return ask(lock, callerTs, forceSync, true, backoff);
    }
    if (isPessimistic(lock)) {
      return CompletableFuture.completedFuture(new TxnStatus.Alive(remaining, false, null));
    }
    return backoff
        .pause(
            Backoff.Kind.TXN_NOT_FOUND,
            -1,
            KeyErrors.describe(lock) + ", whose primary is not written",
            LockTimeoutException::new)
        .thenCompose(over -> ask(lock, callerTs, forceSync, false, backoff));
  }

  /** Milliseconds until a lock expires; 0 or less if it has. */
  static long remaining(long startTs, long ttlMillis, long currentTs) {
    if (Timestamp.isInfinite(currentTs)) {
      return 0;
    }
    return Timestamp.physicalMillis(startTs) + ttlMillis - Timestamp.physicalMillis(currentTs);
  }
}
