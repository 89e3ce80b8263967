package dev.kittiwake.client.txn;

import dev.kittiwake.client.CallScope;
import dev.kittiwake.client.ClientConfig;
import dev.kittiwake.client.ClientRuntime;
import dev.kittiwake.client.error.TransactionConflictException;
import dev.kittiwake.client.pd.PdClient;
import dev.kittiwake.client.region.Backoff;
import dev.kittiwake.client.region.ReadFrom;
import dev.kittiwake.client.region.RegionRouter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** See {@link TransactionClient}. */
public final class PercolatorClient implements TransactionClient, AutoCloseable {
  private static final long DRAIN_MILLIS = 2_000;

  private final TxnEnvironment env;

  public PercolatorClient(
      RegionRouter router, PdClient pd, ClientConfig config, ClientRuntime runtime) {
    this.env = new TxnEnvironment(router, pd, config, runtime);
  }

  @Override
  public Transaction begin(TransactionOptions options) {
    return new PercolatorTransaction(env, options);
  }

  @Override
  public Snapshot snapshot(long ts) {
    return snapshot(ts, ReadFrom.LEADER);
  }

  @Override
  public Snapshot snapshot(long ts, ReadFrom from) {
    return new CommittedSnapshot(env, new CallScope(env.runtime), ts, from);
  }

  @Override
  public Snapshot latestSnapshot() {
    return snapshot(currentTimestamp());
  }

  @Override
  public long currentTimestamp() {
    return env.runtime.await(env.pd.timestamp());
  }

  /**
   * Removes the locks of all finished and dead transactions that began at or before {@code maxTs},
   * over all keys. For garbage collection: nothing else needs to wait for it.
   */
  public CompletableFuture<SweptLocks> sweepLocks(long maxTs) {
    return new LockSweep(env, maxTs).run();
  }

  @Override
  public <T> T run(Function<Transaction, T> work) {
    return run(TransactionOptions.pessimistic(), work);
  }

  @Override
  public <T> T run(TransactionOptions options, Function<Transaction, T> work) {
    Backoff backoff = env.writeBudget(null, "transaction");
    while (true) {
      try (Transaction transaction = begin(options)) {
        T answer = work.apply(transaction);
        transaction.commit();
        return answer;
      } catch (TransactionConflictException e) {
        env.runtime.await(
            backoff.pause(Backoff.Kind.LOCK_RESOLVED, -1, e.getMessage(), message -> e));
      }
    }
  }

  /** Waits a moment for work that goes on in the background, then ends heartbeats. */
  @Override
  public void close() {
    CompletableFuture<Void> idle = env.background.idle().copy();
    if (!idle.isDone()) {
      env.runtime.timer().schedule(() -> idle.complete(null), DRAIN_MILLIS, TimeUnit.MILLISECONDS);
      env.runtime.await(idle);
    }
    env.heartbeats.close();
  }
}
