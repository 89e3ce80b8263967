package dev.kittiwake.kv.region;

import dev.kittiwake.kv.engine.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jctools.queues.MpscUnboundedArrayQueue;

/**
 * Applies what raft has committed: the work of many regions goes into one batch of the engine, by
 * one write. Tasks are added on the store loop and run in order, by one thread at a time, on the
 * executor given (the caller's own thread if it runs tasks directly).
 *
 * <p>A fault of the engine is final: nothing is applied after it.
 */
final class ApplyLoop {
  private static final int ROUND_BYTES = 4 << 20;

  private final Engine engine;
  private final Executor executor;
  private final Consumer<Throwable> fatal;
  private final MpscUnboundedArrayQueue<List<Task>> queue = new MpscUnboundedArrayQueue<>(256);
  private final ApplyRound round;
  private List<Task> gathered = new ArrayList<>(); // loop only
  private volatile boolean failed;

  /** A piece of work on the apply thread. */
  interface Task {
    void run(ApplyRound round);

    /** Called instead of {@link #run} when an earlier fault has ended all applying. */
    default void abandon() {}
  }

  ApplyLoop(Engine engine, Executor executor, Consumer<Throwable> fatal) {
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
      executor.execute(this::drain);
    }
  }

  private synchronized void drain() {
    try {
      for (List<Task> tasks = queue.poll(); tasks != null && !failed; tasks = queue.poll()) {
        for (Task task : tasks) {
          task.run(round);
          if (round.bytes() >= ROUND_BYTES) {
            round.write();
          }
        }
      }
      if (!failed) {
        round.write();
      }
    } catch (Throwable failure) { // errors too: a store that applies no more must say so
      failed = true;
      fatal.accept(failure);
    }
    if (failed) {
      for (List<Task> tasks = queue.poll(); tasks != null; tasks = queue.poll()) {
        tasks.forEach(Task::abandon);
      }
    }
  }

  Engine engine() {
    return engine;
  }
}
