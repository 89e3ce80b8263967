package dev.kittiwake.pd.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.pd.PdConfig;
import dev.kittiwake.proto.pdpb.AllocIDRequest;
import dev.kittiwake.proto.pdpb.AllocIDResponse;
import dev.kittiwake.proto.pdpb.GetMembersResponse;
import dev.kittiwake.proto.rpc.PdMethod;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Several members: who leads, what survives, who comes and goes. */
final class MembersTest {
  private static long allocate(VirtualGroup group, VirtualGroup.Member at) {
    CompletableFuture<AllocIDResponse> answer =
        at.server.endpoint().call(PdMethod.ALLOC_ID, AllocIDRequest.getDefaultInstance());
    group.time.advance(50);
    return answer.join().getId();
  }

  private static GetMembersResponse members(VirtualGroup group, VirtualGroup.Member at) {
    CompletableFuture<GetMembersResponse> answer = at.members();
    group.time.advance(1);
    return answer.join();
  }

  @Test
  void threeMembersElectOneAndAllSayWho() {
    VirtualGroup group = new VirtualGroup(1, "a", "b", "c").start();
    VirtualGroup.Member leader = group.awaitLeader(5_000);
    group.time.advance(1_000);
    for (VirtualGroup.Member member : group.all()) {
      GetMembersResponse response = members(group, member);
      assertEquals(3, response.getMembersCount(), member.name);
      assertEquals(leader.name, response.getLeader().getName(), member.name);
      assertEquals(leader.name, response.getEtcdLeader().getName(), member.name);
      assertTrue(response.getHeader().getClusterId() != 0, member.name);
      assertTrue(member.server.ready().isDone(), member.name);
    }
  }

  @Test
  void aFollowerRefusesWhatOnlyTheLeaderAnswers() {
    VirtualGroup group = new VirtualGroup(2, "a", "b", "c").start();
    VirtualGroup.Member leader = group.awaitLeader(5_000);
    for (VirtualGroup.Member member : group.all()) {
      if (member != leader) {
        CompletableFuture<AllocIDResponse> answer =
            member.server.endpoint().call(PdMethod.ALLOC_ID, AllocIDRequest.getDefaultInstance());
        CompletableFuture<Long> timestamp = member.server.endpoint().timestamps(0, 1);
        group.time.advance(10);
        String refused = answer.handle((response, failure) -> failure.getMessage()).join();
        assertTrue(refused.contains("UNAVAILABLE") && refused.contains("not leader"), refused);
        refused = timestamp.handle((ts, failure) -> failure.getMessage()).join();
        assertTrue(refused.contains("not leader"), refused);
      }
    }
  }

  @Test
  void idsGoOnBehindADeadLeader() {
    VirtualGroup group = new VirtualGroup(3, "a", "b", "c").start();
    VirtualGroup.Member first = group.awaitLeader(5_000);
    long id = allocate(group, first);
    first.kill();
    VirtualGroup.Member second = group.awaitLeader(5_000);
    long next = allocate(group, second);
    assertTrue(next > id, next + " after " + id);
    first.restart();
    group.time.advance(2_000);
    assertEquals(second.name, members(group, first).getLeader().getName());
  }

  @Test
  void aFollowerThatWasAwayGetsASnapshot() {
    VirtualGroup group =
        new VirtualGroup(
                4, dev.kittiwake.pd.PdConfig.Timing.DEFAULT.withBlocks(1, 20), "a", "b", "c")
            .start();
    VirtualGroup.Member leader = group.awaitLeader(5_000);
    VirtualGroup.Member away = group.member(leader.name.equals("a") ? "b" : "a");
    away.kill();
    long id = 0;
    for (int i = 0; i < 100; i++) {
      id = allocate(group, leader);
    }
    away.restart();
    group.time.advance(3_000);
    leader.kill();
    VirtualGroup.Member next = group.awaitLeader(5_000);
    next.kill();
    leader.restart();
    // only the one that was away and the old leader are left
    VirtualGroup.Member last = group.awaitLeader(8_000);
    assertTrue(allocate(group, last) > id);
  }

  @Test
  void aNewcomerLearnsThenVotes() {
    VirtualGroup group = new VirtualGroup(5, "a", "b", "c").start();
    VirtualGroup.Member leader = group.awaitLeader(5_000);
    long id = allocate(group, leader);
    VirtualGroup.Member fourth = group.join("d", leader);
    VirtualGroup.Member fifth = group.join("e", leader);
    group.time.advance(5_000);
    assertEquals(5, members(group, leader).getMembersCount());
    assertEquals(5, members(group, fifth).getMembersCount());
    // of five two may die
    leader.kill();
    group.member(leader.name.equals("a") ? "b" : "a").kill();
    VirtualGroup.Member next = group.awaitLeader(6_000);
    assertTrue(allocate(group, next) > id);
    fourth.kill();
    fourth.restart();
    group.time.advance(3_000);
    assertTrue(fourth.server.ready().isDone());
  }

  /** The members that run on, and what they decided meanwhile, are not set aside by its start. */
  @Test
  void whoStartsAgainWithoutTheListIsStillOneOfThree() {
    VirtualGroup group = new VirtualGroup(31, "a", "b", "c").start();
    VirtualGroup.Member leader = group.awaitLeader(5_000);
    group.time.advance(1_000);
    VirtualGroup.Member other = group.member(leader.name.equals("c") ? "b" : "c");
    long before = allocate(group, leader);
    other.kill();
    for (int i = 0; i < 5; i++) {
      allocate(group, leader);
    }
    other.start();
    assertEquals(PdConfig.Group.ALONE, other.config().group());
    group.time.advance(5_000);
    assertEquals(leader, group.awaitLeader(5_000));
    assertEquals(before + 6, allocate(group, leader));
    GetMembersResponse response = members(group, other);
    assertEquals(3, response.getMembersCount());
    assertEquals(leader.name, response.getLeader().getName());
  }
}
