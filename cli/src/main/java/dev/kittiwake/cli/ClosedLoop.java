package dev.kittiwake.cli;

import dev.kittiwake.client.ClusterClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;

/** Runs a workload with threads that call again as soon as they have their answer. */
@Wiring
final class ClosedLoop {
  private static final long HIGHEST_MICROS = TimeUnit.MINUTES.toMicros(10);
  private static final int DIGITS = 3;

  private final ClusterClient client;
  private final BenchCommand.Load load;

  ClosedLoop(ClusterClient client, BenchCommand.Load load) {
    this.client = client;
    this.load = load;
  }

  /**
   * What a run measured; latencies in microseconds.
   *
   * @param errors operations that failed; not among {@code operations}
   * @param firstError what the first of them said, or null
   */
  record Figures(
      String workload,
      int threads,
      long operations,
      double opsPerSecond,
      long p50Micros,
      long p90Micros,
      long p99Micros,
      long maxMicros,
      long errors,
      String firstError) {}

  Figures run(String name, Workload workload, int threads) throws InterruptedException {
    long start = System.nanoTime();
    long measureFrom = start + load.warmUp.toNanos();
    long end = measureFrom + load.duration.toNanos();
    AtomicLong errors = new AtomicLong();
    AtomicReference<String> firstError = new AtomicReference<>();
    Histogram[] histograms = new Histogram[threads];
    CountDownLatch done = new CountDownLatch(threads);
    List<Thread> crew = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Histogram histogram = new Histogram(HIGHEST_MICROS, DIGITS);
      histograms[i] = histogram;
      Draw draw = new Draw(load, i + 1);
      Thread thread =
          new Thread(
              () -> {
                try {
                  repeat(workload, draw, measureFrom, end, histogram, errors, firstError);
                } finally {
                  done.countDown();
                }
              },
              "bench-" + i);
      crew.add(thread);
    }
    crew.forEach(Thread::start);
    done.await();
    Histogram all = new Histogram(HIGHEST_MICROS, DIGITS);
    for (Histogram one : histograms) {
      all.add(one);
    }
    double seconds = load.duration.toNanos() / 1e9;
    return new Figures(
        name,
        threads,
        all.getTotalCount(),
        all.getTotalCount() / seconds,
        all.getValueAtPercentile(50),
        all.getValueAtPercentile(90),
        all.getValueAtPercentile(99),
        all.getMaxValue(),
        errors.get(),
        firstError.get());
  }

  private void repeat(
      Workload workload,
      Draw draw,
      long measureFrom,
      long end,
      Histogram histogram,
      AtomicLong errors,
      AtomicReference<String> firstError) {
    while (true) {
      long begin = System.nanoTime();
      if (begin >= end) {
        return;
      }
      try {
        workload.operate(client, draw);
        long finished = System.nanoTime();
        if (finished >= measureFrom && finished < end) {
          histogram.recordValue(
              Math.min(HIGHEST_MICROS, TimeUnit.NANOSECONDS.toMicros(finished - begin)));
        }
      } catch (RuntimeException failure) {
        errors.incrementAndGet();
        firstError.compareAndSet(null, UserErrors.message(failure));
      }
    }
  }
}
