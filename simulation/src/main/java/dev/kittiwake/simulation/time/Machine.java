package dev.kittiwake.simulation.time;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;

/**
 * A process with its clock. It can be halted at any event, paused, and its clocks can run fast,
 * slow, or jump. What its earlier lives had queued is void.
 */
public final class Machine {
  private static final long EPOCH_SECONDS = 1_800_000_000L;

  private final VirtualTime time;
  private final int number;
  private final String name;
  private final SplittableRandom random;
  private final List<Event> held = new ArrayList<>(); // came while paused
  private final Set<Fiber> fibers = new LinkedHashSet<>();
  private final List<Runnable> onHalt = new ArrayList<>();
  private long countdown; // events until atZero is run; 0 = it is not
  private Runnable atZero = () -> {};
  private boolean running;
  private boolean paused;
  private int life;
  private double rate = 1.0; // of the local clock to the true one
  private long rateSince; // true nanos
  private long localThen; // local nanos at rateSince
  private long wallOffset; // nanos
  private long jitterNanos = 20_000; // between asking a thread and its turn

  public Machine(VirtualTime time, int number, String name, SplittableRandom random) {
    this.time = time;
    this.number = number;
    this.name = name;
    this.random = random;
    this.rateSince = time.now();
    this.localThen = time.now();
  }

  public VirtualTime time() {
    return time;
  }

  /** From 0, each its own. */
  public int number() {
    return number;
  }

  public String name() {
    return name;
  }

  public boolean isRunning() {
    return running;
  }

  public boolean isPaused() {
    return paused;
  }

  /** Counts the boots: tells one life from the next. */
  public int life() {
    return life;
  }

  /** Whether the life of that number goes on. */
  public boolean lives(int number) {
    return running && life == number;
  }

  /** A source of chance of its own, for one part of one life. */
  public RandomGenerator split() {
    return random.split();
  }

  /** Begins a new life. */
  public void boot() {
    if (running) {
      throw new IllegalStateException(name + " runs already");
    }
    running = true;
    paused = false;
    countdown = 0;
    life++;
  }

  /** Ends this life between two events: nothing queued happens any more. */
  public void halt() {
    if (!running) {
      return;
    }
    running = false;
    paused = false;
    held.clear();
    List<Runnable> told = List.copyOf(onHalt);
    onHalt.clear();
    told.forEach(Runnable::run);
    List.copyOf(fibers).forEach(Fiber::kill);
  }

  /** Runs {@code action} after so much true time, if this life goes on. */
  public void later(long nanos, String what, Runnable action) {
    if (running) {
      time.add(time.now() + nanos, this, what, action);
    }
  }

  /** The same; answers what calls it off. */
  public Runnable alarm(long nanos, String what, Runnable action) {
    if (!running) {
      return () -> {};
    }
    Event event = time.add(time.now() + nanos, this, what, action);
    return () -> event.cancelled = true;
  }

  /** Runs {@code action} between two events of this life, right after the {@code count}th. */
  public void afterEvents(long count, Runnable action) {
    countdown = count;
    atZero = action;
  }

  /** An event of this machine is over. */
  void counted() {
    if (countdown > 0 && --countdown == 0) {
      atZero.run();
    }
  }

  /** Runs once when this life ends. */
  public void onHalt(Runnable action) {
    onHalt.add(action);
  }

  /** Stops the process where it stands, as SIGSTOP or a long collection does. */
  public void pause() {
    paused = running;
  }

  public void resume() {
    if (!paused) {
      return;
    }
    paused = false;
    List<Event> late = List.copyOf(held);
    held.clear();
    late.forEach(
        event -> {
          if (!event.isVoid()) {
            time.add(time.now(), this, event.what, () -> runUnlessCancelled(event));
          }
        });
  }

  private static void runUnlessCancelled(Event event) {
    if (!event.cancelled) {
      event.action.run();
    }
  }

  void hold(Event event) {
    held.add(event);
  }

  // ---- clocks ----

  /** Lets the clock run at {@code newRate} of the true speed. */
  public void drift(double newRate) {
    localThen = nanos();
    rateSince = time.now();
    rate = newRate;
  }

  /** Moves the wall clock; elapsed time is not touched. */
  public void jump(long nanos) {
    wallOffset += nanos;
  }

  /** Elapsed time as this machine sees it. */
  public long nanos() {
    if (rate == 1.0) {
      return localThen + (time.now() - rateSince);
    }
    return localThen + (long) ((time.now() - rateSince) * rate);
  }

  /** The wall clock of this machine. */
  public InstantSource clock() {
    return () -> Instant.ofEpochSecond(EPOCH_SECONDS, nanos() + wallOffset);
  }

  /** True nanoseconds that pass while this machine counts {@code local}. */
  long trueNanos(long local) {
    return rate == 1.0 ? local : (long) (local / rate);
  }

  // ---- threads ----

  /** How long a task waits for its thread, at most, as a rule. */
  public void jitter(long nanos) {
    jitterNanos = nanos;
  }

  long jitter() {
    long jitter = 1 + random.nextLong(jitterNanos);
    return random.nextInt(256) == 0 ? jitter * 50 : jitter;
  }

  /** A thread of this life: tasks run one after another, in order. */
  public Lane lane(String role) {
    return new Lane(this, role, true);
  }

  /** Threads of this life: tasks run in any order. */
  public Lane pool(String role) {
    return new Lane(this, role, false);
  }

  /** The timer of this life; its tasks run one after another. */
  public ScheduledExecutorService timer(String role) {
    return new MachineTimer(this, role);
  }

  void began(Fiber fiber) {
    fibers.add(fiber);
  }

  void ended(Fiber fiber) {
    fibers.remove(fiber);
  }
}
