package dev.kittiwake.simulation.time;

import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/**
 * The one queue of events, and the clock that they move. Confined to the simulator's thread; a
 * {@link Fiber} that runs counts as that thread.
 */
public final class VirtualTime {
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final Trace trace = new Trace();
  private long now = 1_000_000_000L;
  private final Baton baton = new Baton(this);
  private long order;
  private boolean stepping;
  private FailureListener failures =
      (machine, what, failure) -> {
        throw new AssertionError(machine.name() + " failed at " + what, failure);
      };

  /** Hears of what a machine's code threw where nobody caught it. */
  public interface FailureListener {
    void onFailure(Machine machine, String what, Throwable failure);
  }

  public void onFailure(FailureListener listener) {
    failures = listener;
  }

  /** Nanoseconds since an arbitrary moment before the beginning. */
  public long now() {
    return now;
  }

  /** What has happened, as numbers to compare two runs by. */
  public Trace trace() {
    return trace;
  }

  /** Something that the world itself does after {@code nanos}. */
  public void later(long nanos, String what, Runnable action) {
    add(now + nanos, null, what, action);
  }

  Event add(long at, Machine owner, String what, Runnable action) {
    return add(at, owner, owner == null ? 0 : owner.life(), what, action);
  }

  private Event add(long at, Machine owner, int life, String what, Runnable action) {
    Event event = new Event(Math.max(at, now), order++, owner, life, what, action);
    events.add(event);
    return event;
  }

  /** Something that reaches {@code owner} from outside, if it runs then. */
  public void deliver(long at, Machine owner, String what, Runnable action) {
    add(at, owner, Event.ANY_LIFE, what, action);
  }

  /** Carries out the next event, of which there must be one. */
  void step() {
    Event event = events.remove();
    now = Math.max(now, event.at);
    if (!event.isVoid()) {
      if (event.owner != null && event.owner.isPaused()) {
        event.owner.hold(event);
      } else {
        carryOut(event);
      }
    }
  }

  private void carryOut(Event event) {
    trace.add(now, event);
    stepping = true;
    try {
      event.action.run();
    } catch (Throwable failure) { // errors too: somebody has to hear of them
      if (event.owner == null) {
        throw failure;
      }
      failures.onFailure(event.owner, event.what, failure);
    } finally {
      stepping = false;
    }
    if (event.owner != null) {
      event.owner.counted();
    }
  }

  Baton baton() {
    return baton;
  }

  /** Ends the threads of fibers that are over. Nothing may happen afterwards. */
  public void close() {
    baton.endIdle();
  }

  /** Lets so much time pass. */
  public void run(long nanos) {
    long end = now + nanos;
    requireBetweenEvents();
    baton.runUntil(() -> isQuietUntil(end));
    now = Math.max(now, end);
  }

  /** Runs until {@code condition} holds; answers false if it does not within {@code nanos}. */
  public boolean runUntil(long nanos, BooleanSupplier condition) {
    long end = now + nanos;
    requireBetweenEvents();
    boolean[] holds = new boolean[1];
    baton.runUntil(
        () -> {
          holds[0] = condition.getAsBoolean();
          return holds[0] || isQuietUntil(end);
        });
    if (holds[0]) {
      return true;
    }
    now = Math.max(now, end);
    return condition.getAsBoolean();
  }

  private boolean isQuietUntil(long end) {
    return events.isEmpty() || events.peek().at > end;
  }

  private void requireBetweenEvents() {
    if (stepping || Fiber.current() != null) {
      throw new IllegalStateException("a task waits on the simulator's thread; use a fiber");
    }
  }
}
