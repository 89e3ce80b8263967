package dev.kittiwake.simulation.run;

import dev.kittiwake.client.ClientConfig;
import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.kv.RequestSide;
import dev.kittiwake.pd.PdConfig;
import dev.kittiwake.simulation.world.Options;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Sizes, numbers and times that production may be given, with a liking for the extremes: queues of
 * a few places, batches of one, regions of a few kilobytes, timeouts that are too short. Each seed
 * takes some, one in three takes none.
 */
final class Tunables {
  /** Times that must fit together: unit, units to an election, units to a heartbeat, lease. */
  private static final List<List<String>> ELECTIONS =
      List.of(
          List.of("50ms", "20", "2", "800ms"),
          List.of("100ms", "10", "2", "700ms"),
          List.of("200ms", "10", "1", "1400ms"),
          List.of("100ms", "30", "5", "2300ms"),
          List.of("100ms", "15", "2", "0ms"));

  private record Tunable(KvSetting setting, List<String> values) {}

  private static final List<Tunable> STORE =
      List.of(
          new Tunable(KvSetting.RAFT_BATCH_SIZE, List.of("1KiB", "4KiB", "64MiB")),
          new Tunable(KvSetting.LOG_GC_TICK, List.of("300ms", "20s")),
          new Tunable(KvSetting.LOG_GC_RESERVE_TICKS, List.of("1", "100")),
          new Tunable(KvSetting.LOG_GC_COUNT_LIMIT, List.of("10", "60")),
          new Tunable(KvSetting.LOG_GC_THRESHOLD, List.of("1", "5")),
          new Tunable(KvSetting.SNAPSHOT_CHUNK, List.of("1KiB", "64KiB")),
          new Tunable(KvSetting.SNAPSHOT_CONCURRENCY, List.of("1", "2")),
          new Tunable(KvSetting.SNAPSHOT_LIFE, List.of("2s", "10s")),
          new Tunable(KvSetting.SPLIT_PIECES, List.of("1", "2")),
          new Tunable(KvSetting.SPLIT_QPS, List.of("20", "100")),
          new Tunable(KvSetting.SPLIT_QPS_DURATION, List.of("1s")),
          new Tunable(KvSetting.MERGE_MAX_LOG_GAP, List.of("1", "1000")),
          new Tunable(KvSetting.WAL_SEGMENTS, List.of("2", "100")),
          new Tunable(KvSetting.WAL_CACHE, List.of("0", "8KiB")),
          new Tunable(KvSetting.MAX_QUEUED_REQUESTS, List.of("2", "20")),
          new Tunable(KvSetting.MAX_QUEUED_MESSAGES, List.of("4", "100")),
          new Tunable(KvSetting.REGIONS_PER_ROUND, List.of("1", "3")),
          new Tunable(KvSetting.SLOW_SYNC, List.of("50ms", "10s")),
          new Tunable(KvSetting.STALE_CHECK, List.of("3s", "1m")), // well below SeedRun's patience
          new Tunable(KvSetting.PEER_DOWN, List.of("3s", "10m")),
          new Tunable(KvSetting.REGION_HEARTBEAT, List.of("500ms", "20s")),
          new Tunable(KvSetting.STORE_HEARTBEAT, List.of("500ms", "10s")),
          new Tunable(KvSetting.HEALTH_CHECK, List.of("50ms", "5s")),
          new Tunable(KvSetting.GC_POLL, List.of("500ms", "30s")),
          new Tunable(KvSetting.GC_RATE, List.of("1KiB", "64KiB")));

  private final RandomGenerator random;

  private Tunables(RandomGenerator random) {
    this.random = random;
  }

  /** With what {@code seed} draws, which shifts nothing else of it. */
  static Options draw(Options options, long seed) {
    Tunables tunables = new Tunables(new SplittableRandom(seed * 31 + "tunables".hashCode()));
    if (tunables.random.nextInt(3) == 0) {
      return options;
    }
    Options drawn = tunables.store(options);
    drawn = tunables.placementDriver(drawn);
    return collection(tunables.client(drawn), seed);
  }

