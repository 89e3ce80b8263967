package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.proto.pdpb.TransferLeader;
import dev.kittiwake.simulation.world.Options;
import dev.kittiwake.testkit.judge.Verdict;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who leads no longer and has not heard of it yet answers no read with what has been overtaken. A
 * client asks him all the time, while another writes at whoever leads now.
 */
class OldLeaderTest {
  private static final int STEP_MILLIS = 10;
  private static final long UNTIL_ASKED_NANOS = 100_000; // a step is carried out, not yet answered

  /**
   * The clocks are as wrong as they may be: the lease of the slow leader must be over before the
   * fast followers would vote for another.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theLeaseOfASlowClockEndsBeforeFastOnesElect(long seed) {
    try (Scenario cluster = Scenario.of(seed, Options.STANDARD)) {
      Direct register = new Direct(cluster, "k");
      cluster.put("k", "v0");
      for (int round = 0; round < 12; round++) {
        int old = cluster.leaderOf("k");
        for (int store = 1; store <= 3; store++) {
          cluster.drift(store, store == old ? 0.95 : 1.05);
        }
        cluster.advance(2_500);
        cluster.await(register.write(old));
        cluster.isolateFromStores(old);
        assertTrue(askTheOldAndWriteAtTheNew(cluster, register, old, 3_000), "nobody took over");
        cluster.heal();
        cluster.advance(3_000);
      }
      assertHolds(register);
    }
  }

  /** A process that stood still for seconds goes on where it was, and hears of nothing. */
  @ParameterizedTest
  @CsvSource({"1200ms, 1", "1200ms, 2", "0ms, 1", "0ms, 2"})
  void whoSleptAsksTheOthersBeforeItReads(String lease, long seed) {
    try (Scenario cluster =
        Scenario.of(seed, Options.STANDARD.with(KvSetting.LEADER_LEASE, lease))) {
      Direct register = new Direct(cluster, "k");
      for (int round = 0; round < 3; round++) {
        int old = cluster.leaderOf("k");
        cluster.await(register.write(old));
        register.read(old);
        cluster.advance(STEP_MILLIS);
        cluster.pause(old);
        cluster.isolateFromStores(old);
        cluster.until("another leads", () -> newLeader(cluster, old) != 0);
        assertTrue(cluster.await(register.write(newLeader(cluster, old))));
        cluster.resume(old);
        assertTrue(askTheOldAndWriteAtTheNew(cluster, register, old, 3_000), "nobody took over");
        cluster.heal();
        cluster.advance(3_000);
      }
      assertHolds(register);
    }
  }

  /** A new leader that was asked to take over needs nobody's silence. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void whoHandsOverReadsByHisLeaseNoMore(long seed) {
    try (Scenario cluster = Scenario.of(seed, Options.STANDARD)) {
      Direct register = new Direct(cluster, "k");
      int handedOver = 0;
      for (int round = 0; round < 6; round++) {
        int old = cluster.leaderOf("k");
        int heir = old % 3 + 1;
        cluster.await(register.write(old));
        cluster.advance(500);
        register.read(old);
        cluster.step(
            "k",
            b ->
                b.setTransferLeader(
                    TransferLeader.newBuilder()
                        .setPeer(cluster.peerOn(cluster.viewOf(old, "k"), heir))));
        cluster.world().time().run(UNTIL_ASKED_NANOS);
        for (int other = 1; other <= 3; other++) {
          if (other != old) {
            cluster.oneWay(other, old); // it has told its heir, and hears nobody from now on
          }
        }
        handedOver += askTheOldAndWriteAtTheNew(cluster, register, old, 1_000) ? 1 : 0;
        cluster.heal();
        cluster.advance(3_000);
      }
      assertHolds(register);
      assertTrue(handedOver > 0, "nobody took over");
    }
  }

  /** Answers whether another came to lead. */
  private static boolean askTheOldAndWriteAtTheNew(
      Scenario cluster, Direct register, int old, long millis) {
    CompletableFuture<Boolean> written = CompletableFuture.completedFuture(true);
    for (long passed = 0; passed < millis; passed += STEP_MILLIS) {
      register.read(old);
      int now = newLeader(cluster, old);
      if (now != 0 && written.isDone()) {
        written = register.write(now);
      }
      cluster.advance(STEP_MILLIS);
    }
    return newLeader(cluster, old) != 0;
  }

  /** Who leads beside or after the old one; 0 if nobody does. */
  private static int newLeader(Scenario cluster, int old) {
    return cluster.leaders("k").stream()
        .map(cluster::number)
        .filter(number -> number != old)
        .findFirst()
        .orElse(0);
  }

  private static void assertHolds(Direct register) {
    Verdict verdict = register.judge();
    assertFalse(verdict.isBroken(), verdict::toString);
    assertTrue(register.values() > 0, "no read was ever answered");
  }
}
