package dev.kittiwake.pd.cluster;

import dev.kittiwake.proto.pdstore.MemberRecord;
import dev.kittiwake.raft.Membership;
import dev.kittiwake.raft.Role;
import dev.kittiwake.raft.Status;
import dev.kittiwake.testkit.script.Scripts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** What the leader does about the list of members: {@code src/test/scripts/members}. */
final class RosterScriptTest {
  private static final long LAST = 1_000;

  @TestFactory
  Stream<DynamicNode> scripts() {
    return Scripts.in(Path.of("src/test/scripts/members")).tests(lines -> new World().run(lines));
  }

  /**
   * Lines: {@code list 1 2 3-} (who is to be a member, {@code -}: is to leave); {@code group 1 2
   * 4L} (who is in the group, L: learner); {@code joint 1 2 3} (voters that are being left); {@code
   * at 4 950 [silent]} (how far its log is known to reach, of 1000); {@code next 1} (1 leads).
   */
  private static final class World {
    private final TreeMap<Long, MemberRecord> list = new TreeMap<>();
    private final TreeSet<Long> voters = new TreeSet<>();
    private final TreeSet<Long> learners = new TreeSet<>();
    private final TreeSet<Long> outgoing = new TreeSet<>();
    private final TreeMap<Long, Long> match = new TreeMap<>();
    private final TreeSet<Long> silent = new TreeSet<>();
    private final List<String> output = new ArrayList<>();

    List<String> run(List<String> lines) {
      lines.stream().filter(line -> !line.isBlank()).forEach(line -> line(line.split("\\s+")));
      return output;
    }

    private void line(String[] words) {
      switch (words[0]) {
        case "list" -> {
          list.clear();
          for (int i = 1; i < words.length; i++) {
            boolean leaves = words[i].endsWith("-");
            long id = Long.parseLong(words[i].replace("-", ""));
            list.put(
                id,
                MemberRecord.newBuilder().setId(id).setName("m" + id).setRemoving(leaves).build());
          }
        }
        case "group" -> {
          voters.clear();
          learners.clear();
          outgoing.clear();
          for (int i = 1; i < words.length; i++) {
            long id = Long.parseLong(words[i].replace("L", ""));
            (words[i].endsWith("L") ? learners : voters).add(id);
          }
        }
        case "joint" -> {
          for (int i = 1; i < words.length; i++) {
            outgoing.add(Long.parseLong(words[i]));
          }
        }
        case "at" -> {
          match.put(Long.parseLong(words[1]), Long.parseLong(words[2]));
          if (words.length > 3) {
            silent.add(Long.parseLong(words[1]));
          }
        }
        case "next" -> output.add(shown(Roster.next(list, status(Long.parseLong(words[1])))));
        default -> throw new IllegalArgumentException("no such line: " + words[0]);
      }
    }

    private Status status(long leader) {
      Membership membership =
          new Membership(voters, outgoing, learners, new TreeSet<>(), !outgoing.isEmpty());
      List<Status.Peer> peers = new ArrayList<>();
      for (long id : membership.peers()) {
        long reached = match.getOrDefault(id, LAST);
        peers.add(
            new Status.Peer(
                id, reached, reached + 1, Status.Flow.REPLICATE, !silent.contains(id), 0));
      }
      return new Status(
          leader, Role.LEADER, 5, leader, leader, LAST, LAST, LAST, membership, 0, peers);
    }

    private static String shown(Roster.Step step) {
      if (step instanceof Roster.Step.Change change) {
        return change.what() + " (" + change.change() + ")";
      }
      if (step instanceof Roster.Step.HandOver handOver) {
        return "hand over to " + handOver.to();
      }
      return step instanceof Roster.Step.Forget forget ? "forget " + forget.member() : "nothing";
    }
  }
}