  /** Drawn apart, for it came later: stretches of one record, with pauses. */
  private static Options collection(Options options, long seed) {
    RandomGenerator random = new SplittableRandom(seed * 31 + "gc pace".hashCode());
    return random.nextInt(4) == 0
        ? options.with(KvSetting.GC_STRETCH, "1B").with(KvSetting.GC_RATE, "4KiB")
        : options;
  }

  private boolean takes() {
    return random.nextInt(5) == 0;
  }

  private <T> T one(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private Options store(Options options) {
    Options drawn = options;
    for (Tunable tunable : STORE) {
      if (takes()) {
        drawn = drawn.with(tunable.setting(), one(tunable.values()));
      }
    }
    if (takes()) {
      List<String> times = one(ELECTIONS);
      drawn =
          drawn
              .with(KvSetting.LEADER_LEASE, "0ms") // any times are allowed with it
              .with(KvSetting.RAFT_TICK, times.get(0))
              .with(KvSetting.RAFT_ELECTION_TICKS, times.get(1))
              .with(KvSetting.RAFT_HEARTBEAT_TICKS, times.get(2))
              .with(KvSetting.LEADER_LEASE, times.get(3));
    }
    if (takes()) {
      drawn =
          drawn
              .with(KvSetting.REGION_SPLIT_SIZE, "8KiB")
              .with(KvSetting.REGION_MAX_SIZE, "12KiB")
              .with(KvSetting.SPLIT_CHECK_TICK, "1s")
              .with(KvSetting.SPLIT_CHECK_DIFF, "4KiB");
    }
    if (takes()) {
      drawn =
          drawn.with(
              new RequestSide.Limits(
                  one(List.of(50L, 1_000L, 5_000L)),
                  one(List.of(0L, 20L, 500L)),
                  one(List.of(2, 10_000)),
                  one(List.of(0, 3, 200_000))));
    }
    return drawn;
  }

  private Options placementDriver(Options options) {
    Options drawn = options;
    if (takes()) {
      drawn =
          drawn
              .withPdSetting("gc.life-time", one(List.of("5s", "30s")))
              .withPdSetting("gc.run-interval", one(List.of("2s", "20s")));
    }
    if (takes()) {
      // More than a store cuts off, and what it cuts would be merged and cut for ever.
      String most = options.kv().number(KvSetting.REGION_SPLIT_SIZE) < 16_384 ? "2KiB" : "16KiB";
      drawn =
          drawn
              .withPdSetting("schedule.split-merge-interval", one(List.of("2s", "20s")))
              .withPdSetting("schedule.max-merge-region-size", one(List.of("1KiB", most)));
    }
    if (takes()) {
      drawn = drawn.withPdSetting("schedule.enable-joint-consensus", "true");
    }
    if (takes()) {
      drawn = drawn.withPdSetting("schedule.region-return-interval", "1s");
    }
    if (takes()) {
      drawn =
          drawn.with(
              PdConfig.Timing.DEFAULT.withBlocks(
                  one(List.of(1, 10, 100_000)), one(List.of(10L, 100L))));
    }
    return drawn;
  }

  private Options client(Options options) {
    ClientConfig drawn = options.client();
    if (takes()) {
      drawn = drawn.withRequestTimeout(Duration.ofMillis(one(List.of(500, 1_500, 15_000))));
    }
    if (takes()) {
      drawn =
          drawn.withBudgets(
              Duration.ofSeconds(one(List.of(2, 20))), Duration.ofSeconds(one(List.of(3, 40))));
    }
    ClientConfig.TransactionConfig transactions = drawn.transactions();
    if (takes()) {
      transactions = transactions.withChunks(one(List.of(1, 64)), one(List.of(1, 2)));
    }
    if (takes()) {
      transactions = transactions.withLockTimes(one(List.of(500, 1_500)), 2_000, 700);
    }
    return options.with(drawn.withTransactions(transactions));
  }
}
