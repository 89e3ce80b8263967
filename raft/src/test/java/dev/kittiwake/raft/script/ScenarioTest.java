package dev.kittiwake.raft.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Faults that other implementations of Raft have met, one test for each; the ids are those of
 * {@code docs/scenarios.md}.
 */
class ScenarioTest {
  private List<String> lines = List.of();

  private void play(String script) {
    lines =
        new ScriptedGroup()
            .run(script.lines().map(String::strip).filter(line -> !line.isEmpty()).toList());
  }

  private void saw(String line) {
    assertTrue(lines.contains(line), () -> "missing: " + line + "\n" + String.join("\n", lines));
  }

  private void never(String part) {
    assertFalse(
        lines.stream().anyMatch(line -> line.contains(part)),
        () -> part + " in\n" + String.join("\n", lines));
  }

  private long count(String part) {
    return lines.stream().filter(line -> line.contains(part)).count();
  }

  private int position(String line) {
    int at = lines.indexOf(line);
    assertTrue(at >= 0, () -> "missing: " + line + "\n" + String.join("\n", lines));
    return at;
  }

  private void someoneLeadsAfter(String command) {
    int from = lines.lastIndexOf("> " + command);
    assertTrue(
        lines.subList(from, lines.size()).stream().anyMatch(line -> line.endsWith(" LEADS")),
        () -> "nobody leads after " + command + "\n" + String.join("\n", lines));
  }

  @Test
  @DisplayName("R01 a peer that waits for its first snapshot keeps its vote over a restart")
  void r01UninitialisedPeerRemembersItsVote() {
    play(
        """
        group 1 2 3 plain
        spare 4
        campaign 1
        deliver
        cut 4
        change 1 add 4
        deliver
        tick 1 2
        deliver
        heal
        crash 1
        campaign 2
        campaign 3
        hold 4
        cut 3
        step
        step
        """);
    never("4→2 term 3 grant"); // its disk holds the vote back, so the answer waits
    play(
        """
        group 1 2 3 plain
        spare 4
        campaign 1
        deliver
        cut 4
        change 1 add 4
        deliver
        tick 1 2
        deliver
        heal
        crash 1
        campaign 2
        cut 3
        step
        crash 4
        start 4
        heal
        cut 2
        campaign 3
        step
        step
        """);
    saw("4→3 term 3 refuse");
    assertEquals(0, count("4→3 term 3 grant"));
  }

  @Test
  @DisplayName("R02 no membership change before an entry of the leader's term is committed")
  void r02MembershipChangeWaitsForACommitOfTheTerm() {
    play(
        """
        group 1 2 3 4 plain
        campaign 1
        deliver
        cut 1
        change 1 add 5
        deliver
        campaign 2
        step
        step
        hold 3
        hold 4
        change 2 remove 1
        show
        sync 3
        sync 4
        deliver
        change 2 remove 1
        deliver
        """);
    assertEquals(1, count("refused BUSY: a membership change may be under way"));
    saw("2 applies 4@3=members voters=[2, 3, 4]");
    never("voters=[1, 2, 3, 4, 5]");
  }

  @Test
  @DisplayName("R03 a promotion that only the crashed leader knows to be committed blocks no one")
  void r03PromotionInAnEvenGroupSurvivesTheLeadersCrash() {
    play(
        """
        group 1 2
        spare 3
        campaign 1
        deliver
        change 1 learner 3
        deliver
        tick 1 2
        deliver
        change 1 add 3
        step
        step
        lose
        crash 1
        live 25 2 3
        start 1
        live 40 1 2 3
        show
        """);
    someoneLeadsAfter("start 1");
    assertEquals(
        3, count("voters=[1, 2, 3]"), "all agree on three voters\n" + String.join("\n", lines));
  }

  @Test
  @DisplayName("R04 a learner that does not know of its promotion answers votes")
  void r04PromotedLearnerAnswersVotes() {
    play(
        """
        group 1 2
        spare 3
        campaign 1
        deliver
        change 1 learner 3
        deliver
        tick 1 2
        deliver
        cut 3
        change 1 add 3
        deliver
        tick 1 2
        deliver
        heal
        crash 1
        live 25 3 2
        """);
    saw("3→2 term 3 grant");
    saw("2 term 3 LEADS");
  }

  @Test
  @DisplayName("R05 pre-vote and quorum check end no group in a stand-off")
  void r05NoStandOffAfterHealing() {
    play(
        """
        group 1 2 3
        campaign 1
        deliver
        cut 1
        propose 1 a
        propose 1 b
        live 11 1
        live 25 3 2
        heal
        cut 2
        live 11 2
        live 30 1 3
        """);
    someoneLeadsAfter("live 30 1 3");
    play(
        """
        group 1 2 3
        campaign 1
        deliver
        cut 3
        live 50 3
        heal
        live 30 1 2 3
        propose 1 a
        deliver
        """);
    saw("1 applies 3@2=a"); // who came back did not depose the leader
  }

  @Test
  @DisplayName("R06 in a joint configuration an old long log and a new short one do not block")
  void r06JointConfigurationFindsALeader() {
    play(
        """
        group 1 2 3
        spare 4
        spare 5
        campaign 1
        deliver
        change 1 learner 4
        deliver
        tick 1 2
        deliver
        change 1 learner 5
        deliver
        tick 1 2
        deliver
        change 1 joint +4 +5 -2 -3
        deliver
        tick 1 2
        deliver
        cut 1
        propose 1 a
        propose 1 b
        propose 1 c
        live 11 1
        live 30 3 4 5 2
        propose 2 d
        deliver
        crash 2
        heal
        live 30 1 3 4 5
        """);
    saw("2 term 3 LEADS");
    someoneLeadsAfter("live 30 1 3 4 5");
    never("applies 6@2=a");
  }

