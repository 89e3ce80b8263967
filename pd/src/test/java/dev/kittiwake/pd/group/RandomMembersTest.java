package dev.kittiwake.pd.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.proto.pdpb.GetMembersResponse;
import dev.kittiwake.proto.pdpb.Member;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Members join and leave at random while one of them is broken now and then; timestamps strictly
 * increase all along, and in the end the group is what its list of members says, and serves.
 */
final class RandomMembersTest {
  private static final int MOST = 5;
  private static final int LEAST = 3;
  private static final int STEPS = 50;

  static LongStream seeds() {
    long first = Long.getLong("seed", 31);
    int count = Integer.getInteger("seeds", Long.getLong("seed") == null ? 4 : 1);
    return LongStream.range(first, first + count);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void timestampsIncreaseWhoeverComesAndGoes(long seed) {
    new Story(seed).run();
  }

  private static final class Story {
    private final long seed;
    private final SplittableRandom random;
    private final VirtualGroup group;
    private VirtualGroup.Member broken; // null: all are well
    private int joined;
    private int left;

    Story(long seed) {
      this.seed = seed;
      this.random = new SplittableRandom(seed);
      this.group = new VirtualGroup(seed, "a", "b", "c").start();
      group.awaitLeader(10_000);
    }

    void run() {
      for (int step = 0; step < STEPS; step++) {
        switch (random.nextInt(5)) {
          case 0 -> join(step);
          case 1 -> leave();
          case 2, 3 -> breakOrMend();
          default -> group.time.advance(1);
        }
        group.runUnderLoad(200 + random.nextInt(2_500));
        endTheDismissed();
      }
      mend();
      settle();
      assertTrue(joined > 0, "seed " + seed + ": nobody joined");
      assertTrue(left > 0, "seed " + seed + ": nobody left");
    }

    private List<Member> listed(VirtualGroup.Member at) {
      var answer = at.members();
      group.time.advance(1);
      GetMembersResponse response = answer.join();
      return response.getMembersList().stream()
          .sorted(Comparator.comparing(Member::getName))
          .toList();
    }

    private void join(int step) {
      Optional<VirtualGroup.Member> leader = group.leader();
      if (leader.isPresent() && listed(leader.get()).size() < MOST) {
        joined += group.tryToJoin("n" + step, leader.get()).isPresent() ? 1 : 0;
      }
    }

    private void leave() {
      Optional<VirtualGroup.Member> leader = group.leader();
      if (leader.isEmpty()) {
        return;
      }
      List<Member> members = listed(leader.get());
      if (members.size() > LEAST) {
        Member goes = members.get(random.nextInt(members.size()));
        leader.get().server.dismiss(goes.getMemberId()); // may be refused, then nobody goes
      }
    }

    /** Who has been told that it is out ends, as its process would, and never comes back. */
    private void endTheDismissed() {
      for (VirtualGroup.Member member : List.copyOf(group.members())) {
        if (member.server != null && member.server.failed().isDone()) {
          member.kill();
          group.forget(member);
          left++;
          broken = member == broken ? null : broken;
        }
      }
    }

    /**
     * Who was dismissed before anybody spoke to it gives up its start, as its process would; and
     * who was away until all that it knew were gone cannot hear of it.
     */
    private void giveUpWhomNobodyCanTell(List<String> inside) {
      for (VirtualGroup.Member member : group.members()) {
        List<String> known = listed(member).stream().map(Member::getName).toList();
        boolean alone =
            known.stream().noneMatch(name -> !name.equals(member.name) && inside.contains(name));
        if (!inside.contains(member.name) && (alone || !member.server.ready().isDone())) {
          member.kill();
          group.forget(member);
        }
      }
    }

    private void breakOrMend() {
      if (broken != null) {
        mend();
        return;
      }
      List<VirtualGroup.Member> running = group.members();
      broken = running.get(random.nextInt(running.size()));
      switch (random.nextInt(4)) {
        case 0 -> broken.kill();
        case 1 -> broken.storage.hang();
        case 2 -> group.isolate(broken.name);
        default -> broken.pause();
      }
    }

    private void mend() {
      group.heal();
      if (broken != null) {
        if (broken.server == null) {
          broken.restart();
        } else {
          broken.storage.recover();
          broken.goOn();
        }
        broken = null;
      }
    }

    /** All that are in the list run and follow one leader; those who are not have ended. */
    private void settle() {
      for (int i = 0; i < 60; i++) {
        group.runUnderLoad(500);
        endTheDismissed();
      }
      VirtualGroup.Member leader = group.awaitLeader(10_000);
      List<String> inside = listed(leader).stream().map(Member::getName).toList();
      giveUpWhomNobodyCanTell(inside);
      List<String> running = group.members().stream().map(member -> member.name).sorted().toList();
      assertTrue(inside.containsAll(running), "seed " + seed + ": " + running + " of " + inside);
      long given = group.given;
      group.runUnderLoad(1_000);
      assertTrue(group.given > given + 50, "seed " + seed + ": the group does not serve");
      for (VirtualGroup.Member member : group.members()) {
        List<String> known = listed(member).stream().map(Member::getName).toList();
        assertEquals(inside, known, "seed " + seed + ": as " + member.name + " knows");
      }
    }
  }
}
