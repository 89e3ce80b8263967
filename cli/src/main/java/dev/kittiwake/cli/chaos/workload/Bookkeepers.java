package dev.kittiwake.cli.chaos.workload;

import dev.kittiwake.cli.chaos.process.Stopwatch;
import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.error.KvException;
import dev.kittiwake.client.error.UndeterminedException;
import dev.kittiwake.testkit.ledger.Ledger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Clients that fill, change and clear many keys, and keep a book of every acknowledged write; and
 * one that compares all of it with the book all the time. Stretches of keys that come and go make
 * regions split and merge. Every second client writes raw keys, the others transactions.
 */
public final class Bookkeepers {
  /** Keys that are filled and cleared together: some regions of 64 KiB. */
  private static final int STRETCH = 400;

  private static final int BATCH = 40;
  private static final long END_SECONDS = 90;

  private final ClusterClient client;
  private final Stopwatch time;
  private final Throughput throughput;
  private final String run;
  private final long pauseMillis;
  private final List<Desk> desks = new ArrayList<>();
  private final Ledger ledger = new Ledger();
  private final Set<String> closed = ConcurrentHashMap.newKeySet(); // the end of a write is unknown
  private final List<Future<?>> working = new ArrayList<>();
  private final Map<String, Long> failures = new TreeMap<>(); // guarded by itself
  private final List<String> complaints = new ArrayList<>(); // guarded by itself
  private final AtomicLong batches = new AtomicLong();
  private final AtomicLong undetermined = new AtomicLong();
  private final AtomicLong rounds = new AtomicLong();
  private volatile boolean stopped;

  /**
   * @param keys how many all of them keep
   * @param pauseMillis about how long each waits between two requests, once all is filled
   */
  public Bookkeepers(
      ClusterClient client,
      Stopwatch time,
      Throughput throughput,
      String run,
      long seed,
      int count,
      int keys,
      long pauseMillis) {
    this.client = client;
    this.time = time;
    this.throughput = throughput;
    this.run = run;
    this.pauseMillis = pauseMillis;
    int stretches = Math.max(1, keys / STRETCH / count);
    SplittableRandom random = new SplittableRandom(seed);
    for (int number = 0; number < count; number++) {
      desks.add(new Desk(number, stretches, random.split()));
    }
  }

  /** One client and the stretches that are its own. */
  private final class Desk {
    private final int number;
    private final Shelf shelf;
    private final boolean[] filled;
    private final RandomGenerator random;

    Desk(int number, int stretches, RandomGenerator random) {
      this.number = number;
      this.shelf = number % 2 == 0 ? Shelf.RAW : Shelf.TRANSACTIONS;
      this.filled = new boolean[stretches];
      this.random = random;
    }

    String key(int stretch, int key) {
      return "%s%02d/%05d/%04d".formatted(shelf.prefix(run), number, stretch, key);
    }

    void fillAll() {
      for (int stretch = 0; stretch < filled.length && !stopped; stretch++) {
        fill(stretch);
      }
    }

    void fill(int stretch) {
      for (int key = 0; key < STRETCH && !stopped; key += BATCH) {
        write(stretch, key, false);
      }
      filled[stretch] = true;
    }

    void act() throws InterruptedException {
      int stretch = random.nextInt(filled.length);
      if (!filled[stretch]) {
        fill(stretch);
      } else if (random.nextInt(BATCH) == 0) {
        for (int key = 0; key < STRETCH && !stopped; key += BATCH) {
          write(stretch, key, true);
        }
        filled[stretch] = false;
      } else {
        write(stretch, random.nextInt(STRETCH / BATCH) * BATCH, false);
      }
      time.pause(random.nextLong(2 * pauseMillis + 1));
    }