  @Test
  @DisplayName("R07 a replica that hears nobody but is heard raises no terms")
  void r07DeafReplicaDoesNotDisturb() {
    play(
        """
        group 1 2 3
        campaign 1
        deliver
        deaf 3
        live 60 1 2 3
        propose 1 a
        deliver
        show
        """);
    saw("1 LEADER term 2 commit 3 log 1@1: 2@2 3@2=a");
    saw("2 FOLLOWER term 2 commit 2 log 1@1: 2@2 3@2=a");
    play(
        """
        group 1 2 3
        campaign 1
        deliver
        deaf 1
        live 60 1 3 2
        propose 2 a
        deliver
        """);
    saw("2 term 3 LEADS"); // the deaf leader has resigned, and its heartbeats ended
    saw("2 applies 4@3=a");
    never("term 5");
  }

  @Test
  @DisplayName("R08 the lease ends before another may campaign")
  void r08LeaseEndsBeforeTheHandOver() {
    play(
        """
        group 1 2 3
        campaign 1
        deliver
        transfer 1 2
        deliver
        """);
    assertTrue(position("1 gives up its lease") < position("1→2 term 2 campaign now"));
    assertTrue(position("1 gives up its lease") < position("2 term 3 LEADS"));
  }

  @Test
  @DisplayName("a refused append proves no lease before the term that it is of is durable")
  void aRefusalOfAForgetfulFollowerProvesNoLease() {
    String upToTheRefusal =
        """
        group 1 2 3
        leases
        campaign 1
        deliver
        cut 3
        propose 1 a
        deliver
        heal
        hold 3
        transfer 1 2
        step
        step
        step
        cut 1
        deliver
        """;
    play(upToTheRefusal);
    assertEquals(1, count("3→2 term 3 rejected"), String.join("\n", lines));
    never("2 may hold a lease"); // a restart of 3 would forget term 3, and vote for 1 at once
    play(upToTheRefusal + "sync 3\ndeliver\nlive 3 2\n");
    saw("2 may hold a lease");
  }

  @Test
  @DisplayName("R11 a group of one acknowledges nothing before it is durable")
  void r11AloneNothingIsCommittedBeforeItIsDurable() {
    play(
        """
        group 1
        hold 1
        campaign 1
        """);
    never("LEADS"); // not even its own vote counts
    play(
        """
        group 1
        campaign 1
        hold 1
        propose 1 a
        """);
    never("applies 3@2=a");
    play(
        """
        group 1
        campaign 1
        propose 1 a
        hold 1
        propose 1 b
        crash 1
        sync 1
        start 1
        campaign 1
        show
        """);
    saw("1 applies 3@2=a");
    never("=b");
  }

  @Test
  @DisplayName("R15 a second snapshot that comes while the first is installed does no harm")
  void r15TwoSnapshotsCloseTogether() {
    play(
        """
        group 1 2 3
        campaign 1
        deliver
        cut 3
        propose 1 a
        deliver
        compact 1 3
        tick 1 2
        deliver
        heal
        slowly
        tick 1 2
        deliver
        propose 1 b
        deliver
        tick 1 2
        deliver
        compact 1 4
        compact 2 4
        crash 1
        tick 2 10
        tick 3 10
        campaign 2
        deliver
        live 5 2 3
        quickly
        live 30 2 3
        propose 2 c
        deliver
        live 3 2
        show
        """);
    assertTrue(count("2→3 term 3 snapshot") >= 1, String.join("\n", lines));
    saw("3 applies 6@3=c");
  }

  @Test
  @DisplayName("R16 an older snapshot than what is committed takes nothing away")
  void r16OlderSnapshotIsIgnored() {
    play(
        """
        group 1 2 3
        campaign 1
        deliver
        cut 3
        propose 1 a
        deliver
        tick 1 2
        deliver
        compact 1 3
        heal
        tick 1 2
        step
        step
        step
        step
        aside
        failed 1 3
        propose 1 b
        propose 1 c
        tick 1 2
        deliver
        compact 1 5
        live 5 1
        show
        back
        deliver
        show
        """);
    assertEquals(1, count("3 installs"), String.join("\n", lines));
    saw("1→3 term 2 snapshot 3@2 voters=[1, 2, 3]"); // late, and older than what is committed
    never("3 installs snapshot 3@2");
    assertEquals(
        2, count("3 FOLLOWER term 2 commit 5"), "it went back\n" + String.join("\n", lines));
  }

  @Test
  @DisplayName(
      "R17 a leader that cuts its log while a follower installs sends no snapshots for ever")
  void r17CompactionDuringInstallationConverges() {
    play(
        """
        group 1 2 3
        campaign 1
        deliver
        cut 3
        propose 1 a
        deliver
        compact 1 3
        heal
        hold 3
        tick 1 2
        deliver
        propose 1 b
        deliver
        compact 1 4
        crash 3
        start 3
        sync 3
        propose 1 c
        deliver
        live 30 1 2 3
        show
        """);
    saw("3 FOLLOWER term 2 commit 5 log 5@2:");
    assertTrue(count("3 installs") <= 2, String.join("\n", lines));
  }
}
