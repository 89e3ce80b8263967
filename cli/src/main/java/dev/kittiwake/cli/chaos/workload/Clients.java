package dev.kittiwake.cli.chaos.workload;

import dev.kittiwake.cli.chaos.process.Stopwatch;
import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.error.CancelledException;
import dev.kittiwake.client.error.DeadlineExceededException;
import dev.kittiwake.client.error.KvException;
import dev.kittiwake.client.error.UndeterminedException;
import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Answer;
import dev.kittiwake.testkit.history.History;
import dev.kittiwake.testkit.history.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Some clients of one load, each on a thread of its own, and the history of what they were told. An
 * action whose end its client does not know keeps its process: the client goes on as a new one.
 */
public final class Clients {
  private static final long END_SECONDS = 60;

  private final Load load;
  private final ClusterClient client;
  private final Stopwatch time;
  private final Throughput throughput;
  private final long seed;
  private final int count;
  private final long pauseMillis;
  private final History history = new History();
  private final AtomicLong actions = new AtomicLong();
  private final AtomicInteger processes = new AtomicInteger();
  private final AtomicReference<RuntimeException> broken = new AtomicReference<>();
  private final List<java.util.concurrent.Future<?>> working = new ArrayList<>();
  private volatile boolean stopped;

  /**
   * @param pauseMillis about how long a client waits between two actions
   */
  public Clients(
      Load load,
      ClusterClient client,
      Stopwatch time,
      Throughput throughput,
      long seed,
      int count,
      long pauseMillis) {
    this.load = load;
    this.client = client;
    this.time = time;
    this.throughput = throughput;
    this.seed = seed;
    this.count = count;
    this.pauseMillis = pauseMillis;
  }

  public Load load() {
    return load;
  }

  public History history() {
    return history;
  }

  public void start(ExecutorService threads) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < count; i++) {
      SplittableRandom own = random.split();
      working.add(threads.submit(() -> work(own)));
    }
  }

  private void work(SplittableRandom random) {
    int process = processes.getAndIncrement();
    try {
      while (!stopped) {
        boolean known = act(process, load.next(random, actions.incrementAndGet()));
        if (!known) {
          process = processes.getAndIncrement();
        }
        time.pause(random.nextLong(2 * pauseMillis + 1));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException bug) {
      broken.compareAndSet(null, bug);
    }
  }

  /** False if the end is not known. */
  private boolean act(int process, Action action) {
    int index = history.invoke(process, action, time.nanos());
    try {
      Answer answer = load.carryOut(client, action);
      history.ok(index, answer, time.nanos());
      throughput.done();
      return true;
    } catch (NothingDone nothing) {
      history.failed(index, nothing.getMessage(), time.nanos());
      throughput.done();
      return true;
    } catch (KvException failure) {
      throughput.failed();
      String reason = failure.getClass().getSimpleName() + ": " + failure.getMessage();
      if (changes(action) && mayHaveHappened(failure)) {
        history.undetermined(index, reason, time.nanos());
        return false;
      }
      history.failed(index, reason, time.nanos());
      return true;
    }
  }

  private static boolean changes(Action action) {
    if (action instanceof Action.Txn) {
      return ((Action.Txn) action)
          .steps().stream()
              .anyMatch(
                  step -> !(step instanceof Step.ReadList || step instanceof Step.ReadRegister));
    }
    return !(action instanceof Action.RawGet
        || action instanceof Action.ReadAccounts
        || action instanceof Action.ReadSet);
  }

  /**
   * The client's own word: everything else it says had no effect, and the judges hold it to that.
   */
  private static boolean mayHaveHappened(KvException failure) {
    return failure instanceof UndeterminedException
        || failure instanceof DeadlineExceededException
        || failure instanceof CancelledException;
  }

  /** Lets each client end what it does; false if one does not end in time. */
  public boolean stop() throws InterruptedException {
    stopped = true;
    long deadline = time.millis() + TimeUnit.SECONDS.toMillis(END_SECONDS);
    for (java.util.concurrent.Future<?> one : working) {
      try {
        one.get(Math.max(1, deadline - time.millis()), TimeUnit.MILLISECONDS);
      } catch (java.util.concurrent.ExecutionException
          | java.util.concurrent.TimeoutException stuck) {
        return false;
      }
    }
    if (broken.get() != null) {
      throw new IllegalStateException("a client of " + load.name() + " broke", broken.get());
    }
    return true;
  }
}
