package dev.kittiwake.kv.cluster;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongUnaryOperator;

/**
 * Executor, timer and clock in one: tasks run on the caller of {@link #runUntil}, time is a number.
 */
final class VirtualTime extends AbstractExecutorService implements ScheduledExecutorService {
  private final PriorityQueue<Task> tasks = new PriorityQueue<>();
  private long now = 1_000_000_000L;
  private long sequence;

  private final class Task extends CompletableFuture<Object> implements ScheduledFuture<Object> {
    private final Runnable action;
    private final long order = sequence++;
    private long at;

    Task(Runnable action, long at) {
      this.action = action;
      this.at = at;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(at - now, TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      Task that = (Task) other;
      return at != that.at ? Long.compare(at, that.at) : Long.compare(order, that.order);
    }
  }

  long nanos() {
    return now;
  }

  InstantSource clock() {
    return () -> Instant.ofEpochSecond(0, now);
  }

  /**
   * Runs what is due until {@code condition} holds; fails after {@code seconds} of virtual time.
   */
  void runUntil(String what, int seconds, BooleanSupplier condition) {
    long deadline = now + seconds * 1_000_000_000L;
    while (!condition.getAsBoolean()) {
      if (now > deadline || !runNext()) {
        throw new AssertionError("not within " + seconds + " virtual seconds: " + what);
      }
    }
  }

  /** Lets so much time pass. */
  void run(long millis) {
    long end = now + millis * 1_000_000;
    while (!tasks.isEmpty() && tasks.peek().at <= end) {
      runNext();
    }
    now = end;
  }

  /** So much time passes and nothing runs: the whole machine stands still. */
  void stall(long millis) {
    now += millis * 1_000_000;
  }

  /** Runs the next task, whenever it is due. */
  void step() {
    runNext();
  }

  private boolean runNext() {
    Task task = tasks.poll();
    if (task == null) {
      return false;
    }
    now = Math.max(now, task.at);
    if (!task.isCancelled()) {
      task.action.run();
    }
    return true;
  }

  @Override
  public void execute(Runnable command) {
    tasks.add(new Task(command, now));
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    Task task = new Task(command, now + unit.toNanos(delay));
    tasks.add(task);
    return task;
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException("no production code schedules callables");
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable command, long initialDelay, long period, TimeUnit unit) {
    long nanos = unit.toNanos(period);
    return repeat(command, unit.toNanos(initialDelay), due -> due + nanos);
  }

  /**
   * @param next the time of the next run by the time at which this one was due
   */
  private Task repeat(Runnable command, long delayNanos, LongUnaryOperator next) {
    Task[] holder = new Task[1];
    holder[0] =
        new Task(
            () -> {
              command.run();
              holder[0].at = next.applyAsLong(holder[0].at);
              tasks.add(holder[0]);
            },
            now + delayNanos);
    tasks.add(holder[0]);
    return holder[0];
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    long nanos = unit.toNanos(delay);
    return repeat(command, unit.toNanos(initialDelay), due -> now + nanos);
  }

  @Override
  public void shutdown() {
    tasks.clear();
  }

  @Override
  public List<Runnable> shutdownNow() {
    tasks.clear();
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return true;
  }
}
