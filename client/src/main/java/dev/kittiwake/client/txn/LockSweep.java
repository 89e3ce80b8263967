package dev.kittiwake.client.txn;

import static dev.kittiwake.client.txn.TxnEnvironment.stored;
import static dev.kittiwake.client.txn.TxnEnvironment.wire;

import dev.kittiwake.client.region.Backoff;
import dev.kittiwake.client.region.KvCall;
import dev.kittiwake.client.region.Reply;
import dev.kittiwake.client.region.UserKeys;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.proto.kvrpcpb.LockInfo;
import dev.kittiwake.proto.kvrpcpb.ScanLockRequest;
import dev.kittiwake.proto.kvrpcpb.ScanLockResponse;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Looks at every lock of the cluster whose transaction began at or before some timestamp, region by
 * region, and removes those of finished and dead transactions. What must be done before versions
 * below that timestamp are collected: a lock may still become a write there.
 *
 * <p>One sweep; its requests follow one after another.
 */
final class LockSweep {
  private static final int LOCKS_PER_REQUEST = 1024;

  private final TxnEnvironment env;
  private final long maxTs;
  private long removed;
  private long oldestAlive = Timestamp.MAX;

  LockSweep(TxnEnvironment env, long maxTs) {
    this.env = env;
    this.maxTs = maxTs;
  }

  /** Goes over all keys; fails if a region cannot be asked within its budget. */
  CompletableFuture<SweptLocks> run() {
    return from(Key.EMPTY).thenApply(done -> new SweptLocks(removed, oldestAlive));
  }

  private CompletableFuture<Void> from(Key start) {
    Backoff backoff = env.writeBudget(null, "sweeping locks");
    return page(start, backoff)
        .thenCompose(
            next ->
                next == null ? CompletableFuture.<Void>completedFuture(null) : continueAt(next));
  }

  /** On another thread: thousands of regions must not become a stack of their calls. */
  private CompletableFuture<Void> continueAt(Key next) {
    CompletableFuture<Void> turn = new CompletableFuture<>();
    env.runtime.timer().execute(() -> turn.complete(null));
    return turn.thenCompose(go -> from(next));
  }

  /** Where to go on, or null at the end. */
  private CompletableFuture<Key> page(Key start, Backoff backoff) {
    return env.router
        .send(
            KvCall.SCAN_LOCK,
            stored(start),
            context ->
                ScanLockRequest.newBuilder()
                    .setContext(context)
                    .setMaxVersion(maxTs)
                    .setStartKey(wire(start))
                    .setLimit(LOCKS_PER_REQUEST)
                    .build(),
            backoff)
        .thenCompose(reply -> clear(start, reply, backoff));
  }

  private CompletableFuture<Key> clear(Key start, Reply<ScanLockResponse> reply, Backoff backoff) {
    ScanLockResponse response = reply.response();
    if (response.getError().hasLocked()) {
      // A commit in flight, known to its leader only: it is a lock or gone in a moment.
      return backoff
          .pause(Backoff.Kind.LOCK, "a commit is in flight")
          .thenCompose(again -> page(start, backoff));
    }
    if (response.hasError()) {
      throw KeyErrors.exception(response.getError(), maxTs);
    }
    List<LockInfo> locks = response.getLocksList();
    return env.resolver
        .clear(locks, backoff)
        .thenApply(
            alive -> {
              removed += locks.size() - alive.size();
              for (LockInfo lock : alive) {
                if (Timestamp.isBefore(lock.getLockVersion(), oldestAlive)) {
                  oldestAlive = lock.getLockVersion();
                }
              }
              return next(reply, locks);
            });
  }

  private static Key next(Reply<ScanLockResponse> reply, List<LockInfo> locks) {
    if (locks.size() >= LOCKS_PER_REQUEST) {
      byte[] last = locks.get(locks.size() - 1).getKey().toByteArray();
      return Key.wrap(Arrays.copyOf(last, last.length + 1));
    }
    byte[] end = reply.region().end();
    return end.length == 0 ? null : UserKeys.atOrAbove(end);
  }
}
