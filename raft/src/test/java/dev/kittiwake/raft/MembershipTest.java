package dev.kittiwake.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Membership changes against a model that knows only "who is what in the end". */
class MembershipTest {
  private static final byte[] NOTHING = new byte[0];

  /** A change that fits, applied; the membership itself if the drawn one does not fit. */
  static Membership randomStep(Membership now, SplittableRandom random) {
    try {
      return now.after(randomChange(now, random));
    } catch (IllegalArgumentException unfit) {
      return now;
    }
  }

  private static MembershipChange randomChange(Membership now, SplittableRandom random) {
    if (now.joint()) {
      return MembershipChange.leaveJoint(NOTHING);
    }
    if (random.nextInt(3) == 0) {
      return MembershipChange.simple(randomChangeOf(1 + random.nextLong(7), random), NOTHING);
    }
    List<Change> changes = new ArrayList<>();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      changes.add(randomChangeOf(1 + random.nextLong(7), random));
    }
    return MembershipChange.enterJoint(changes, random.nextBoolean(), NOTHING);
  }

  private static Change randomChangeOf(long peer, SplittableRandom random) {
    return new Change(Change.Kind.values()[random.nextInt(3)], peer);
  }

  @Test
  void changesEndWhereTheModelSays() {
    for (long seed = 1; seed <= 5_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Membership now = Membership.of(1, 2, 3);
      TreeMap<Long, String> model =
          new TreeMap<>(java.util.Map.of(1L, "voter", 2L, "voter", 3L, "voter"));
      for (int step = 0; step < 10; step++) {
        MembershipChange change = randomChange(now, random);
        TreeMap<Long, String> next = new TreeMap<>(model);
        boolean fits = true;
        for (Change one : change.changes()) {
          switch (one.kind()) {
            case ADD_VOTER -> next.put(one.peer(), "voter");
            case ADD_LEARNER -> next.put(one.peer(), "learner");
            case REMOVE -> fits &= next.remove(one.peer()) != null;
          }
        }
        fits &= next.containsValue("voter");
        if (!fits) {
          Membership before = now;
          assertThrows(IllegalArgumentException.class, () -> before.after(change), "seed " + seed);
          continue;
        }
        Membership after = now.after(change);
        assertEquals(change.joint(), after.joint(), "seed " + seed);
        assertEquals(
            change.joint() ? now.voters() : new java.util.TreeSet<>(),
            after.outgoing(),
            "seed " + seed);
        assertEquals(after, Membership.decode(after.encode()));
        assertEquals(change, MembershipChange.decode(change.encode()));
        model = next;
        now = after;
        Membership settled = now.joint() ? now.after(MembershipChange.leaveJoint(NOTHING)) : now;
        TreeMap<Long, String> found = new TreeMap<>();
        settled.voters().forEach(peer -> found.put(peer, "voter"));
        settled.learners().forEach(peer -> found.put(peer, "learner"));
        assertEquals(model, found, "seed " + seed + " after " + change);
      }
    }
  }

  @Test
  void aChangeThatDoesNotFitNamesWhy() {
    Membership joint =
        Membership.of(1, 2, 3)
            .after(MembershipChange.enterJoint(List.of(Change.addVoter(4)), false, NOTHING));
    assertThrows(
        IllegalArgumentException.class,
        () -> joint.after(MembershipChange.simple(Change.addVoter(5), NOTHING)));
    assertThrows(
        IllegalArgumentException.class,
        () -> Membership.of(1).after(MembershipChange.leaveJoint(NOTHING)));
    assertThrows(
        IllegalArgumentException.class,
        () -> Membership.of(1).after(MembershipChange.simple(Change.remove(1), NOTHING)));
  }
}
