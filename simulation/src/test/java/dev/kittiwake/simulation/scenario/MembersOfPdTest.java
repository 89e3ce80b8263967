package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.pd.replica.Identity;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.simulation.world.Options;
import dev.kittiwake.simulation.world.SimPd;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members of the placement driver come and go under stores and clients that live on. */
class MembersOfPdTest {
  private static final byte[] KEY = "k".getBytes(StandardCharsets.UTF_8);
  private static final byte[] VALUE = "v".getBytes(StandardCharsets.UTF_8);

  private static SimPd join(Scenario cluster) {
    SimPd newcomer = cluster.world().addPd();
    Identity identity = Identity.newcomer(newcomer.machine().name(), 77);
    cluster.until(
        "it is let in",
        () -> {
          if (!newcomer.isMember()) {
            cluster.world().pds().stream()
                .filter(pd -> pd.server() != null && pd.server().leads())
                .findFirst()
                .ifPresent(leader -> newcomer.joinAt(leader, identity));
          }
          return newcomer.server() != null && newcomer.server().ready().isDone();
        });
    return newcomer;
  }

  private static long timestamp(Scenario cluster) {
    return cluster.await(cluster.client().client().pd().timestamp());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void allThatBeganTheGroupLeaveAndNobodyNotices(long seed) {
    try (Scenario cluster = Scenario.of(seed, Options.STANDARD.withPds(3))) {
      List<SimPd> founders = List.copyOf(cluster.world().pds());
      long largest = timestamp(cluster);
      join(cluster);
      join(cluster);
      for (SimPd founder : founders) {
        founder.dismissBy(cluster.pd(cluster.leadingPd()));
        cluster.until("it has been told", () -> !founder.isMember());
        long next = timestamp(cluster);
        assertTrue(Timestamp.isAfter(next, largest), "timestamps go back");
        largest = next;
      }
      assertTrue(cluster.leadingPd() > founders.size());
      cluster.await(cluster.client().raw().put(KEY, VALUE, 0));
      // a store that begins anew finds the members that it never knew
      cluster.kill(1);
      cluster.restart(1);
      cluster.until("the store serves again", () -> cluster.store(1).access() != null);
      assertArrayEquals(VALUE, cluster.await(cluster.client().raw().get(KEY)));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aMemberThatWasAloneIsJoinedAndLeaves(long seed) {
    try (Scenario cluster = Scenario.of(seed, Options.STANDARD)) {
      SimPd first = cluster.pd(1);
      long largest = timestamp(cluster);
      SimPd second = join(cluster);
      SimPd third = join(cluster);
      first.dismissBy(cluster.pd(cluster.leadingPd()));
      cluster.until("it has been told", () -> !first.isMember());
      second.kill();
      second.start();
      assertTrue(Timestamp.isAfter(timestamp(cluster), largest), "timestamps go back");
      assertFalse(first.isMember());
      assertTrue(third.isMember());
    }
  }

  /** It could vote a second time where it has voted; so it is not what it was. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aMemberWithANewDiskIsRefusedAndMayJoinAsAnother(long seed) {
    try (Scenario cluster = Scenario.of(seed, Options.STANDARD.withPds(3))) {
      long largest = timestamp(cluster);
      SimPd lost = cluster.pd(cluster.leadingPd() % 3 + 1);
      lost.loseDisk();
      lost.start();
      cluster.until("it is refused", () -> !lost.isMember());
      SimPd instead = join(cluster);
      assertTrue(instead.isMember());
      assertTrue(Timestamp.isAfter(timestamp(cluster), largest), "timestamps go back");
    }
  }
}
