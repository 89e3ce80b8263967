package dev.kittiwake.simulation.run;

import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.simulation.fault.FaultSchedule;
import dev.kittiwake.simulation.fault.Intensities;
import dev.kittiwake.simulation.workload.Mix;
import dev.kittiwake.simulation.world.Options;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * All that a seed decides before anything happens.
 *
 * @param chaosMillis how long things go wrong
 * @param regions about how many there are when it begins
 */
public record Plan(
    long seed,
    Options options,
    Mix mix,
    Intensities intensities,
    FaultSchedule faults,
    long chaosMillis,
    int regions) {
  /**
   * Seeds below this one know the founding kinds of faults only, and regions that never rest: tests
   * and mutants name some of them, which must not rot with each new kind.
   */
  static final long OF_ALL_KINDS = 1_000;

  private static final long STANDARD_MILLIS = 600_000;

  public static Plan draw(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int stores = random.nextInt(4) == 0 ? 4 + random.nextInt(2) : 3;
    int pds = random.nextInt(3) == 0 ? 3 : 1;
    Options options = options(random, Options.STANDARD.withStores(stores).withPds(pds));
    Mix mix = Mix.draw(random);
    Intensities intensities = Intensities.draw(random);
    long chaosMillis = 60_000 + (long) (540_000 * Math.pow(random.nextDouble(), 2));
    int machines = stores + pds + mix.clients();
    FaultSchedule faults = FaultSchedule.draw(intensities, chaosMillis, machines, random.split());
    boolean named = seed >= 0 && seed < OF_ALL_KINDS;
    options = options.with(KvSetting.HIBERNATE_AFTER, named ? "0s" : hibernateAfter(seed));
    if (!named) {
      faults = faults.withLaterKinds(intensities, chaosMillis, machines, seed);
      options = Tunables.draw(options, seed);
    }
    int regions = 1 + random.nextInt(12);
    if (seed >= OF_ALL_KINDS && seed % 4 == 2) {
      // Only some: what stores tell each other each second gives a seed another course.
      options =
          options
              .with(KvSetting.RESOLVED_TS_INTERVAL, "1s")
              .with(KvSetting.HASH_CHECK_INTERVAL, "2s");
      mix = mix.withReplicaReads();
    }
    return new Plan(seed, options, mix, intensities, faults, chaosMillis, regions);
  }

  /**
   * The cluster by which the pace of simulations is measured: three stores, three members, ten
   * regions, 20 operations a second of all kinds for ten minutes; faults as the seed draws them.
   */
  public static Plan standard(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Options options = Options.STANDARD.withStores(3).withPds(3);
    Mix mix = Mix.STANDARD;
    Intensities intensities = Intensities.draw(random);
    int machines = options.stores() + options.pds() + mix.clients();
    FaultSchedule faults =
        FaultSchedule.draw(intensities, STANDARD_MILLIS, machines, random.split());
    return new Plan(seed, options, mix, intensities, faults, STANDARD_MILLIS, 10);
  }

  /** Sizes and times that production may have, with a liking for the extremes. */
  private static Options options(RandomGenerator random, Options options) {
    Options drawn = options;
    if (random.nextInt(3) == 0) {
      drawn = drawn.with(KvSetting.LOG_GC_COUNT_LIMIT, String.valueOf(10 + random.nextInt(200)));
    }
    if (random.nextInt(3) == 0) {
      drawn = drawn.with(KvSetting.LOG_GC_THRESHOLD, String.valueOf(1 + random.nextInt(20)));
    }
    if (random.nextInt(3) == 0) {
      drawn = drawn.with(KvSetting.SNAPSHOT_CHUNK, "1KiB");
    }
    if (random.nextInt(4) == 0) {
      drawn = drawn.with(KvSetting.WAL_CACHE, "0");
    }
    return drawn;
  }

  /** Short mostly, so that regions fall asleep and wake all the time. */
  private static String hibernateAfter(long seed) {
    RandomGenerator random = new SplittableRandom(seed * 31 + "hibernate".hashCode());
    return switch (random.nextInt(4)) {
      case 0 -> "0s";
      case 1 -> "10s";
      default -> 200 + random.nextInt(3_000) + "ms";
    };
  }

  public Plan with(FaultSchedule schedule) {
    return new Plan(seed, options, mix, intensities, schedule, chaosMillis, regions);
  }

  /** For a person: everything that was drawn. */
  public String describe() {
    StringBuilder text = new StringBuilder();
    text.append("seed ").append(seed);
    text.append(", stores ").append(options.stores());
    text.append(", members ").append(options.pds());
    text.append(", regions ").append(regions);
    text.append(", chaos ").append(chaosMillis / 1000).append(" s");
    text.append(", rest after ").append(options.kv().text(KvSetting.HIBERNATE_AFTER));
    text.append("\n").append(mix);
    text.append("\n").append(intensities.faultFree() ? "no faults" : intensities.weather());
    text.append("\n").append(options.differences());
    faults.faults().forEach(fault -> text.append("\n  ").append(fault));
    return text.toString();
  }
}
