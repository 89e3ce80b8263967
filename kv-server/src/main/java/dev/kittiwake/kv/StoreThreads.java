package dev.kittiwake.kv;

import dev.kittiwake.proto.Wiring;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The threads of one store in production, named by what they do. */
@Wiring
final class StoreThreads implements AutoCloseable {
  private final SpinningThread loop;
  private final SpinningThread logWriter;
  private final SpinningThread apply; // null = on the loop
  private final ExecutorService background;
  private final ScheduledThreadPoolExecutor timer;
  private final StoreRuntime runtime;

  /**
   * @param seed of the elections' randomness; logged by whoever draws it
   * @param failed told of what a task of the loop, the log or the apply thread throws
   */
  StoreThreads(KvConfig config, String name, long seed, Consumer<Throwable> failed) {
    long spin = config.nanos(KvSetting.LOOP_SPIN);
    boolean inline = config.flag(KvSetting.APPLY_INLINE);
    this.loop = new SpinningThread(named(name + "-loop"), spin, failed);
    this.logWriter = new SpinningThread(named(name + "-log-writer"), 0, failed);
    this.apply = inline ? null : new SpinningThread(named(name + "-apply"), 0, failed);
    this.background = Executors.newFixedThreadPool(2, named(name + "-background"));
    this.timer = new ScheduledThreadPoolExecutor(1, named(name + "-timer"));
    timer.setRemoveOnCancelPolicy(true);
    Executor applying = inline ? Runnable::run : apply;
    this.runtime =
        new StoreRuntime(
            loop,
            applying,
            background,
            timer,
            System::nanoTime,
            InstantSource.system(),
            new SplittableRandom(seed));
  }

  StoreRuntime runtime() {
    return runtime;
  }

  Executor logWriter() {
    return logWriter;
  }

  ScheduledExecutorService timer() {
    return timer;
  }

  static ThreadFactory named(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      int number = count.getAndIncrement();
      Thread thread = new Thread(task, number == 0 ? name : name + "-" + number);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Ends all threads; what was queued on loop, log writer and apply is run first. */
  @Override
  public void close() {
    timer.shutdownNow();
    background.shutdown();
    try {
      if (!background.awaitTermination(5, TimeUnit.SECONDS)) {
        background.shutdownNow();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    loop.close();
    if (apply != null) {
      apply.close();
    }
    logWriter.close();
  }
}
