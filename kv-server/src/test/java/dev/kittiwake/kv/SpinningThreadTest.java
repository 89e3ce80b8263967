package dev.kittiwake.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SpinningThreadTest {
  /** A thread that ended unseen would take what waits for it along. */
  @Test
  void aTaskThatThrowsIsToldAndTheNextOnesAreRun() throws Exception {
    List<Throwable> told = new CopyOnWriteArrayList<>();
    try (SpinningThread thread =
        new SpinningThread(StoreThreads.named("spinning-test"), 0, told::add)) {
      StackOverflowError error = new StackOverflowError();
      IllegalStateException exception = new IllegalStateException();
      CompletableFuture<String> after = new CompletableFuture<>();
      thread.execute(
          () -> {
            throw error;
          });
      thread.execute(
          () -> {
            throw exception;
          });
      thread.execute(() -> after.complete("run"));
      assertEquals("run", after.get(1, TimeUnit.MINUTES));
      assertEquals(List.of(error, exception), told);
    }
  }
}
