package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.proto.rpc.PdEndpoint;
import dev.kittiwake.simulation.network.SimPdEndpoint;
import dev.kittiwake.simulation.world.Options;
import dev.kittiwake.simulation.world.SimPd;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * P01 to P07: three members of the placement driver, three stores and clients. Timestamps that
 * clients get strictly increase, whatever happens to the members.
 */
class PlacementDriverTest {
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final long YEAR_MILLIS = 365L * 24 * 3_600_000;

  /** What clients were given, in the order in which they asked. */
  private static final class Asked {
    private final Scenario cluster;
    private long largest;

    Asked(Scenario cluster) {
      this.cluster = cluster;
    }

    void once() {
      long ts = cluster.await(cluster.client().client().pd().timestamp());
      assertTrue(
          Timestamp.isAfter(ts, largest),
          () -> Timestamp.toString(ts) + " after " + Timestamp.toString(largest));
      largest = ts;
    }

    void times(int count) {
      for (int i = 0; i < count; i++) {
        once();
        cluster.advance(20);
      }
    }

    long physicalMillis() {
      return Timestamp.physicalMillis(largest);
    }
  }

  private static Scenario cluster(long seed) {
    return Scenario.of(seed, Options.STANDARD.withPds(3));
  }

  private static long now(Scenario cluster) {
    return cluster.world().time().now();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void p01ALeaderResignsAndLeadsAgain(long seed) {
    try (Scenario cluster = cluster(seed)) {
      Asked asked = new Asked(cluster);
      for (int round = 0; round < 6; round++) {
        asked.times(20);
        cluster.pd(cluster.leadingPd()).server().handOver();
        asked.times(5);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void p02ClocksThatGoBack(long seed) {
    try (Scenario cluster = cluster(seed)) {
      Asked asked = new Asked(cluster);
      for (int round = 0; round < 4; round++) {
        cluster.world().pds().forEach(pd -> pd.machine().jump(-2 * SECOND_NANOS));
        asked.times(20);
        cluster.pd(cluster.leadingPd()).server().handOver();
        asked.times(5);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void p03ANewLeaderSavesItsBoundFirst(long seed) {
    try (Scenario cluster = cluster(seed)) {
      Asked asked = new Asked(cluster);
      asked.times(10);
      for (int round = 0; round < 4; round++) {
        int leader = cluster.leadingPd();
        // slow disks: what is served before it is saved would be seen
        cluster.world().pds().forEach(pd -> pd.disk().slow(SECOND_NANOS / 5));
        cluster.pd(leader).kill();
        asked.times(3);
        cluster.world().pds().forEach(pd -> pd.disk().heal());
        cluster.pd(leader).start();
        cluster.advance(3_000);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void p04ALeaderThatIsCutOffStops(long seed) {
    try (Scenario cluster = cluster(seed)) {
      Asked asked = new Asked(cluster);
      asked.times(10);
      SimPd old = cluster.pd(cluster.leadingPd());
      // clients still reach it, the other members do not
      for (SimPd other : cluster.world().pds()) {
        if (other != old) {
          cluster.world().network().cut(old.machine(), other.machine());
          cluster.world().network().cut(other.machine(), old.machine());
        }
      }
      asked.times(150);
      assertTrue(!old.server().leads(), "it leads beside another one");
      cluster.heal();
      asked.times(20);
      old = cluster.pd(cluster.leadingPd());
      old.machine().pause();
      asked.times(20);
      old.machine().resume();
      asked.times(50);
    }
  }

  /**
   * The same for those who ask the old leader itself: it slept, hears nobody, and does not know
   * that another one serves.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void p04WhoSleptServesNobody(long seed) {
    try (Scenario cluster = cluster(seed)) {
      Asked asked = new Asked(cluster);
      asked.times(10);
      SimPd old = cluster.pd(cluster.leadingPd());
      long clusterId = cluster.await(cluster.client().client().pd().clusterId());
      PdEndpoint door =
          new SimPdEndpoint(
              cluster.world().calls(),
              cluster.client().machine(),
              old.machine(),
              () -> old.server().endpoint());
      old.machine().pause();
      for (SimPd other : cluster.world().pds()) {
        cluster.world().network().cut(other.machine(), old.machine());
      }
      asked.times(20);
      old.machine().resume();
      for (int i = 0; i < 200; i++) {
        long before = asked.largest;
        door.timestamps(clusterId, 1)
            .thenAccept(
                ts ->
                    assertTrue(
                        Timestamp.isAfter(ts, before),
                        () -> Timestamp.toString(ts) + " of the old leader"))
            .exceptionally(failure -> unlessWrong(cluster, failure));
        cluster.advance(10);
      }
    }
  }

  /** That it refuses is right. */
  private static Void unlessWrong(Scenario cluster, Throwable failure) {
    if (failure.getCause() instanceof AssertionError wrong) {
      cluster.world().violate("timestamps", wrong.getMessage(), wrong);
    }
    return null;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void p05ADiskThatHangs(long seed) {
    try (Scenario cluster = cluster(seed)) {
      Asked asked = new Asked(cluster);
      asked.times(10);
      SimPd old = cluster.pd(cluster.leadingPd());
      long begin = now(cluster);
      old.disk().hangUntil(begin + 3_600 * SECOND_NANOS);
      cluster.until(
          "another one leads within ten seconds",
          10,
          () ->
              cluster.world().pds().stream()
                  .anyMatch(pd -> pd != old && pd.server() != null && pd.server().leads()));
      asked.times(50);
      cluster.put("a", "1");
      assertTrue(!old.server().leads());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void p06AClockThatJumpsAYear(long seed) {
    try (Scenario cluster = cluster(seed)) {
      Asked asked = new Asked(cluster);
      asked.times(10);
      long before = asked.physicalMillis();
      SimPd wrong = cluster.pd(cluster.leadingPd());
      wrong.machine().jump(YEAR_MILLIS * 1_000_000);
      asked.times(20);
      wrong.kill();
      cluster.leadingPd();
      cluster.world().pds().stream()
          .filter(pd -> pd != wrong)
          .forEach(pd -> pd.machine().jump(YEAR_MILLIS * 1_000_000));
      asked.times(20);
      assertTrue(asked.physicalMillis() - before < 60_000, "timestamps followed the clock");
      // the majority goes: what comes back with a right clock goes on
      SimPd second = cluster.pd(cluster.leadingPd());
      second.kill();
      wrong.start();
      wrong.machine().jump(-YEAR_MILLIS * 1_000_000);
      second.start();
      second.machine().jump(-YEAR_MILLIS * 1_000_000);
      asked.times(20);
      assertTrue(asked.physicalMillis() - before < 120_000, "timestamps followed the clock");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void p07AllDieAtOnce(long seed) {
    try (Scenario cluster = cluster(seed)) {
      Asked asked = new Asked(cluster);
      cluster.put("a", "1");
      for (int round = 0; round < 3; round++) {
        asked.times(10);
        boolean power = round % 2 == 0;
        cluster.world().pds().forEach(power ? SimPd::cutPower : SimPd::kill);
        cluster.advance(500);
        cluster.world().pds().forEach(SimPd::start);
        cluster.until(
            "a leader within fifteen seconds",
            15,
            () ->
                cluster.world().pds().stream()
                    .anyMatch(pd -> pd.server() != null && pd.server().leads()));
      }
      asked.times(10);
      cluster.put("a", "2");
    }
  }
}
