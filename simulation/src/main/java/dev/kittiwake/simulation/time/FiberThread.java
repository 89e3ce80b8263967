package dev.kittiwake.simulation.time;

import dev.kittiwake.proto.Wiring;
import java.util.concurrent.locks.LockSupport;

/** A thread that runs one fiber after another, so that few have to be made. */
final class FiberThread extends Thread {
  private final Baton baton;
  private Fiber fiber; // changed by whoever holds the baton
  private volatile boolean ended;

  @Wiring
  FiberThread(Baton baton) {
    super("simulated-caller");
    this.baton = baton;
    setDaemon(true);
  }

  /** The caller that it runs, or has been told to run; null if none. */
  Fiber fiber() {
    return fiber;
  }

  void run(Fiber another) {
    fiber = another;
  }

  boolean isEnded() {
    return ended;
  }

  /** No other fiber comes. */
  void end() {
    ended = true;
    LockSupport.unpark(this);
  }

  @Override
  public void run() {
    baton.waitForBaton();
    Fiber mine = fiber;
    while (mine != null && !ended) {
      mine.body();
      fiber = null;
      mine = baton.nextOf(this, mine.killer());
    }
  }
}
