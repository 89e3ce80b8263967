package dev.kittiwake.kv;

import dev.kittiwake.proto.Wiring;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jctools.queues.MpscUnboundedArrayQueue;

/**
 * One thread that runs tasks in order and looks for more for a while before it sleeps: waking a
 * thread on another core costs more than the task that it is woken for.
 */
@Wiring
final class SpinningThread implements Executor, AutoCloseable {
  private final MpscUnboundedArrayQueue<Runnable> tasks = new MpscUnboundedArrayQueue<>(256);
  private final long spinNanos;
  private final Consumer<Throwable> failed;
  private final Thread thread;
  private volatile boolean sleeping;
  private volatile boolean closed;

  /**
   * @param failed told of what a task throws; the tasks after it are run all the same, for others
   *     wait for them
   */
  SpinningThread(ThreadFactory threads, long spinNanos, Consumer<Throwable> failed) {
    this.spinNanos = spinNanos;
    this.failed = failed;
    this.thread = threads.newThread(this::loop);
    thread.start();
  }

  @Override
  public void execute(Runnable task) {
    tasks.offer(task);
    if (sleeping) {
      LockSupport.unpark(thread);
    }
  }

  private void loop() {
    while (true) {
      Runnable task = tasks.poll();
      if (task != null) {
        run(task);
      } else if (closed) {
        return;
      } else {
        idle();
      }
    }
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (Throwable failure) { // errors too: a thread that is gone would be missed by nobody
      failed.accept(failure);
    }
  }

  private void idle() {
    if (spinNanos > 0) {
      long until = System.nanoTime() + spinNanos;
      while (tasks.isEmpty() && System.nanoTime() - until < 0) {
        Thread.onSpinWait();
      }
    }
    sleeping = true;
    // Seen again after the flag: a task that came before it would find nobody to wake.
    if (tasks.isEmpty() && !closed) {
      LockSupport.park(this);
    }
    sleeping = false;
  }

  /** Runs what is queued, then ends the thread; waits for it unless called on it. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    if (Thread.currentThread() != thread) {
      boolean interrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException again) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
