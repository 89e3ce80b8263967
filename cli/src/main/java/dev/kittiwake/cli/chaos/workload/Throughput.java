package dev.kittiwake.cli.chaos.workload;

import dev.kittiwake.cli.chaos.process.Stopwatch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/** How many operations ended well, and how many did not, in each second. Thread-safe. */
public final class Throughput {
  private static final int MOST_SECONDS = 7 * 86_400;

  private final Stopwatch time;
  private final AtomicIntegerArray done = new AtomicIntegerArray(MOST_SECONDS);
  private final AtomicIntegerArray failed = new AtomicIntegerArray(MOST_SECONDS);
  private final AtomicLong allDone = new AtomicLong();
  private final AtomicLong allFailed = new AtomicLong();

  public Throughput(Stopwatch time) {
    this.time = time;
  }

  public void done() {
    done.incrementAndGet(second());
    allDone.incrementAndGet();
  }

  public void failed() {
    failed.incrementAndGet(second());
    allFailed.incrementAndGet();
  }

  private int second() {
    return (int) Math.min(MOST_SECONDS - 1, time.millis() / 1_000);
  }

  public long allDone() {
    return allDone.get();
  }

  public long allFailed() {
    return allFailed.get();
  }

  /** The mean of the last whole {@code seconds}, per second. */
  public double recent(int seconds) {
    int now = second();
    int from = Math.max(0, now - seconds);
    long sum = 0;
    for (int i = from; i < now; i++) {
      sum += done.get(i);
    }
    return now == from ? 0 : (double) sum / (now - from);
  }

  /** Done in each of the first {@code seconds}. */
  public List<Integer> done(int seconds) {
    return first(done, seconds);
  }

  /** Failed in each of the first {@code seconds}. */
  public List<Integer> failed(int seconds) {
    return first(failed, seconds);
  }

  private static List<Integer> first(AtomicIntegerArray counts, int seconds) {
    List<Integer> list = new ArrayList<>();
    for (int i = 0; i < seconds && i < counts.length(); i++) {
      list.add(counts.get(i));
    }
    return list;
  }
}
