package dev.kittiwake.simulation.time;

import dev.kittiwake.proto.Wiring;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * A caller that waits. It has a thread of its own, but runs only while the simulator's thread
 * stands still, and hands over when it waits: of all threads exactly one runs.
 */
public final class Fiber {
  /** Unwinds a fiber whose machine has halted. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    Killed() {
      super("the machine of this caller has halted", null, false, false);
    }
  }

  /** A thread that runs one fiber after another, so that few have to be made. */
  private static final class FiberThread extends Thread {
    private final VirtualTime time;
    private volatile Fiber fiber; // null: it may end

    @Wiring
    FiberThread(VirtualTime time, Fiber first) {
      super("simulated-caller");
      this.time = time;
      this.fiber = first;
      setDaemon(true);
    }

    @Override
    public void run() {
      while (fiber != null) {
        Fiber mine = fiber;
        mine.body();
        time.idleThreads().push(this); // still with the baton
        mine.handOver();
        while (fiber == mine) {
          LockSupport.park(this);
        }
      }
    }

    void next(Fiber another) {
      fiber = another;
      LockSupport.unpark(this);
    }
  }

  private final Machine machine;
  private final String name;
  private final Runnable work;
  private FiberThread thread; // null before it begins
  private volatile Thread resumer; // the thread that waits while this one runs
  private volatile boolean runs;
  private boolean killed;
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
    time.add(time.now() + machine.jitter(), machine, name, fiber::begin);
    return result;
  }

  /** The fiber that runs now; null on the simulator's thread. */
  static Fiber current() {
    return Thread.currentThread() instanceof FiberThread own ? own.fiber : null;
  }

  private void begin() {
    runs = true;
    resumer = Thread.currentThread();
    thread = (FiberThread) machine.time().idleThreads().poll();
    if (thread == null) {
      thread = new FiberThread(machine.time(), this);
      thread.start();
    } else {
      thread.next(this);
    }
    waitForHandOver();
  }

  private void body() {
    try {
      work.run();
    } finally {
      over = true;
      machine.ended(this);
    }
  }

  /** Ends the threads that wait for another fiber. */
  static void endIdle(VirtualTime time) {
    for (Thread idle = time.idleThreads().poll(); idle != null; idle = time.idleThreads().poll()) {
      ((FiberThread) idle).next(null);
    }
  }

  private void resume() {
    if (over) {
      return;
    }
    resumer = Thread.currentThread();
    runs = true;
    LockSupport.unpark(thread);
    waitForHandOver();
  }

  private void waitForHandOver() {
    while (runs) {
      LockSupport.park(this);
    }
  }

  private void handOver() {
    Thread next = resumer;
    runs = false;
    LockSupport.unpark(next);
  }

  /** On the fiber: lets the simulator go on until {@code future} is done or {@code nanos} over. */
  void waitFor(CompletableFuture<?> future, long nanos) {
    requireAlive();
    long mine = ++waits;
    Lane lane = machine.lane(name);
    future.whenComplete((value, failure) -> lane.execute(() -> wake(mine)));
    if (nanos != Long.MAX_VALUE) {
      lane.executeAfter(machine.trueNanos(Math.max(0, nanos)), () -> wake(mine));
    }
    handOver();
    while (!runs) {
      LockSupport.park(this);
    }
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
      resume();
    }
  }

  /** The machine has halted: the thread unwinds, at once, on the simulator's time. */
  void kill() {
    killed = true;
    if (Fiber.current() == this) {
      throw new Killed();
    }
    if (thread == null) {
      over = true;
      machine.ended(this);
      return;
    }
    while (!over) {
      waits++;
      resume();
    }
  }
}
