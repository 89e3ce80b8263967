package dev.kittiwake.simulation.time;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Timer and thread of one life of a machine; delays count on the machine's own clock. */
final class MachineTimer extends AbstractExecutorService implements ScheduledExecutorService {
  private final Machine machine;
  private final int life;
  private final String role;
  private long last; // when the task queued last for at once will run

  MachineTimer(Machine machine, String role) {
    this.machine = machine;
    this.life = machine.life();
    this.role = role;
  }

  private boolean isOver() {
    return !machine.isRunning() || machine.life() != life;
  }

  @Override
  public void execute(Runnable command) {
    if (!isOver()) {
      last = Math.max(last, machine.time().now() + machine.jitter());
      machine.time().add(last, machine, role, command);
    }
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    Timed timed = new Timed(command, 0);
    timed.at = machine.time().now() + machine.trueNanos(Math.max(0, unit.toNanos(delay)));
    timed.queue();
    return timed;
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable command, long initialDelay, long period, TimeUnit unit) {
    Timed timed = new Timed(command, unit.toNanos(period));
    timed.at = machine.time().now() + machine.trueNanos(unit.toNanos(initialDelay));
    timed.queue();
    return timed;
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    return scheduleAtFixedRate(command, initialDelay, delay, unit);
  }

  /** The result of the future is not the callable's: nobody asks for it. */
  @Override
  @SuppressWarnings("unchecked")
  public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
    return (ScheduledFuture<V>) schedule(() -> call(callable), delay, unit);
  }

  private static void call(Callable<?> callable) {
    try {
      callable.call();
    } catch (RuntimeException failure) {
      throw failure;
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** One task; with a period it comes again, in a burst if it is late. */
  private final class Timed extends CompletableFuture<Object> implements ScheduledFuture<Object> {
    private final Runnable command;
    private final long periodNanos; // 0 = once
    private long at;
    private Event event;

    Timed(Runnable command, long periodNanos) {
      this.command = command;
      this.periodNanos = periodNanos;
    }

    void queue() {
      if (!isOver()) {
        event = machine.time().add(at + machine.jitter(), machine, role, this::fire);
      }
    }

    private void fire() {
      if (isDone()) {
        return;
      }
      if (periodNanos > 0) {
        at += machine.trueNanos(periodNanos);
        queue();
      } else {
        complete(null);
      }
      command.run();
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
      boolean cancelled = super.cancel(mayInterrupt);
      if (cancelled && event != null) {
        event.cancelled = true;
      }
      return cancelled;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(at - machine.time().now(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }

  @Override
  public void shutdown() {
    // The tasks of a life end with it.
  }

  @Override
  public List<Runnable> shutdownNow() {
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return isOver();
  }

  @Override
  public boolean isTerminated() {
    return isOver();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return isOver();
  }
}
