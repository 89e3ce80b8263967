package dev.kittiwake.pd;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/** A member's thread; a task that fails breaks a promise of the code, and stops the member. */
final class PdLoop extends ScheduledThreadPoolExecutor {
  private volatile Consumer<Throwable> onBroken = cause -> {};
  private boolean broken; // confined to the loop

  PdLoop(ThreadFactory threads) {
    super(1, threads);
  }

  void onBroken(Consumer<Throwable> stop) {
    onBroken = stop;
  }

  @Override
  protected void afterExecute(Runnable task, Throwable thrown) {
    super.afterExecute(task, thrown);
    Throwable cause = thrown;
    if (task instanceof Future && ((Future<?>) task).isDone()) {
      try {
        ((Future<?>) task).get();
      } catch (ExecutionException e) {
        cause = e.getCause();
      } catch (CancellationException e) {
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    if (cause != null && !broken) {
      broken = true;
      onBroken.accept(cause);
    }
  }
}
