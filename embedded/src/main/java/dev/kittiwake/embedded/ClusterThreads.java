package dev.kittiwake.embedded;

import dev.kittiwake.proto.Wiring;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that the stores of one JVM share; daemons, named after their role. */
@Wiring
final class ClusterThreads implements AutoCloseable {
  private static final int BACKGROUND_THREADS = 4;
  private static final long STOP_SECONDS = 10;

  private final List<ExecutorService> owned = Collections.synchronizedList(new ArrayList<>());
  private final ScheduledThreadPoolExecutor timer;
  private final ExecutorService background;
  private final ExecutorService requests;

  ClusterThreads() {
    timer = new ScheduledThreadPoolExecutor(1, named("cluster-timer"));
    timer.setRemoveOnCancelPolicy(true);
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            BACKGROUND_THREADS,
            BACKGROUND_THREADS,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            named("cluster-background"));
    pool.allowCoreThreadTimeOut(true);
    background = pool;
    requests = Executors.newFixedThreadPool(2, named("cluster-requests"));
    owned.add(timer);
    owned.add(background);
    owned.add(requests);
  }

  /** Short tasks, later. */
  ScheduledExecutorService timer() {
    return timer;
  }

  /** Slow work: syncing engines, snapshots, reports. */
  Executor background() {
    return background;
  }

  /** Requests that had to wait, and scans that came over the network. */
  Executor requests() {
    return requests;
  }

  /**
   * One thread of its own. What comes after its end is dropped, as in a store that is a process:
   * slow work that is just done must not fail at a store that has stopped meanwhile.
   */
  ExecutorService single(String name) {
    ExecutorService thread =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            named(name),
            new ThreadPoolExecutor.DiscardPolicy());
    owned.add(thread);
    return thread;
  }

  static ThreadFactory named(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + count.getAndIncrement());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Ends {@code thread} after what it has begun. */
  static void stop(ExecutorService thread) {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    List.copyOf(owned).forEach(ClusterThreads::stop);
  }
}
