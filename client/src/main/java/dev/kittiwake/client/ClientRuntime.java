package dev.kittiwake.client;

import dev.kittiwake.proto.Wiring;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Where a client's time, chance and threads come from.
 *
 * @param nanos elapsed time, as {@code System::nanoTime}
 * @param timer runs short tasks later; must not be blocked
 * @param background runs work that no caller waits for, and what follows a pause
 * @param random jitter of back-offs; guarded by its own monitor
 * @param await how a blocking façade waits
 * @param pauses those that callers wait for now
 * @param shutdown called once when the client is closed
 */
public record ClientRuntime(
    LongSupplier nanos,
    ScheduledExecutorService timer,
    Executor background,
    RandomGenerator random,
    Await await,
    Pauses pauses,
    Runnable shutdown) {

  /** Of parts that somebody else ends. */
  public ClientRuntime(
      LongSupplier nanos,
      ScheduledExecutorService timer,
      Executor background,
      RandomGenerator random,
      Await await,
      Runnable shutdown) {
    this(nanos, timer, background, random, await, new Pauses(), shutdown);
  }

  /** The machine's clock, and daemon threads that live until the client is closed. */
  @Wiring
  public static ClientRuntime production() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(1, daemons("kittiwake-client-timer"));
    timer.setRemoveOnCancelPolicy(true);
    ThreadPoolExecutor background =
        new ThreadPoolExecutor(
            2,
            2,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            daemons("kittiwake-client-background"));
    background.allowCoreThreadTimeOut(true);
    return new ClientRuntime(
        System::nanoTime,
        timer,
        background,
        new SplittableRandom(),
        Await.BLOCKING,
        () -> {
          timer.shutdownNow();
          background.shutdown();
        });
  }

  @Wiring
  private static ThreadFactory daemons(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * Completes after {@code millis}, on the background executor; at once if that is 0. Fails when
   * the client is closed.
   */
  public CompletableFuture<Void> pause(long millis) {
    if (millis <= 0) {
      return CompletableFuture.completedFuture(null);
    }
    return pauses.start(millis, timer, background);
  }

  /** Ends what callers wait for, then everything else. */
  public void close() {
    pauses.end();
    shutdown.run();
  }

  /** A random number in {@code [0, bound)}; 0 if the bound is 0. */
  public long below(long bound) {
    synchronized (random) {
      return bound <= 0 ? 0 : random.nextLong(bound);
    }
  }

  /** Waits for {@code future} without a timeout. */
  public <T> T await(CompletableFuture<T> future) {
    return await.await(future, Await.FOREVER);
  }
}
