package dev.kittiwake.pd.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.raft.Append;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * P01 to P07 of {@code docs/scenarios.md}: timestamps of three members strictly increase, whatever
 * happens. {@link VirtualGroup#askAll} checks each one against all that were given before it.
 */
final class TimestampScenariosTest {
  private static final long YEAR_MILLIS = 365L * 24 * 3_600_000;

  private static VirtualGroup group(long seed) {
    VirtualGroup group = new VirtualGroup(seed, "a", "b", "c").start();
    group.awaitLeader(5_000);
    group.runUnderLoad(500);
    return group;
  }

  /** A leader resigns while a save is under way, and leads again soon. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void p01LeaderResignsAndRegains(long seed) {
    VirtualGroup group = group(seed);
    for (int round = 0; round < 12; round++) {
      VirtualGroup.Member leader = group.awaitLeader(6_000);
      group.runUnderLoad(1_400 + 37 * seed); // about when a bound is saved
      leader.server.handOver();
      group.runUnderLoad(40);
    }
    long given = group.given;
    group.awaitLeader(6_000);
    group.runUnderLoad(500);
    assertTrue(group.given > given + 50, "nobody gives timestamps any more");
  }

  /** Clocks that stand, creep and go back do not make timestamps repeat. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void p02ClocksThatStandOrGoBack(long seed) {
    VirtualGroup group = group(seed);
    for (int round = 0; round < 8; round++) {
      for (VirtualGroup.Member member : group.all()) {
        member.clockSkewMillis -= 400 * seed; // back by more than passes
      }
      group.runUnderLoad(300);
      if (round % 3 == 2) {
        group.awaitLeader(6_000).server.handOver();
        group.runUnderLoad(200);
      }
    }
    assertTrue(group.given > 200);
  }

  /** A new leader gives nothing before its bound is saved by a majority. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void p03NothingIsGivenBeforeTheBoundIsSaved(long seed) {
    VirtualGroup group = group(seed);
    VirtualGroup.Member first = group.awaitLeader(5_000);
    first.kill();
    group.lost = message -> message instanceof Append append && !append.entries().isEmpty();
    long given = group.given;
    group.runUnderLoad(6_000);
    assertEquals(given, group.given, "given without a saved bound");
    group.lost = message -> false;
    group.awaitLeader(6_000);
    group.runUnderLoad(200);
    assertTrue(group.given > given);
  }

  /** A leader that is cut off stops before another one starts. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void p04DeposedLeaderStops(long seed) {
    VirtualGroup group = group(seed);
    for (int round = 0; round < 4; round++) {
      VirtualGroup.Member old = group.awaitLeader(6_000);
      group.isolate(old.name);
      group.runUnderLoad(2_000);
      VirtualGroup.Member next = group.awaitOtherLeader(6_000, old.name);
      assertFalse(old.isServing(), old.name + " serves beside " + next.name);
      group.runUnderLoad(500);
      group.heal();
      group.runUnderLoad(500);
    }
  }

  /** A process that is paused and goes on gives nothing that is too late. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void p04PausedLeaderStops(long seed) {
    VirtualGroup group = group(seed);
    VirtualGroup.Member old = group.awaitLeader(6_000);
    old.pause();
    group.awaitOtherLeader(6_000, old.name);
    group.runUnderLoad(500);
    old.goOn();
    group.runUnderLoad(2_000);
    assertFalse(old.isServing());
  }

  /** A disk that hangs, and does not fail, costs its member the lead within ten seconds. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void p05HungDisk(long seed) {
    VirtualGroup group = group(seed);
    VirtualGroup.Member old = group.awaitLeader(6_000);
    old.storage.hang();
    long end = group.time.nanos() + 10_000_000_000L;
    while (group.leader().map(leader -> leader == old).orElse(true)) {
      assertTrue(group.time.nanos() < end, "still nobody else leads");
      group.runUnderLoad(50);
    }
    long given = group.given;
    group.runUnderLoad(20_000);
    assertTrue(group.given > given + 500, "the others do not serve");
    assertFalse(old.isServing(), "the member with the hung disk leads again");
    old.storage.recover();
    group.runUnderLoad(3_000);
  }

  /** The clock of a leader jumps a year ahead: timestamps do not follow, nor do later leaders. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void p06ClockJump(long seed) {
    VirtualGroup group = group(seed);
    VirtualGroup.Member wrong = group.awaitLeader(6_000);
    wrong.clockSkewMillis = YEAR_MILLIS;
    group.runUnderLoad(5_000);
    assertTrue(group.aheadMillis() < 10_000, "ahead by " + group.aheadMillis() + " ms");
    for (VirtualGroup.Member member : group.all()) {
      member.clockSkewMillis = YEAR_MILLIS; // and now a leader that has just been elected
    }
    wrong.kill();
    group.awaitOtherLeader(6_000, wrong.name);
    group.runUnderLoad(5_000);
    assertTrue(group.aheadMillis() < 20_000, "ahead by " + group.aheadMillis() + " ms");
    // the majority goes; what is left and what comes back go on where time stands
    VirtualGroup.Member second = group.awaitLeader(6_000);
    second.kill();
    group.runUnderLoad(3_000);
    for (VirtualGroup.Member member : group.all()) {
      member.clockSkewMillis = 0;
    }
    wrong.restart();
    second.restart();
    group.awaitLeader(10_000);
    group.runUnderLoad(1_000);
    assertTrue(group.aheadMillis() < 30_000, "ahead by " + group.aheadMillis() + " ms");
  }

  /** All die at once: they serve again within fifteen seconds of their restart. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void p07AllDie(long seed) {
    VirtualGroup group = group(seed);
    for (int round = 0; round < 5; round++) {
      group.all().forEach(VirtualGroup.Member::kill);
      group.time.advance(50);
      group.all().forEach(VirtualGroup.Member::restart);
      group.awaitLeader(15_000);
      group.runUnderLoad(700);
    }
  }
}
