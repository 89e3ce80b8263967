package dev.kittiwake.simulation.network;

import dev.kittiwake.simulation.time.Machine;
import dev.kittiwake.simulation.time.VirtualTime;
import java.util.SplittableRandom;

/** One-way messages between machines. Whoever is cut off hears nothing, and is not told. */
public final class SimNetwork {
  private static final int MACHINES = 64;

  private final VirtualTime time;
  private final SplittableRandom random;
  private final boolean[] cut = new boolean[MACHINES * MACHINES];
  private final long[] cloggedUntil = new long[MACHINES * MACHINES];
  private final long[] lastInOrder = new long[MACHINES * MACHINES];
  private final long[] extraDelay = new long[MACHINES * MACHINES];
  private Weather weather = Weather.FAIR;
  private long sent;
  private long lost;

  public SimNetwork(VirtualTime time, SplittableRandom random) {
    this.time = time;
    this.random = random;
  }

  public VirtualTime time() {
    return time;
  }

  public void weather(Weather now) {
    weather = now;
  }

  private static int link(Machine from, Machine to) {
    return from.number() * MACHINES + to.number();
  }

  // ---- faults ----

  /** From now on nothing that {@code from} sends reaches {@code to}. */
  public void cut(Machine from, Machine to) {
    cut[link(from, to)] = true;
  }

  public void join(Machine from, Machine to) {
    cut[link(from, to)] = false;
  }

  public boolean isCut(Machine from, Machine to) {
    return cut[link(from, to)];
  }

  /** What is sent on the link arrives only after {@code nanos} from now. */
  public void clog(Machine from, Machine to, long nanos) {
    cloggedUntil[link(from, to)] = time.now() + nanos;
  }

  /** Makes the link slower by so much. */
  public void slow(Machine from, Machine to, long nanos) {
    extraDelay[link(from, to)] = nanos;
  }

  public void heal() {
    java.util.Arrays.fill(cut, false);
    java.util.Arrays.fill(cloggedUntil, 0);
    java.util.Arrays.fill(extraDelay, 0);
    weather = Weather.FAIR;
  }

  // ---- messages ----

  /** {@link #route}: the message is lost, and nobody knows. */
  public static final long LOST = -1;

  /** {@link #route}: the link is cut, which the sender may come to notice. */
  public static final long CUT = -2;

  /** When a message that leaves now arrives; {@link #LOST} or {@link #CUT}. */
  public long route(Machine from, Machine to) {
    sent++;
    int link = link(from, to);
    if (cut[link]) {
      lost++;
      return CUT;
    }
    if (weather.loss() > 0 && random.nextDouble() < weather.loss()) {
      lost++;
      return LOST;
    }
    return Math.max(time.now() + delay() + extraDelay[link], cloggedUntil[link]);
  }

  /**
   * When a message arrives that must not overtake those before it on this link, unless the weather
   * lets it; {@link #LOST} or {@link #CUT}.
   */
  public long routeInOrder(Machine from, Machine to) {
    long at = route(from, to);
    if (at < 0 || chance(weather.reorder())) {
      return at;
    }
    int link = link(from, to);
    lastInOrder[link] = Math.max(lastInOrder[link], at);
    return lastInOrder[link];
  }

  public Weather weather() {
    return weather;
  }

  /** A delay as the weather has it. */
  public long delay() {
    long delay = weather.minDelayNanos();
    if (weather.meanDelayNanos() > 0) {
      delay += (long) (-Math.log(1 - random.nextDouble()) * weather.meanDelayNanos());
    }
    if (weather.tail() > 0 && random.nextDouble() < weather.tail()) {
      delay += random.nextLong(weather.tailNanos());
    }
    return delay;
  }

  /** How long it takes until a side notices that the other does not answer any more. */
  public long noticeDelay() {
    return 3_000_000_000L + random.nextLong(10_000_000_000L);
  }

  public boolean chance(double probability) {
    return probability > 0 && random.nextDouble() < probability;
  }

  public long below(long bound) {
    return random.nextLong(bound);
  }

  public long sent() {
    return sent;
  }

  public long lost() {
    return lost;
  }
}
