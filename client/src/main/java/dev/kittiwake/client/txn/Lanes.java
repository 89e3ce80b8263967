package dev.kittiwake.client.txn;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * Runs many asynchronous tasks, a bounded number at a time. After a failure none is begun any more;
 * the result fails with the first one when those under way have ended.
 */
final class Lanes<T> {
  private static final int WIDTH = 16;

  private final List<T> items;
  private final Function<T, CompletableFuture<Void>> task;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  private Lanes(List<T> items, Function<T, CompletableFuture<Void>> task) {
    this.items = items;
    this.task = task;
  }

  static <T> CompletableFuture<Void> run(List<T> items, Function<T, CompletableFuture<Void>> task) {
    if (items.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    if (items.size() == 1) {
      return task.apply(items.get(0));
    }
    Lanes<T> lanes = new Lanes<>(items, task);
    CompletableFuture<?>[] all = new CompletableFuture<?>[Math.min(WIDTH, items.size())];
    for (int i = 0; i < all.length; i++) {
      all[i] = lanes.lane();
    }
    return CompletableFuture.allOf(all)
        .thenCompose(
            done ->
                lanes.failure.get() == null
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.failedFuture(lanes.failure.get()));
  }

  private CompletableFuture<Void> lane() {
    while (failure.get() == null) {
      int index = next.getAndIncrement();
      if (index >= items.size()) {
        break;
      }
      CompletableFuture<Void> step =
          task.apply(items.get(index))
              .exceptionally(
                  thrown -> {
                    failure.compareAndSet(null, thrown);
                    return null;
                  });
      if (!step.isDone()) {
        return step.thenCompose(done -> lane());
      }
    }
    return CompletableFuture.completedFuture(null);
  }
}
