package dev.kittiwake.simulation.fault;

import dev.kittiwake.simulation.network.Weather;
import java.util.EnumMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * How hard a seed is on the cluster. Drawn first, so that seeds differ in kind and not only in
 * detail: one in eight knows no fault at all, others are mild in one thing and wild in another.
 *
 * @param faultEveryMillis on average
 * @param longestMillis of anything that lasts
 * @param weights how often each founding kind is drawn; kinds that are missing never are
 * @param jitterNanos how long tasks wait for their threads
 */
public record Intensities(
    boolean faultFree,
    long faultEveryMillis,
    long longestMillis,
    Map<FaultKind, Integer> weights,
    Weather weather,
    long jitterNanos) {
  public Intensities {
    weights = new EnumMap<>(weights);
  }

  public static Intensities draw(RandomGenerator random) {
    boolean faultFree = random.nextInt(8) == 0;
    EnumMap<FaultKind, Integer> weights = new EnumMap<>(FaultKind.class);
    boolean picky = random.nextInt(3) > 0; // some seeds know few kinds, and many of each
    for (FaultKind kind : FaultKind.founding()) {
      boolean known = !picky || random.nextInt(3) == 0;
      int weight = kind.weight() * (1 + random.nextInt(4));
      if (known && !faultFree) {
        weights.put(kind, weight);
      }
    }
    if (weights.isEmpty() && !faultFree) {
      weights.put(FaultKind.KILL_STORE, 1);
    }
    return new Intensities(
        faultFree,
        logarithmic(random, 1_000, 20_000),
        logarithmic(random, 2_000, 60_000),
        weights,
        faultFree ? Weather.FAIR : weather(random),
        logarithmic(random, 5_000, 500_000));
  }

  private static Weather weather(RandomGenerator random) {
    return new Weather(
        logarithmic(random, 20_000, 2_000_000),
        logarithmic(random, 50_000, 20_000_000),
        random.nextInt(3) == 0 ? 0 : random.nextDouble() * 0.02,
        logarithmic(random, 20_000_000L, 5_000_000_000L),
        random.nextInt(2) == 0 ? 0 : Math.pow(random.nextDouble(), 3) * 0.2,
        random.nextInt(2) == 0 ? 0 : random.nextDouble() * 0.2,
        random.nextInt(2) == 0 ? 0 : random.nextDouble() * 0.3);
  }

  static long logarithmic(RandomGenerator random, long from, long to) {
    return (long) (from * Math.pow((double) to / from, random.nextDouble()));
  }
}
