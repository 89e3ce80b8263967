package dev.kittiwake.simulation.time;

import java.util.Arrays;

/**
 * A rolling digest of all events, and if wanted the digest after each: so that two runs of a seed
 * can be compared, and the first difference found.
 */
public final class Trace {
  private long digest = 0xcbf29ce484222325L;
  private long count;
  private long[] steps; // null = not kept
  private long wanted = -1; // the event to describe
  private String description = "";

  /** Keeps the digest after each event from now on. */
  public void keepSteps() {
    steps = new long[1 << 16];
  }

  /** Describes the event of this number when it comes. */
  public void describe(long number) {
    wanted = number;
  }

  void add(long now, Event event) {
    mix(now);
    mix(event.order);
    mix(event.owner == null ? -1 : event.owner.number());
    mix(event.what.hashCode());
    if (count == wanted) {
      description = event.toString();
    }
    if (steps != null) {
      if (count == steps.length) {
        steps = Arrays.copyOf(steps, steps.length * 2);
      }
      steps[(int) count] = digest;
    }
    count++;
  }

  /** Something besides an event that must be equal too, e.g. the bytes of a message. */
  public void mix(long value) {
    digest = (digest ^ value) * 0x9E3779B97F4A7C15L;
    digest ^= digest >>> 29;
  }

  public long digest() {
    return digest;
  }

  public long count() {
    return count;
  }

  public String description() {
    return description;
  }

  /** The number of the first event after which this trace and another differ; -1 if none does. */
  public long firstDifference(Trace other) {
    long common = Math.min(count, other.count);
    for (int i = 0; i < common; i++) {
      if (steps[i] != other.steps[i]) {
        return i;
      }
    }
    return count == other.count ? -1 : common;
  }
}
