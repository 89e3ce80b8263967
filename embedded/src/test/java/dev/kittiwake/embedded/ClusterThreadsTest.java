package dev.kittiwake.embedded;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ClusterThreadsTest {
  @Test
  void whatComesAfterTheEndIsDropped() {
    try (ClusterThreads threads = new ClusterThreads()) {
      ExecutorService loop = threads.single("loop");
      AtomicInteger done = new AtomicInteger();
      loop.execute(done::incrementAndGet);
      ClusterThreads.stop(loop);
      assertDoesNotThrow(() -> loop.execute(done::incrementAndGet));
      assertEquals(1, done.get());
    }
  }
}
