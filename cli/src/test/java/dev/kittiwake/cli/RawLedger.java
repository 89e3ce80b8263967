package dev.kittiwake.cli;

import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.error.KvException;
import dev.kittiwake.client.error.UndeterminedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Writers that count up the values of their own keys, and remember for each the last value that was
 * acknowledged and the last that was tried: what is stored must lie between the two.
 */
final class RawLedger {
  private static final int KEYS = 50;

  private final ClusterClient client;
  private final LongSupplier nanos;
  private final List<Writer> writers = new ArrayList<>();
  private final ExecutorService crew;
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong lastNanos = new AtomicLong();
  private final AtomicLong longestNanos = new AtomicLong();
  private volatile boolean stopped;

  /**
   * @param nanos a clock that never goes back
   */
  RawLedger(ClusterClient client, int threads, LongSupplier nanos) {
    this.client = client;
    this.nanos = nanos;
    this.crew = Executors.newFixedThreadPool(threads);
    for (int number = 0; number < threads; number++) {
      writers.add(new Writer(number));
    }
  }

  void start() {
    lastNanos.set(nanos.getAsLong());
    writers.forEach(crew::execute);
  }

  long acknowledged() {
    return acknowledged.get();
  }

  /** Waits until {@code more} writes have been acknowledged from now on. */
  void awaitWrites(int more) throws Exception {
    long goal = acknowledged.get() + more;
    ProcessCluster.until(more + " more writes", () -> acknowledged.get() >= goal);
  }

  /** For people: how long no writer at all had an answer, and what failed. */
  String summary() {
    return acknowledged
        + " writes, "
        + refused
        + " failed, longest time without one "
        + TimeUnit.NANOSECONDS.toMillis(longestNanos.get())
        + " ms";
  }

  void stop() throws InterruptedException {
    stopped = true;
    crew.shutdown();
    if (!crew.awaitTermination(240, TimeUnit.SECONDS)) {
      throw new AssertionError("a writer hangs");
    }
  }

  /** Every difference between what was acknowledged and what {@code reader} finds. */
  List<String> differences(ClusterClient reader) {
    List<String> differences = new ArrayList<>();
    for (Writer writer : writers) {
      for (int key = 0; key < KEYS; key++) {
        byte[] stored = reader.raw().get(writer.key(key));
        long found = stored == null ? 0 : Long.parseLong(text(stored));
        if (found < writer.acknowledged[key] || found > writer.tried[key]) {
          differences.add(
              text(writer.key(key))
                  + " is "
                  + found
                  + ", acknowledged was "
                  + writer.acknowledged[key]
                  + ", tried "
                  + writer.tried[key]);
        }
      }
    }
    return differences;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private final class Writer implements Runnable {
    private final int number;
    private final long[] acknowledged = new long[KEYS]; // read by others after the crew has ended
    private final long[] tried = new long[KEYS];
    private final boolean[] abandoned = new boolean[KEYS];

    Writer(int number) {
      this.number = number;
    }

    byte[] key(int key) {
      return ("ledger-" + number + "-" + key).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void run() {
      for (long value = 1; !stopped; value++) {
        for (int key = 0; key < KEYS && !stopped; key++) {
          if (abandoned[key]) {
            continue;
          }
          tried[key] = value;
          try {
            client.raw().put(key(key), Long.toString(value).getBytes(StandardCharsets.UTF_8));
            acknowledged[key] = value;
            count();
          } catch (KvException failed) {
            refused.incrementAndGet();
            // It may or may not have happened, or happen yet, over whatever comes next.
            abandoned[key] = failed instanceof UndeterminedException;
          }
        }
      }
    }

    private void count() {
      RawLedger.this.acknowledged.incrementAndGet();
      long now = nanos.getAsLong();
      long gap = now - lastNanos.getAndSet(now);
      longestNanos.accumulateAndGet(gap, Math::max);
    }
  }
}