    private void write(int stretch, int first, boolean deletion) {
      Map<String, Integer> writes = new LinkedHashMap<>();
      for (int i = first; i < first + BATCH; i++) {
        String key = key(stretch, i);
        if (!closed.contains(key)) {
          writes.put(key, ledger.begin(key, deletion));
        }
      }
      if (writes.isEmpty()) {
        return;
      }
      batches.incrementAndGet();
      try {
        if (deletion) {
          shelf.delete(client, writes);
        } else {
          shelf.put(client, writes);
        }
        writes.forEach(ledger::acknowledged);
        throughput.done();
      } catch (KvException failure) {
        closed.addAll(writes.keySet()); // a part of the batch may have been written
        failed(failure);
      }
    }

    /** Compares one stretch with the book. */
    void look(int stretch) {
      String from = key(stretch, 0);
      String to = key(stretch + 1, 0);
      Ledger.Look look = ledger.look(from, to);
      List<Ledger.Row> rows;
      try {
        rows = shelf.read(client, from, to);
      } catch (KvException failure) {
        failed(failure);
        return;
      }
      List<String> wrong = look.complaints(rows);
      synchronized (complaints) {
        wrong.forEach(one -> complaints.add(time.millis() + " ms: " + one));
      }
    }
  }

  private void failed(KvException failure) {
    throughput.failed();
    if (failure instanceof UndeterminedException) {
      undetermined.incrementAndGet();
      return;
    }
    String cause = failure.getClass().getSimpleName() + ": " + failure.getMessage();
    synchronized (failures) {
      failures.merge(cause, 1L, Long::sum);
    }
  }

  /** Fills all keys; returns when that is done. */
  public void fill(ExecutorService threads) throws InterruptedException {
    List<Future<?>> filling = new ArrayList<>();
    desks.forEach(desk -> filling.add(threads.submit(desk::fillAll)));
    for (Future<?> one : filling) {
      try {
        one.get();
      } catch (ExecutionException broken) {
        throw new IllegalStateException("a bookkeeper broke", broken.getCause());
      }
    }
  }

  public void start(ExecutorService threads) {
    for (Desk desk : desks) {
      working.add(
          threads.submit(
              () -> {
                while (!stopped) {
                  desk.act();
                }
                return null;
              }));
    }
    working.add(
        threads.submit(
            () -> {
              while (!stopped) {
                lookAtAll(true);
                time.pause(pauseMillis);
              }
              return null;
            }));
  }

  private void lookAtAll(boolean untilStopped) {
    for (Desk desk : desks) {
      for (int stretch = 0; stretch < desk.filled.length; stretch++) {
        if (untilStopped && stopped) {
          return;
        }
        desk.look(stretch);
      }
    }
    rounds.incrementAndGet();
  }

  /** Lets each end what it does; false if one does not end in time. */
  public boolean stop() throws InterruptedException {
    stopped = true;
    long deadline = time.millis() + TimeUnit.SECONDS.toMillis(END_SECONDS);
    for (Future<?> one : working) {
      try {
        one.get(Math.max(1, deadline - time.millis()), TimeUnit.MILLISECONDS);
      } catch (TimeoutException stuck) {
        return false;
      } catch (ExecutionException broken) {
        throw new IllegalStateException("a bookkeeper broke", broken.getCause());
      }
    }
    return true;
  }

  /** Compares everything with the book once more; whatever was ever found wrong. */
  public List<String> audit() {
    lookAtAll(false);
    synchronized (complaints) {
      return List.copyOf(complaints);
    }
  }

  /** Failed requests by cause, those whose end nobody knows apart ({@link #undetermined}). */
  public Map<String, Long> failures() {
    synchronized (failures) {
      return new TreeMap<>(failures);
    }
  }

  /** Requests to write whose answer was lost where a second try might have written twice. */
  public long undetermined() {
    return undetermined.get();
  }

  /** What it was about, for the report. */
  public String summary() {
    return "%d keys, %d batches of writes, all compared %d times"
        .formatted(ledger.keys(), batches.get(), rounds.get());
  }
}
