package dev.kittiwake.raft.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The rules of the Raft paper (extended version, 2014), section by section: one test for each. */
class RaftPaperTest {
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

  @Test
  @DisplayName("§5.1 a replica that sees a newer term takes it and becomes a follower")
  void newerTermMakesAFollower() {
    play(
        """
        group 1 2 3 plain
        campaign 1
        deliver
        cut 1
        campaign 2
        deliver
        heal
        tick 2 2
        deliver
        """);
    saw("1 term 3 follows 2");
  }

  @Test
  @DisplayName("§5.1 a request with an older term is refused, and tells the newer one")
  void olderTermIsRefused() {
    play(
        """
        group 1 2 3 plain
        campaign 1
        deliver
        cut 1
        campaign 2
        deliver
        heal
        tick 1 2
        deliver
        """);
    saw("2→1 term 3 alive, round 0");
    saw("1 term 3 FOLLOWER");
  }

  @Test
  @DisplayName("§5.2 heartbeats keep followers from campaigning")
  void heartbeatsKeepFollowersQuiet() {
    play(
        """
        group 1 2 3
        campaign 1
        deliver
        tick 2 9
        tick 1 2
        deliver
        tick 2 9
        """);
    never("2 term 2 PRE_CANDIDATE");
  }

  @Test
  @DisplayName("§5.2 one vote in each term, first come first served")
  void oneVoteATerm() {
    play(
        """
        group 1 2 3 plain
        campaign 1
        campaign 2
        deliver
        """);
    assertEquals(1, count("3→1 term 2 grant") + count("3→2 term 2 grant"));
    assertEquals(1, count("LEADS"));
  }

  @Test
  @DisplayName("§5.2 a candidate that hears the leader of its own term gives up")
  void candidateYieldsToTheLeaderOfItsTerm() {
    play(
        """
        group 1 2 3 plain
        campaign 2
        lose
        campaign 1
        deliver
        """);
    saw("2 term 2 follows 1");
  }

  @Test
  @DisplayName("§5.3 an entry is committed once a majority holds it, and followers learn of it")
  void committedByAMajority() {
    play(
        """
        group 1 2 3 4 5
        campaign 1
        deliver
        cut 4 5
        propose 1 a
        deliver
        tick 1
        deliver
        """);
    saw("1 applies 3@2=a");
    saw("2 applies 3@2=a");
  }

  @Test
  @DisplayName("§5.3 without a majority nothing is committed")
  void notCommittedByAMinority() {
    play(
        """
        group 1 2 3 4 5
        campaign 1
        deliver
        cut 1 2
        propose 1 a
        deliver
        """);
    never("applies 3@2=a");
  }

  @Test
  @DisplayName("§5.3 an append is refused where the logs disagree, and the leader goes back")
  void consistencyCheck() {
    play(
        """
        group 1 2 3
        campaign 1
        deliver
        cut 3
        propose 1 a
        deliver
        heal
        propose 1 b
        deliver
        tick 1 2
        deliver
        show
        """);
    assertTrue(count("3→1 term 2 rejected at 3, hint 2@2") >= 1);
    saw("3 FOLLOWER term 2 commit 4 log 1@1: 2@2 3@2=a 4@2=b");
  }

  @Test
  @DisplayName("§5.3 an append that is repeated changes nothing")
  void appendIsIdempotent() {
    play(
        """
        group 1 2
        campaign 1
        deliver
        propose 1 a
        propose 1 b
        deliver
        tick 1 20
        deliver
        show
        """);
    assertEquals(1, count("2 applies 3@2=a"));
    assertEquals(1, count("2 applies 4@2=b"));
  }

  @Test
  @DisplayName("§5.4.1 a candidate whose log is behind that of a majority cannot win")
  void electionRestriction() {
    play(
        """
        group 1 2 3 plain
        campaign 1
        deliver
        cut 3
        propose 1 a
        deliver
        heal
        campaign 3
        deliver
        """);
    never("3 term 3 LEADS");
    saw("1→3 term 3 refuse");
    saw("2→3 term 3 refuse");
  }

