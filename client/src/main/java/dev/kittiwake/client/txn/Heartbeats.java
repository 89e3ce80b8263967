package dev.kittiwake.client.txn;

import static dev.kittiwake.client.txn.TxnEnvironment.stored;
import static dev.kittiwake.client.txn.TxnEnvironment.wire;

import dev.kittiwake.client.region.KvCall;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.TxnHeartBeatRequest;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Keeps the locks of living transactions alive: extends the ttl of their primary locks. One timer
 * for all; it stops while there is nothing to keep alive. Thread-safe.
 */
final class Heartbeats {
  /** A transaction whose locks are kept alive until it is closed. */
  final class Beating implements AutoCloseable {
    private final long startTs;
    private final Key primary;
    private final long begunNanos;
    private volatile long lastNanos;

    private Beating(long startTs, Key primary, long begunNanos) {
      this.startTs = startTs;
      this.primary = primary;
      this.begunNanos = begunNanos;
      this.lastNanos = env.runtime.nanos().getAsLong();
    }

    @Override
    public void close() {
      beating.remove(startTs, this);
    }
  }

  private final TxnEnvironment env;
  private final Map<Long, Beating> beating = new ConcurrentHashMap<>(); // by start timestamp
  private final AtomicBoolean ticking = new AtomicBoolean(); // a tick is scheduled
  private volatile boolean closed;

  Heartbeats(TxnEnvironment env) {
    this.env = env;
  }

  /**
   * @param begunNanos when the transaction began: the life of locks counts from there
   */
  Beating start(long startTs, Key primary, long begunNanos) {
    Beating transaction = new Beating(startTs, primary, begunNanos);
    beating.put(startTs, transaction);
    tickSoon();
    return transaction;
  }

  void close() {
    closed = true;
    beating.clear();
  }

  private void tickSoon() {
    if (!closed && ticking.compareAndSet(false, true)) {
      long every = Math.max(10, env.config.transactions().heartbeatMillis() / 8);
      env.runtime
          .timer()
          .schedule(
              () -> env.runtime.background().execute(this::tick), every, TimeUnit.MILLISECONDS);
    }
  }

  private void tick() {
    ticking.set(false);
    long now = env.runtime.nanos().getAsLong();
    long interval = TimeUnit.MILLISECONDS.toNanos(env.config.transactions().heartbeatMillis());
    for (Beating transaction : beating.values()) {
      if (now - transaction.lastNanos >= interval) {
        transaction.lastNanos = now;
        beat(transaction, now);
      }
    }
    if (!beating.isEmpty()) {
      tickSoon();
    }
  }

  private void beat(Beating transaction, long now) {
    long aliveMillis = TimeUnit.NANOSECONDS.toMillis(now - transaction.begunNanos);
    if (aliveMillis > env.config.transactions().maxLifeMillis()) {
      transaction.close();
      return;
    }
    long ttl = aliveMillis + env.config.transactions().lockTtlMillis();
    CompletableFuture<Void> beat =
        env.router
            .send(
                KvCall.TXN_HEART_BEAT,
                stored(transaction.primary),
                context ->
                    TxnHeartBeatRequest.newBuilder()
                        .setContext(context)
                        .setPrimaryLock(wire(transaction.primary))
                        .setStartVersion(transaction.startTs)
                        .setAdviseLockTtl(ttl)
                        .build(),
                env.writeBudget(null, "heartbeat"))
            .thenAccept(
                reply -> {
                  if (reply.response().hasError()) {
                    transaction.close(); // the lock is gone: committed, or rolled back by others
                  }
                });
    env.background.track("heartbeat", beat);
  }
}
