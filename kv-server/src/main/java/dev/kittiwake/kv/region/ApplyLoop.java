package dev.kittiwake.kv.region;

import dev.kittiwake.kv.engine.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jctools.queues.MpscUnboundedArrayQueue;

/**
 * Applies what raft has committed: the work of many regions goes into one batch of the engine, by
 * one write. Tasks are added on the store loop and run in order, by one thread at a time, on the
 * executor given (the caller's own thread if it runs tasks directly).
 *
 * <p>The executor has other work too: answers to clients leave on it. So a long queue is worked off
 * in turns: what has waited behind one comes before the next.
 *
 * <p>A fault of the engine is final: nothing is applied after it.
 */
final class ApplyLoop {
  private static final int ROUND_BYTES = 4 << 20;
  private static final long TURN_NANOS = 10_000_000; // a turn that has taken so long is the last
  private static final long IDLE = Long.MIN_VALUE;

  private final Engine engine;
  private final Executor executor;
  private final Consumer<Throwable> fatal;
  private final LongSupplier nanos;
  private final MpscUnboundedArrayQueue<List<Task>> queue = new MpscUnboundedArrayQueue<>(256);
  private final ApplyRound round;
  private final List<Task> unwritten = new ArrayList<>(); // run, but their batch is not written
  private List<Task> gathered = new ArrayList<>(); // loop only
  private final AtomicBoolean due = new AtomicBoolean(); // a turn has been asked for
  private volatile boolean failed;
  private volatile long busySince = IDLE; // when the running write to the engine began

  /** A piece of work on the apply thread. */
  interface Task {
    void run(ApplyRound round);

    /**
     * Called when a fault has ended all applying: instead of {@link #run}, or after it if what it
     * did was not written.
     */
    default void abandon() {}
  }

  /** The last task: {@code done} completes when everything before it has been written. */
  static Task ending(CompletableFuture<Void> done) {
    return new Task() {
      @Override
      public void run(ApplyRound round) {
        round.afterwards(() -> done.complete(null));
      }

      @Override
      public void abandon() {
        done.complete(null);
      }
    };
  }

  ApplyLoop(Engine engine, Executor executor, LongSupplier nanos, Consumer<Throwable> fatal) {
    this.nanos = nanos;
    this.engine = engine;
    this.executor = executor;
    this.fatal = fatal;
    this.round = new ApplyRound(engine);
  }

  /** Adds a task to what {@link #flush} hands over. Store loop only. */
  void add(Task task) {
    gathered.add(task);
  }

  /** Hands over what was added since the last time. Store loop only. */
  void flush() {
    if (!gathered.isEmpty()) {
      queue.offer(gathered);
      gathered = new ArrayList<>();
      askForTurn();
    }
  }

  private void askForTurn() {
    if (due.compareAndSet(false, true)) {
      executor.execute(this::turn);
    }
  }

  private void turn() {
    due.set(false); // before looking: who adds from now on asks again
    drain();
    if (!queue.isEmpty()) {
      askForTurn();
    }
  }

  private synchronized void drain() {
    long begun = nanos.getAsLong();
    List<Task> current = List.of();
    try {
      for (List<Task> tasks = next(); tasks != null; tasks = over(begun) ? null : next()) {
        current = tasks;
        for (Task task : tasks) {
          busySince = nanos.getAsLong();
          unwritten.add(task);
          task.run(round);
          if (round.bytes() >= ROUND_BYTES) {
            write();
          }
        }
        current = List.of();
      }
      if (!failed) {
        busySince = nanos.getAsLong();
        write();
      }
      busySince = IDLE;
    } catch (Throwable failure) { // errors too: a store that applies no more must say so
      failed = true;
      unwritten.forEach(Task::abandon);
      unwritten.clear();
      current.forEach(Task::abandon); // also those that it had not come to
      fatal.accept(failure);
    }
    if (failed) {
      for (List<Task> tasks = queue.poll(); tasks != null; tasks = queue.poll()) {
        tasks.forEach(Task::abandon);
      }
    }
  }

  private boolean over(long begun) {
    return nanos.getAsLong() - begun >= TURN_NANOS;
  }

  private List<Task> next() {
    return failed ? null : queue.poll();
  }

  private void write() {
    round.write();
    unwritten.clear();
  }

  /** How long the piece of work that is under way has taken so far; 0 if there is none. */
  long stuckNanos() {
    long since = busySince;
    return since == IDLE ? 0 : Math.max(0, nanos.getAsLong() - since);
  }

  Engine engine() {
    return engine;
  }
}
