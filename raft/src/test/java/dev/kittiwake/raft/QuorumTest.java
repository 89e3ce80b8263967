package dev.kittiwake.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Majorities against a model that counts. */
class QuorumTest {
  @Test
  void theReachedValueIsTheLargestThatMajoritiesHave() {
    for (long seed = 1; seed <= 5_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Membership membership = membership(random);
      TreeMap<Long, Long> values = new TreeMap<>();
      membership.peers().forEach(peer -> values.put(peer, (long) random.nextInt(6)));
      long expected = 0;
      for (long value = 1; value <= 6; value++) {
        if (majorityHas(membership.voters(), values, value)
            && (!membership.joint() || majorityHas(membership.outgoing(), values, value))) {
          expected = value;
        }
      }
      assertEquals(
          expected,
          new Quorum(membership).reached(values::get),
          "seed " + seed + " " + membership + values);
    }
  }

  private static boolean majorityHas(
      SortedSet<Long> voters, TreeMap<Long, Long> values, long atLeast) {
    return 2 * voters.stream().filter(voter -> values.get(voter) >= atLeast).count()
        > voters.size();
  }

  @Test
  void anElectionIsOpenExactlyWhileBothEndsArePossible() {
    for (long seed = 1; seed <= 5_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Membership membership = membership(random);
      SortedSet<Long> granted = new TreeSet<>();
      SortedSet<Long> refused = new TreeSet<>();
      for (long peer : membership.peers()) {
        int answer = random.nextInt(3);
        if (answer < 2) {
          (answer == 0 ? granted : refused).add(peer);
        }
      }
      Quorum quorum = new Quorum(membership);
      SortedSet<Long> silent = new TreeSet<>(membership.peers());
      silent.removeAll(granted);
      silent.removeAll(refused);
      SortedSet<Long> best = new TreeSet<>(granted);
      best.addAll(silent);
      Quorum.Outcome expected =
          wins(membership, granted)
              ? Quorum.Outcome.WON
              : wins(membership, best) ? Quorum.Outcome.OPEN : Quorum.Outcome.LOST;
      assertEquals(expected, quorum.outcome(granted::contains, refused::contains), "seed " + seed);
    }
  }

  private static boolean wins(Membership membership, SortedSet<Long> granted) {
    return most(membership.voters(), granted)
        && (!membership.joint() || most(membership.outgoing(), granted));
  }

  private static boolean most(SortedSet<Long> voters, SortedSet<Long> granted) {
    return 2 * voters.stream().filter(granted::contains).count() > voters.size();
  }

  private static Membership membership(SplittableRandom random) {
    return new Membership(
        some(random, 1),
        random.nextBoolean() ? some(random, 1) : new TreeSet<>(),
        new TreeSet<>(),
        new TreeSet<>(),
        false);
  }

  private static SortedSet<Long> some(SplittableRandom random, int atLeast) {
    SortedSet<Long> set = new TreeSet<>();
    int size = atLeast + random.nextInt(6);
    while (set.size() < size) {
      set.add(1 + random.nextLong(9));
    }
    return set;
  }

  /**
   * Any quorum before a change meets any quorum after it: the whole point of joint configurations.
   * Raft §6.
   */
  @Test
  void quorumsOfNeighbouringMembershipsMeet() {
    for (long seed = 1; seed <= 2_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Membership now = Membership.of(1, 2, 3);
      for (int step = 0; step < 8; step++) {
        Membership next = MembershipTest.randomStep(now, random);
        for (int mask = 0; mask < 1 << 7; mask++) {
          SortedSet<Long> side = new TreeSet<>();
          SortedSet<Long> rest = new TreeSet<>();
          for (long peer = 1; peer <= 7; peer++) {
            ((mask >> (peer - 1) & 1) == 1 ? side : rest).add(peer);
          }
          assertTrue(
              !wins(now, side) || !wins(next, rest),
              "seed " + seed + ": " + now + " then " + next + " split by " + side);
        }
        now = next;
      }
    }
  }
}
