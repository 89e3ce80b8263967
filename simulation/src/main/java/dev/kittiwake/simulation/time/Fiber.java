package dev.kittiwake.simulation.time;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/**
 * A caller that waits. It has a thread of its own, but of all threads exactly one runs: see {@link
 * Baton}.
 */
public final class Fiber {
  /** Unwinds a fiber whose machine has halted. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    Killed() {
      super("the machine of this caller has halted", null, false, false);
    }
  }

  private final Machine machine;
  private final String name;
  private final Runnable work;
  private FiberThread thread; // null before it begins
  private boolean waiting; // its thread carries out events, or stands still
  private boolean killed;
  private Thread killer; // waits until this one has unwound; null if nobody does
  private boolean over;
  private long waits; // tells one wait from the next

  private Fiber(Machine machine, String name, Runnable work) {
    this.machine = machine;
    this.name = name;
    this.work = work;
  }

  /** Runs {@code work} on {@code machine} as a thread of its own, soon. */
  public static <T> CompletableFuture<T> start(Machine machine, String name, Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Fiber fiber =
        new Fiber(
            machine,
            name,
            () -> {
              try {
                result.complete(work.call());
              } catch (Killed killed) {
                result.completeExceptionally(killed);
              } catch (Exception | Error failure) {
                result.completeExceptionally(failure);
              }
            });
    machine.began(fiber);
    VirtualTime time = machine.time();
    time.add(time.now() + machine.jitter(), machine, name, () -> time.baton().turnOf(fiber));
    return result;
  }

  /** The fiber whose code runs now; null in an event, and on the simulator's own thread. */
  static Fiber current() {
    Fiber own = Thread.currentThread() instanceof FiberThread thread ? thread.fiber() : null;
    return own == null || own.waiting ? null : own;
  }

  /** Its thread; null before it begins. */
  FiberThread thread() {
    return thread;
  }

  void runOn(FiberThread chosen) {
    thread = chosen;
    chosen.run(this);
  }

  /** On its thread: all that it does. */
  void body() {
    try {
      if (!killed) {
        work.run();
      }
    } finally {
      over = true;
      machine.ended(this);
    }
  }

  /** On the fiber: lets the simulation go on until {@code future} is done or {@code nanos} over. */
  void waitFor(CompletableFuture<?> future, long nanos) {
    requireAlive();
    long mine = ++waits;
    Lane lane = machine.lane(name);
    future.whenComplete((value, failure) -> lane.execute(() -> wake(mine)));
    if (nanos != Long.MAX_VALUE) {
      lane.executeAfter(machine.trueNanos(Math.max(0, nanos)), () -> wake(mine));
    }
    waiting = true;
    machine.time().baton().waitFor(this);
    waiting = false;
    requireAlive();
  }

  private void requireAlive() {
    if (killed) {
      throw new Killed();
    }
  }

  private void wake(long wait) {
    if (wait == waits) {
      waits++;
      machine.time().baton().turnOf(this);
    }
  }

  boolean isKilled() {
    return killed;
  }

  /** Who waits for its end; null if nobody does. */
  Thread killer() {
    return killer;
  }

  /**
   * The machine has halted: the caller unwinds at once. Only if its own thread is carrying out the
   * event that halts the machine, it unwinds right after that.
   */
  void kill() {
    killed = true;
    waits++;
    if (thread == null) {
      over = true;
      machine.ended(this);
    } else if (thread != Thread.currentThread()) {
      if (!over) {
        killer = Thread.currentThread();
        machine.time().baton().unwind(this);
      }
    } else if (!waiting) {
      throw new Killed();
    }
  }
}
