package dev.kittiwake.simulation.time;

import java.util.ArrayDeque;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Decides which thread runs: exactly one does, the others stand still. Waking a thread is the
 * dearest thing a simulation does, so whoever waits carries the events out itself, and hands over
 * only once an event is for another caller. With few callers at a time hardly any thread is ever
 * woken.
 */
final class Baton {
  private final VirtualTime time;
  private final ArrayDeque<FiberThread> idle = new ArrayDeque<>();
  private volatile Thread holder;
  private Thread owner; // of the simulation: who lets time pass
  private BooleanSupplier reached = () -> true; // whether the owner's turn has come
  private boolean asking; // for the condition
  private Fiber next; // the caller that the event just carried out was for
  private Throwable failure; // thrown by an event of the world itself

  Baton(VirtualTime time) {
    this.time = time;
  }

  // ---- the owner's thread ----

  /**
   * Carries out events until {@code condition} holds, which is asked before each, on any thread.
   */
  void runUntil(BooleanSupplier condition) {
    if (asking) {
      throw new IllegalStateException("a condition lets time pass");
    }
    owner = Thread.currentThread();
    holder = owner;
    reached = condition;
    while (!isOwnersTurn()) {
      carryOut();
      Fiber fiber = takeNext();
      if (fiber != null) {
        handOver(threadOf(fiber));
        break; // comes back only when it is the owner's turn
      }
    }
    if (failure != null) {
      Throwable thrown = failure;
      failure = null;
      rethrow(thrown);
    }
  }

  private static void rethrow(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) thrown; // an event is a Runnable
  }

  /** Ends the threads that have no caller to run. */
  void endIdle() {
    idle.forEach(FiberThread::end);
    idle.clear();
  }

  // ---- callers ----

  /** An event was for {@code fiber}: it runs as soon as that event is over. */
  void turnOf(Fiber fiber) {
    next = fiber;
  }

  /** On the thread of {@code fiber}, which waits: returns when it is its turn, or it was killed. */
  void waitFor(Fiber fiber) {
    while (!fiber.isKilled()) {
      if (isOwnersTurn()) {
        handOver(owner);
        return;
      }
      carryOut();
      Fiber another = takeNext();
      if (another == fiber) {
        return;
      }
      if (another != null) {
        handOver(threadOf(another));
        return;
      }
    }
  }

  /**
   * On a thread whose caller has ended: answers the next to run on it, or null if the thread shall
   * end.
   *
   * @param killer who waits for that end, or null
   */
  Fiber nextOf(FiberThread thread, Thread killer) {
    if (killer != null) {
      return rest(thread, killer);
    }
    while (true) {
      if (isOwnersTurn()) {
        return rest(thread, owner);
      }
      carryOut();
      Fiber fiber = takeNext();
      if (fiber != null && fiber.thread() != null) {
        return rest(thread, fiber.thread());
      }
      if (fiber != null) {
        fiber.runOn(thread);
        return fiber;
      }
    }
  }

  private Fiber rest(FiberThread thread, Thread following) {
    idle.push(thread);
    handOver(following);
    return thread.fiber();
  }

  /** Lets a killed caller unwind, on its own thread; returns when it has ended. */
  void unwind(Fiber fiber) {
    handOver(fiber.thread());
  }

  // ---- parts ----

  private boolean isOwnersTurn() {
    asking = true;
    try {
      return failure != null || reached.getAsBoolean();
    } catch (RuntimeException | Error thrown) {
      failure = thrown;
      return true;
    } finally {
      asking = false;
    }
  }

  private void carryOut() {
    try {
      time.step();
    } catch (RuntimeException | Error thrown) {
      failure = thrown; // the owner shall hear of it, wherever the event was carried out
    }
  }

  private Fiber takeNext() {
    Fiber fiber = next;
    next = null;
    return fiber;
  }

  private Thread threadOf(Fiber fiber) {
    if (fiber.thread() == null) {
      FiberThread rested = idle.poll();
      fiber.runOn(rested == null ? new FiberThread(this) : rested);
      if (rested == null) {
        fiber.thread().start(); // it waits for the baton
      }
    }
    return fiber.thread();
  }

  private void handOver(Thread to) {
    holder = to;
    LockSupport.unpark(to);
    waitForBaton();
  }

  /** Returns once the calling thread holds the baton, or shall end. */
  void waitForBaton() {
    Thread self = Thread.currentThread();
    while (holder != self && !(self instanceof FiberThread own && own.isEnded())) {
      LockSupport.park(this);
    }
  }
}
