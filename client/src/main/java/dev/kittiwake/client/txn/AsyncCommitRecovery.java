package dev.kittiwake.client.txn;

import static dev.kittiwake.client.txn.TxnEnvironment.stored;

import com.google.protobuf.ByteString;
import dev.kittiwake.client.region.Backoff;
import dev.kittiwake.client.region.KvCall;
import dev.kittiwake.client.region.Part;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.proto.kvrpcpb.CheckSecondaryLocksRequest;
import dev.kittiwake.proto.kvrpcpb.CheckSecondaryLocksResponse;
import dev.kittiwake.proto.kvrpcpb.LockInfo;
import dev.kittiwake.proto.kvrpcpb.ResolveLockRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Decides an asynchronous commit whose client is gone: it is committed if and only if all its keys
 * were written, at the largest of their minimal commit timestamps. Asking a key that is not written
 * makes sure that it never will be. Thread-safe.
 */
final class AsyncCommitRecovery {
  private final TxnEnvironment env;

  AsyncCommitRecovery(TxnEnvironment env) {
    this.env = env;
  }

  /** Empty if some key was written as for an ordinary commit: then the primary decides. */
  CompletableFuture<Optional<TxnStatus>> decide(
      LockInfo met, LockInfo primaryLock, Backoff backoff) {
    List<Key> secondaries = new ArrayList<>();
    for (ByteString key : primaryLock.getSecondariesList()) {
      secondaries.add(Key.wrap(key.toByteArray()));
    }
    long startTs = met.getLockVersion();
    return env.router
        .sendGrouped(
            KvCall.CHECK_SECONDARY_LOCKS,
            secondaries,
            TxnEnvironment::stored,
            (region, keys) ->
                CheckSecondaryLocksRequest.newBuilder()
                    .setContext(region.context())
                    .setStartVersion(startTs)
                    .addAllKeys(keys.stream().map(TxnEnvironment::wire).toList())
                    .build(),
            backoff)
        .thenApply(parts -> combine(parts, primaryLock, startTs))
        .thenApply(
            decided -> {
              decided.ifPresent(status -> finish(met, secondaries, status));
              return decided;
            });
  }

  private static Optional<TxnStatus> combine(
      List<Part<Key, CheckSecondaryLocksResponse>> parts, LockInfo primaryLock, long startTs) {
    long commitTs = primaryLock.getMinCommitTs();
    boolean missing = false;
    for (Part<Key, CheckSecondaryLocksResponse> part : parts) {
      CheckSecondaryLocksResponse response = part.response();
      if (response.hasError()) {
        throw KeyErrors.exception(response.getError(), startTs);
      }
      if (response.getCommitTs() != 0) {
        return Optional.of(new TxnStatus.Committed(response.getCommitTs()));
      }
      missing |= response.getLocksCount() < part.items().size();
      for (LockInfo lock : response.getLocksList()) {
        if (!lock.getUseAsyncCommit()) {
          return Optional.empty();
        }
        commitTs = Timestamp.max(commitTs, lock.getMinCommitTs());
      }
    }
    return Optional.of(
        missing ? new TxnStatus.RolledBack(true) : new TxnStatus.Committed(commitTs));
  }

  /** Makes the decision last: on the primary and on all secondaries. */
  private void finish(LockInfo met, List<Key> secondaries, TxnStatus status) {
    long commitTs =
        status instanceof TxnStatus.Committed ? ((TxnStatus.Committed) status).commitTs() : 0;
    List<Key> all = new ArrayList<>(secondaries);
    all.add(Key.wrap(met.getPrimaryLock().toByteArray()));
    Backoff own = env.writeBudget(null, "finishing an asynchronous commit");
    env.background.track(
        "asynchronous commit of a dead client",
        env.router.sendGrouped(
            KvCall.RESOLVE_LOCK,
            all,
            key -> stored(key),
            (region, keys) ->
                ResolveLockRequest.newBuilder()
                    .setContext(region.context())
                    .setStartVersion(met.getLockVersion())
                    .setCommitVersion(commitTs)
                    .addAllKeys(keys.stream().map(TxnEnvironment::wire).toList())
                    .build(),
            own));
  }
}