  @Test
  @DisplayName("§5.4.2 figure 8: an entry of an earlier term on a majority is not yet committed")
  void earlierTermsAreNotCommittedByCounting() {
    play(
        """
        group 1 2 3 4 5 plain
        campaign 1
        deliver
        cut 1 2
        propose 1 old
        deliver
        heal
        crash 1
        cut 3 4 5
        cut 2
        campaign 5
        deliver
        """);
    never("applies 3@2=old");
    play(
        """
        group 1 2 3 plain
        campaign 1
        deliver
        cut 1
        propose 1 old
        lose
        crash 1
        start 1
        heal
        campaign 1
        step
        step
        lose
        acknowledge 2 1 3
        acknowledge 3 1 3
        show
        """);
    saw("1 LEADER term 3 commit 2 log 1@1: 2@2 3@2=old 4@3");
    never("applies 3@2=old");
    play(
        """
        group 1 2 3 plain
        campaign 1
        deliver
        cut 1
        propose 1 old
        lose
        crash 1
        start 1
        heal
        campaign 1
        step
        step
        lose
        acknowledge 2 1 4
        """);
    saw("1 applies 3@2=old");
  }

  @Test
  @DisplayName("§5.5 a follower that crashed is brought up to date again")
  void crashedFollowerCatchesUp() {
    play(
        """
        group 1 2 3
        campaign 1
        deliver
        crash 3
        propose 1 a
        deliver
        start 3
        tick 1 2
        deliver
        tick 1 2
        deliver
        """);
    saw("3 applies 3@2=a");
  }

  @Test
  @DisplayName("§6 in a joint configuration both majorities elect and commit")
  void jointNeedsBothMajorities() {
    play(
        """
        group 1 2 3
        spare 4
        spare 5
        campaign 1
        deliver
        change 1 joint +4 +5 -2 -3
        deliver
        tick 1 2
        deliver
        cut 2 3
        propose 1 a
        deliver
        """);
    never("1 applies 4@2=a");
  }

  @Test
  @DisplayName("§6 a leader that is not in the new configuration steps down when that is committed")
  void removedLeaderStepsDown() {
    play(
        """
        group 1 2 3
        campaign 1
        deliver
        change 1 remove 1
        deliver
        """);
    saw("1 term 2 FOLLOWER");
    saw("2 applies 3@2=members voters=[2, 3]");
  }

  @Test
  @DisplayName("§6 replicas that hear a leader ignore candidates, so a removed one cannot disturb")
  void removedReplicaDoesNotDisturb() {
    play(
        """
        group 1 2 3
        campaign 1
        deliver
        cut 3
        change 1 remove 3
        deliver
        heal
        tick 3 10
        deliver
        show
        """);
    never("2 FOLLOWER term 3");
    saw("1 LEADER term 2 commit 3 log 1@1: 2@2 3@2=members");
  }

  @Test
  @DisplayName("§7 a follower that needs discarded entries gets a snapshot")
  void snapshotForALaggard() {
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
        tick 1 2
        deliver
        propose 1 b
        deliver
        tick 1
        deliver
        """);
    saw("3 installs snapshot 3@2 voters=[1, 2, 3]");
    saw("3 applies 4@2=b");
  }

  @Test
  @DisplayName(
      "§8 a new leader reads only after it has committed an entry of its term, and proved its leadership")
  void readsNeedACommitInTheTermAndARound() {
    play(
        """
        group 1 2 3
        cut 3
        campaign 1
        step
        step
        step
        step
        hold 2
        read 1 7
        deliver
        """);
    never("may answer read 7");
    play(
        """
        group 1 2 3
        campaign 1
        deliver
        cut 1
        read 1 7
        deliver
        heal
        tick 1 2
        deliver
        """);
    saw("1 may answer read 7 at 2");
  }
}
