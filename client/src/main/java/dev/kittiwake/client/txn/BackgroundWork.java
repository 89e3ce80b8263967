package dev.kittiwake.client.txn;

import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that no caller waits for: secondaries of committed transactions, locks to give back. When it
 * fails nothing is wrong yet: whoever meets the locks resolves them. Thread-safe.
 */
final class BackgroundWork {
  private static final Logger LOG = LoggerFactory.getLogger(BackgroundWork.class);

  private int running; // guarded by this
  private CompletableFuture<Void> idle = CompletableFuture.completedFuture(null); // guarded by this

  void track(String what, CompletableFuture<?> work) {
    if (work.isDone() && !work.isCompletedExceptionally()) {
      return;
    }
    synchronized (this) {
      if (running++ == 0) {
        idle = new CompletableFuture<>();
      }
    }
    work.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            LOG.debug("background {} failed: {}", what, failure.toString());
          }
          CompletableFuture<Void> finished = null;
          synchronized (this) {
            if (--running == 0) {
              finished = idle;
            }
          }
          if (finished != null) {
            finished.complete(null);
          }
        });
  }

  /** Completes when nothing runs. */
  synchronized CompletableFuture<Void> idle() {
    return idle;
  }
}
