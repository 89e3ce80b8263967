package dev.kittiwake.kv.region;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jctools.queues.MpscUnboundedArrayQueue;

/**
 * Runs the tasks of one store one after another, in rounds: first everything that has arrived, then
 * the work that it caused ({@code endOfRound}). Any executor may lend the thread; there is never
 * more than one round at a time, and each sees what the rounds before it wrote.
 */
final class StoreLoop implements Executor {
  private static final int TASKS_PER_ROUND = 4096;

  private final Executor thread;
  private final BooleanSupplier endOfRound;
  private final Consumer<Throwable> failed;
  private final MpscUnboundedArrayQueue<Runnable> tasks = new MpscUnboundedArrayQueue<>(1024);
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final AtomicInteger bounded = new AtomicInteger(); // tasks of offer() not yet run
  private volatile boolean stopped;

  /**
   * @param endOfRound answers whether there is more to do at once
   * @param failed told of what a task threw; the loop goes on
   */
  StoreLoop(Executor thread, BooleanSupplier endOfRound, Consumer<Throwable> failed) {
    this.thread = thread;
    this.endOfRound = endOfRound;
    this.failed = failed;
  }

  /** Adds a task of the store itself: never refused. */
  @Override
  public void execute(Runnable task) {
    tasks.offer(task);
    schedule();
  }

  /** Adds a task from outside; answers false, and does nothing, if {@code limit} wait already. */
  boolean offer(Runnable task, int limit) {
    if (stopped || bounded.get() >= limit) {
      return false;
    }
    bounded.incrementAndGet();
    tasks.offer(
        () -> {
          bounded.decrementAndGet();
          task.run();
        });
    schedule();
    return true;
  }

  /** What is queued is still run, nothing from outside is taken any more. */
  void stop() {
    stopped = true;
  }

  /** Whether nothing from outside is taken any more. */
  boolean isStopped() {
    return stopped;
  }

  private void schedule() {
    if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
      thread.execute(this::round);
    }
  }

  private void round() {
    for (int i = 0; i < TASKS_PER_ROUND; i++) {
      Runnable task = tasks.poll();
      if (task == null) {
        break;
      }
      guarded(task);
    }
    boolean[] more = new boolean[1];
    guarded(() -> more[0] = endOfRound.getAsBoolean());
    if (more[0] || !tasks.isEmpty()) {
      thread.execute(this::round);
      return;
    }
    scheduled.set(false);
    if (!tasks.isEmpty()) {
      schedule();
    }
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (Throwable failure) { // errors too: the owner decides, the loop goes on
      failed.accept(failure);
    }
  }
}
