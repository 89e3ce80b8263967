package dev.kittiwake.simulation.fault;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** What goes wrong when, as values. */
public record FaultSchedule(List<Fault> faults) {
  public static final FaultSchedule NONE = new FaultSchedule(List.of());

  public FaultSchedule {
    faults = List.copyOf(faults);
  }

  /**
   * Draws the faults of {@code millis} of chaos, of the founding kinds.
   *
   * @param machines how many there are, clients included
   */
  public static FaultSchedule draw(
      Intensities intensities, long millis, int machines, RandomGenerator random) {
    List<Fault> faults = new ArrayList<>();
    if (intensities.faultFree()) {
      return NONE;
    }
    long at = 0;
    while (true) {
      at += (long) (-Math.log(1 - random.nextDouble()) * intensities.faultEveryMillis());
      if (at >= millis) {
        return new FaultSchedule(faults);
      }
      FaultKind kind = draw(intensities.weights(), random);
      faults.add(one(at, kind, intensities.longestMillis(), machines, random));
    }
  }

  /**
   * The same with faults of the kinds that came later: some of them, each with a generator of its
   * own that depends on nothing but {@code seed} and its name.
   */
  public FaultSchedule withLaterKinds(
      Intensities intensities, long millis, int machines, long seed) {
    if (intensities.faultFree()) {
      return this;
    }
    List<Fault> all = new ArrayList<>(faults);
    for (FaultKind kind : FaultKind.later()) {
      RandomGenerator random = new SplittableRandom(seed * 31 + kind.name().hashCode());
      boolean drawn =
          kind.oneSeedIn() == 2 ? random.nextBoolean() : random.nextInt(kind.oneSeedIn()) == 0;
      if (drawn) {
        all.addAll(drawOne(kind, intensities.longestMillis(), millis, machines, random));
      }
    }
    all.sort(Comparator.comparingLong(Fault::atMillis));
    return new FaultSchedule(all);
  }

  private static List<Fault> drawOne(
      FaultKind kind, long longestMillis, long millis, int machines, RandomGenerator random) {
    List<Fault> drawn = new ArrayList<>();
    long every = Intensities.logarithmic(random, 3_000, kind.everyMillis());
    long at = 0;
    while (true) {
      at += (long) (-Math.log(1 - random.nextDouble()) * every);
      if (at >= millis) {
        return drawn;
      }
      drawn.add(one(at, kind, longestMillis, machines, random));
    }
  }

  private static Fault one(
      long at, FaultKind kind, long longestMillis, int machines, RandomGenerator random) {
    long lasts = (long) Math.pow(longestMillis, random.nextDouble());
    return new Fault(
        at,
        kind,
        random.nextInt(machines),
        random.nextInt(machines),
        Math.max(20, lasts),
        amount(kind, random));
  }

  private static FaultKind draw(Map<FaultKind, Integer> weights, RandomGenerator random) {
    int sum = weights.values().stream().mapToInt(Integer::intValue).sum();
    int at = random.nextInt(sum);
    for (Map.Entry<FaultKind, Integer> entry : weights.entrySet()) {
      at -= entry.getValue();
      if (at < 0) {
        return entry.getKey();
      }
    }
    throw new IllegalStateException("weights do not sum up");
  }

  private static long amount(FaultKind kind, RandomGenerator random) {
    return switch (kind) {
      case DRIFT -> random.nextInt(101) - 50; // per mille
      case JUMP -> (long) (random.nextGaussian() * 600_000);
      case SLOW_DISK, SLOW_LINK -> (long) Math.pow(5_000, random.nextDouble());
      case CUT_POWER_IN_WRITE -> random.nextInt(60);
      default -> random.nextInt(1 << 16);
    };
  }

  /** Without the faults of the places {@code [from, to)}. */
  public FaultSchedule without(int from, int to) {
    List<Fault> left = new ArrayList<>(faults.subList(0, from));
    left.addAll(faults.subList(to, faults.size()));
    return new FaultSchedule(left);
  }
}
