package dev.kittiwake.pd.group;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** A member that comes back without its data may have forgotten a vote: nobody takes it for one. */
final class LostDataTest {
  private static VirtualGroup.Member other(VirtualGroup group, VirtualGroup.Member leader) {
    return group.member(leader.name.equals("a") ? "b" : "a");
  }

  private static void comesBackEmpty(VirtualGroup.Member member) {
    member.kill();
    member.storage.wipe();
    member.start();
  }

  private static void assertExpelled(VirtualGroup group, VirtualGroup.Member member) {
    group.time.advance(5_000);
    assertTrue(member.server.failed().isDone(), "nobody has noticed");
    String reason = member.server.failed().join().getMessage();
    assertTrue(reason.contains("does not have the data that it had"), reason);
  }

  @Test
  void itIsNoticedAtOnceWhoeverItIs() {
    for (long seed = 1; seed <= 20; seed++) {
      VirtualGroup group = new VirtualGroup(seed, "a", "b", "c").start();
      VirtualGroup.Member follower = other(group, group.awaitLeader(5_000));
      comesBackEmpty(follower);
      assertExpelled(group, follower);
    }
  }

  @Test
  void aLeaderThatHasNotHeardItBeforeKnowsFromTheOneBefore() {
    for (long seed = 1; seed <= 20; seed++) {
      VirtualGroup group = new VirtualGroup(seed, "a", "b", "c");
      group.isolate("c");
      group.start();
      VirtualGroup.Member first = group.awaitLeader(5_000);
      VirtualGroup.Member voter = other(group, first);
      voter.kill();
      voter.storage.wipe();
      first.kill();
      group.heal();
      first.start(); // it has forgotten whom it heard
      group.awaitLeader(10_000);
      voter.start();
      assertExpelled(group, voter);
    }
  }

  @Test
  void itMayJoinAgainAsANewOne() {
    for (long seed = 1; seed <= 20; seed++) {
      VirtualGroup group = new VirtualGroup(seed, "a", "b", "c").start();
      VirtualGroup.Member leader = group.awaitLeader(5_000);
      VirtualGroup.Member lost = other(group, leader);
      comesBackEmpty(lost);
      assertExpelled(group, lost);
      lost.kill();
      final long id = lost.name.equals("a") ? 1 : 2;
      leader.server.dismiss(id);
      group.time.advance(3_000);
      VirtualGroup.Member fourth = group.join("d", leader);
      group.time.advance(5_000);
      assertTrue(fourth.server.ready().isDone(), "seed " + seed + fourth.server.waitingFor());
      assertFalse(fourth.server.failed().isDone());
    }
  }
}
