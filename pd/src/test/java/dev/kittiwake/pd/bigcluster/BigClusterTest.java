package dev.kittiwake.pd.bigcluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.proto.metapb.StoreState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Big clusters become even, stay so, and lose nothing on the way. */
final class BigClusterTest {
  private static final double EVEN = 0.05;
  private static final Map<String, String> SETTINGS =
      Map.of(
          "schedule.store-limit",
          "0",
          "schedule.leader-schedule-limit",
          "64",
          "schedule.hot-region-schedule-limit",
          "256",
          "schedule.scheduler-min-interval",
          "1ms",
          "schedule.scheduler-max-interval",
          "1s",
          "schedule.max-store-down-time",
          "2m");

  /** Stores 1 to {@code used} hold everything, the first few of them most of it. */
  private static BigCluster lopsided(long seed, int stores, int used, int regions) {
    BigCluster cluster = new BigCluster(seed, SETTINGS);
    SplittableRandom random = cluster.random();
    for (long id = 1; id <= stores; id++) {
      cluster.addStore(id);
    }
    for (int i = 0; i < regions; i++) {
      List<Long> on = new ArrayList<>();
      while (on.size() < 3) {
        // of two draws the smaller counts, now and then: low numbers have more, and lead more
        int draw = random.nextInt(used);
        long store = 1 + (random.nextInt(4) == 0 ? Math.min(draw, random.nextInt(used)) : draw);
        if (!on.contains(store)) {
          on.add(store);
        }
      }
      if (random.nextInt(4) == 0) {
        on.sort(null); // low numbers lead more
      }
      boolean hot = on.get(0) <= used * 2L / 3 && random.nextInt(10) == 0;
      cluster.addRegion(
          on,
          (80L + random.nextInt(32)) << 20,
          hot ? 50_000 + random.nextInt(100_000) : random.nextInt(500),
          hot ? 20_000 + random.nextInt(40_000) : random.nextInt(500));
    }
    cluster.everyRegionReports();
    return cluster;
  }

  /** Until everything is even, at most that long. */
  private static void untilEven(BigCluster cluster, long maxSeconds) {
    for (long second = 0; second < maxSeconds; second += 5) {
      cluster.run(5_000);
      Evenness now = Evenness.of(cluster);
      if (Boolean.getBoolean("progress")) {
        System.out.println(
            cluster.nowMillis() / 1000
                + " s: "
                + now
                + ", running "
                + cluster.coordinator().cluster().operators().running().size());
      }
      if (now.isWithin(EVEN)) {
        return;
      }
    }
  }

  private static void assertEven(BigCluster cluster, String seed) {
    Evenness end = Evenness.of(cluster);
    assertTrue(end.isWithin(EVEN), () -> end + " after " + cluster.nowMillis() + " ms, " + seed);
  }

  private static void assertNothingLost(BigCluster cluster, int voters, String seed) {
    assertTrue(cluster.fewestVoters() >= voters, cluster.fewestVoters() + " voters, " + seed);
    assertEquals(List.of(), List.copyOf(cluster.faults()), seed);
  }

  private static void assertNoReturns(BigCluster cluster, String seed) {
    int returns = 0;
    for (SimRegion region : cluster.regions()) {
      returns += region.returns();
    }
    assertEquals(0, returns, "replicas came back to stores they had left, " + seed);
  }

  private static int moves(BigCluster cluster) {
    int moves = 0;
    for (SimRegion region : cluster.regions()) {
      moves += region.moves() + region.leaderMoves();
    }
    return moves;
  }

  /** Becomes even, and then stays so without more than a few moves. */
  private static void story(long seed, int stores, int used, int regions, long maxSeconds) {
    String said = "seed " + seed;
    BigCluster cluster = lopsided(seed, stores, used, regions);
    untilEven(cluster, maxSeconds);
    assertEven(cluster, said);
    assertNothingLost(cluster, 3, said);
    assertNoReturns(cluster, said);

    cluster.run(120_000); // what was begun ends; then nothing moves any more
    int settled = moves(cluster);
    cluster.run(60_000);
    assertEven(cluster, said);
    assertNoReturns(cluster, said);
    assertTrue(
        moves(cluster) - settled <= regions / 1_000,
        moves(cluster) - settled + " moves in an even cluster, " + said);
  }

  @Test
  @Tag("long")
  void hundredThousandRegionsSpreadOverAllStores() {
    story(8841, 200, 180, 100_000, 1_800);
  }

  @Test
  void aDrainedStoreBecomesEmptyAndANewOneFillsUp() {
    String said = "seed 12";
    BigCluster cluster = lopsided(12, 20, 20, 4_000);
    untilEven(cluster, 1_200);
    assertEven(cluster, said);

    cluster.setState(7, StoreState.Offline);
    cluster.addStore(21);
    untilEven(cluster, 1_200);

    assertEquals(0, cluster.tree().peersOn(7).size(), said);
    assertEven(cluster, said);
    assertNothingLost(cluster, 3, said);
  }

  @Test
  void theReplicasOfADeadStoreAreMadeAnew() {
    String said = "seed 5";
    BigCluster cluster = lopsided(5, 20, 20, 2_000);
    untilEven(cluster, 300);

    cluster.kill(3);
    cluster.run(4 * 60_000);
    untilEven(cluster, 1_200);

    assertEquals(0, cluster.tree().peersOn(3).size(), said);
    assertEven(cluster, said);
    assertNothingLost(cluster, 3, said);
  }

  @Test
  @Tag("long")
  void fiveHundredStores() {
    story(77, 500, 300, 300_000, 3_600);
  }
}
