package dev.kittiwake.pd.group;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members break at random under load; timestamps strictly increase, and in the end all is well. */
final class RandomGroupTest {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
  void timestampsIncreaseWhateverBreaks(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    VirtualGroup group = new VirtualGroup(seed, "a", "b", "c", "d", "e").start();
    List<String> names = List.of("a", "b", "c", "d", "e");
    List<VirtualGroup.Member> broken = new ArrayList<>();
    for (int step = 0; step < 60; step++) {
      VirtualGroup.Member member = group.member(names.get(random.nextInt(5)));
      if (broken.size() < 2 && !broken.contains(member)) {
        breakOne(group, member, random.nextInt(5));
        broken.add(member);
      } else if (!broken.isEmpty()) {
        mend(group, broken.remove(random.nextInt(broken.size())));
      }
      group.runUnderLoad(200 + random.nextInt(2_500));
    }
    broken.forEach(member -> mend(group, member));
    group.awaitLeader(10_000);
    long given = group.given;
    group.runUnderLoad(1_000);
    assertTrue(group.given > given + 50, "seed " + seed + ": the group does not serve");
  }

  private static void breakOne(VirtualGroup group, VirtualGroup.Member member, int how) {
    switch (how) {
      case 0 -> member.kill();
      case 1 -> member.storage.hang();
      case 2 -> group.isolate(member.name);
      case 3 -> {
        member.clockSkewMillis = -5_000;
        group.cut(member.name, "a");
        group.cut("b", member.name);
      }
      default -> member.pause();
    }
  }

  private static void mend(VirtualGroup group, VirtualGroup.Member member) {
    group.heal(); // of all, to keep the story short
    member.clockSkewMillis = 0;
    if (member.server == null) {
      member.restart();
    } else {
      member.storage.recover();
      member.goOn();
    }
  }
}
