package dev.kittiwake.kv.engine;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps native memory alive while calls run: calls enter and leave, closing waits until nobody is
 * inside. Counters are striped by thread, so that readers on different cores do not meet.
 */
final class Gate {
  private static final int STRIPES = 16;
  private static final int SPACING = 8; // longs per cache line

  private final AtomicLongArray inside = new AtomicLongArray(STRIPES * SPACING);
  private volatile boolean closed;

  /**
   * Enters; {@link #leave} must follow.
   *
   * @throws EngineException if closed
   */
  int enter() {
    int stripe = ((int) Thread.currentThread().getId() & (STRIPES - 1)) * SPACING;
    inside.getAndIncrement(stripe);
    if (closed) {
      inside.getAndDecrement(stripe);
      throw new EngineException("the engine is closed");
    }
    return stripe;
  }

  /** Leaves; {@code stripe} is what {@link #enter} gave. */
  void leave(int stripe) {
    inside.getAndDecrement(stripe);
  }

  /**
   * Lets nobody in any more and waits until all have left. Answers false if it was closed before.
   */
  synchronized boolean close() {
    if (closed) {
      return false;
    }
    closed = true;
    for (int stripe = 0; stripe < STRIPES; stripe++) {
      while (inside.get(stripe * SPACING) != 0) {
        LockSupport.parkNanos(50_000);
      }
    }
    return true;
  }
}
