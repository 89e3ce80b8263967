package dev.kittiwake.kv.region;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import java.util.List;
import java.util.TreeSet;

/**
 * Decides whether a region is split for its load: only if the load lasts, and only at a key that
 * parts it well. A single hot key cannot be split, nor can requests that all cross the cut.
 *
 * <p>Confined to one thread.
 */
final class LoadSplit {
  /** Each side must get at least this part of the requests. */
  private static final double SMALLEST_SIDE = 0.25;

  /** At most this part of the requests may touch both sides. */
  private static final double MOST_CROSSING = 0.5;

  private static final int FEWEST_SAMPLES = 20;

  private final SplitRule.Load rule;
  private long seen; // requests up to the last window
  private int hotWindows; // in a row

  LoadSplit(SplitRule.Load rule) {
    this.rule = rule;
  }

  /** A window has passed; answers the key to split at, or null. */
  Key onWindow(RegionLoad load) {
    long now = load.requests();
    long inWindow = now - seen;
    seen = now;
    if (rule.requests() == 0 || inWindow <= rule.requests()) {
      hotWindows = 0;
      return null;
    }
    if (++hotWindows < rule.windows()) {
      return null;
    }
    hotWindows = 0; // whatever comes of it, the next try takes as long
    return bestKey(load.samples());
  }

  void reset() {
    hotWindows = 0;
  }

  /** The key that parts the samples best, or null if none does well enough. */
  static Key bestKey(List<KeyRange> samples) {
    if (samples.size() < FEWEST_SAMPLES) {
      return null;
    }
    TreeSet<Key> candidates = new TreeSet<>();
    samples.forEach(sample -> candidates.add(sample.start()));
    Key best = null;
    double bestBalance = 0;
    for (Key candidate : candidates) {
      int left = 0;
      int crossing = 0;
      for (KeyRange sample : samples) {
        boolean startsLeft = sample.start().compareTo(candidate) < 0;
        boolean endsLeft =
            sample.start().equals(sample.end())
                ? startsLeft
                : !sample.end().isEmpty() && sample.end().compareTo(candidate) <= 0;
        if (startsLeft && !endsLeft) {
          crossing++;
        } else if (startsLeft) {
          left++;
        }
      }
      int right = samples.size() - left - crossing;
      double balance = (double) Math.min(left, right) / samples.size();
      boolean fits = balance >= SMALLEST_SIDE && crossing <= samples.size() * MOST_CROSSING;
      if (fits && balance > bestBalance) {
        best = candidate;
        bestBalance = balance;
      }
    }
    return best;
  }
}
