package dev.kittiwake.pd.group;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** One queue of tasks for all loops, run in the order of their times. */
final class VirtualTime {
  private record Due(long nanos, long seq, Loop loop, Runnable task) {}

  private final PriorityQueue<Due> queue =
      new PriorityQueue<>(Comparator.comparingLong(Due::nanos).thenComparingLong(Due::seq));
  private long now = 1_000_000_000L;
  private long seq;

  long nanos() {
    return now;
  }

  Loop loop() {
    return new Loop();
  }

  void later(long millis, Runnable task) {
    queue.add(new Due(now + millis * 1_000_000, seq++, null, task));
  }

  /** Runs the next task; what belongs to a paused loop waits until it goes on. */
  private void step() {
    Due due = queue.poll();
    now = Math.max(now, due.nanos());
    if (due.loop() == null) {
      due.task().run();
    } else if (due.loop().paused) {
      due.loop().held.add(due.task());
    } else if (!due.loop().stopped) {
      due.task().run();
    }
  }

  void advance(long millis) {
    long end = now + millis * 1_000_000;
    while (!queue.isEmpty() && queue.peek().nanos() <= end) {
      step();
    }
    now = end;
  }

  /** The thread of one member. */
  final class Loop extends AbstractExecutorService implements ScheduledExecutorService {
    private final List<Runnable> held = new ArrayList<>();
    private boolean stopped;
    private boolean paused;

    /** As kill -9: nothing of it runs any more. */
    void kill() {
      stopped = true;
    }

    boolean paused() {
      return paused;
    }

    void pause() {
      paused = true;
    }

    void goOn() {
      paused = false;
      held.forEach(this::execute);
      held.clear();
    }

    @Override
    public void execute(Runnable task) {
      if (stopped) {
        throw new RejectedExecutionException("killed");
      }
      queue.add(new Due(now, seq++, this, task));
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
      return schedule(
          () -> {
            command.run();
            return null;
          },
          delay,
          unit);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
      long at = now + unit.toNanos(delay);
      Task<V> task = new Task<>(callable, at);
      queue.add(new Due(at, seq++, this, task));
      return task;
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(
        Runnable command, long initialDelay, long period, TimeUnit unit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(
        Runnable command, long initialDelay, long delay, TimeUnit unit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void shutdown() {
      stopped = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
      stopped = true;
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return stopped;
    }

    @Override
    public boolean isTerminated() {
      return stopped;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return stopped;
    }
  }

  /** A task that fails fails the test: its exception is not kept for nobody. */
  private final class Task<V> extends FutureTask<V> implements RunnableScheduledFuture<V> {
    private final long at;

    Task(Callable<V> callable, long at) {
      super(callable);
      this.at = at;
    }

    @Override
    public void run() {
      super.run();
      if (!isCancelled()) {
        try {
          get();
        } catch (Exception e) {
          throw new AssertionError("a task of a loop failed", e);
        }
      }
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(at - now, TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }

    @Override
    public boolean isPeriodic() {
      return false;
    }
  }
}
