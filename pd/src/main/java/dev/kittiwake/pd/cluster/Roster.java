package dev.kittiwake.pd.cluster;

import dev.kittiwake.pd.meta.DropMember;
import dev.kittiwake.pd.meta.MetaCommand;
import dev.kittiwake.pd.meta.PutMember;
import dev.kittiwake.pd.replica.PdReplica;
import dev.kittiwake.proto.pdstore.MemberRecord;
import dev.kittiwake.raft.Change;
import dev.kittiwake.raft.Membership;
import dev.kittiwake.raft.MembershipChange;
import dev.kittiwake.raft.Status;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the group what the list of members says: the leader looks at both and takes the next step.
 * A newcomer is a learner until it has nearly caught up, then it votes; who leaves goes through a
 * joint configuration. A new leader goes on where the old one stopped. Confined to the loop.
 */
final class Roster {
  private static final Logger log = LoggerFactory.getLogger(Roster.class);

  /** A learner that lags less than that may vote. */
  private static final long CLOSE_ENTRIES = 100;

  /** What is to be done next. */
  sealed interface Step {
    record Nothing() implements Step {}

    record Change(MembershipChange change, String what) implements Step {}

    /** The leader itself is to leave: another one leads first. */
    record HandOver(long to) implements Step {}

    record Forget(long member) implements Step {}
  }

  private final PdReplica replica;
  private final PeerGate gate;
  private boolean busy; // a command of ours is under way

  Roster(PdReplica replica, PeerGate gate) {
    this.replica = replica;
    this.gate = gate;
  }

  /** Decides the next step. Pure. */
  static Step next(SortedMap<Long, MemberRecord> wanted, Status status) {
    Membership now = status.membership();
    if (now.joint()) {
      return new Step.Nothing(); // left by itself
    }
    SortedSet<Long> leaving = new TreeSet<>();
    for (long peer : now.peers()) {
      MemberRecord record = wanted.get(peer);
      if (record == null || record.getRemoving()) {
        leaving.add(peer);
      }
    }
    for (MemberRecord record : wanted.values()) {
      if (record.getRemoving() && !now.contains(record.getId())) {
        return new Step.Forget(record.getId());
      }
      if (!record.getRemoving() && !now.contains(record.getId())) {
        return new Step.Change(
            MembershipChange.simple(
                new Change(Change.Kind.ADD_LEARNER, record.getId()), new byte[0]),
            "member " + record.getName() + " joins, as a learner first");
      }
    }
    return changeVoters(wanted, status, leaving);
  }

  /** All that may vote begin to, and all that leave stop to, in one joint step. */
  private static Step changeVoters(
      SortedMap<Long, MemberRecord> wanted, Status status, SortedSet<Long> leaving) {
    List<Change> changes = new ArrayList<>();
    List<String> what = new ArrayList<>();
    for (Status.Peer peer : status.peers()) {
      boolean isLearner = status.membership().learners().contains(peer.id());
      boolean isClose = peer.recentlyActive() && status.lastIndex() - peer.match() <= CLOSE_ENTRIES;
      if (isLearner && isClose && !leaving.contains(peer.id())) {
        changes.add(new Change(Change.Kind.ADD_VOTER, peer.id()));
        what.add("member " + wanted.get(peer.id()).getName() + " votes from now on");
      }
    }
    if (leaving.contains(status.id())) {
      Optional<Long> successor = successor(status, leaving);
      if (successor.isPresent()) {
        return new Step.HandOver(successor.get());
      }
      leaving.remove(status.id());
    }
    for (long peer : leaving) {
      changes.add(new Change(Change.Kind.REMOVE, peer));
      what.add("member " + Long.toUnsignedString(peer) + " leaves");
    }
    boolean keepsVoters =
        status.membership().voters().stream().anyMatch(voter -> !leaving.contains(voter));
    return changes.isEmpty() || !keepsVoters
        ? new Step.Nothing()
        : new Step.Change(
            MembershipChange.enterJoint(changes, true, new byte[0]), String.join(", ", what));
  }

  /** The voter that would lead soonest: one that answers, with the longest log. */
  static Optional<Long> successor(Status status, SortedSet<Long> not) {
    return status.peers().stream()
        .filter(peer -> peer.id() != status.id() && !not.contains(peer.id()))
        .filter(peer -> status.membership().voters().contains(peer.id()))
        .max(
            Comparator.comparing(Status.Peer::recentlyActive)
                .thenComparing(Status.Peer::match)
                .thenComparing(Comparator.comparing(Status.Peer::id).reversed()))
        .map(Status.Peer::id);
  }

  /** On the leader, again and again. */
  void tick() {
    if (busy || replica.meta().clusterId() == 0) {
      return;
    }
    TreeMap<Long, MemberRecord> wanted = new TreeMap<>();
    replica.meta().members().forEach(member -> wanted.put(member.getId(), member));
    if (noteNews(wanted)) {
      return;
    }
    Step step = next(wanted, replica.status());
    if (step instanceof Step.Change change) {
      Optional<String> refused = replica.changeMembership(change.change());
      if (refused.isEmpty()) {
        log.info("event=members {}", change.what());
      }
    } else if (step instanceof Step.HandOver handOver) {
      replica.transferLeadership(handOver.to());
    } else if (step instanceof Step.Forget forget) {
      propose(new DropMember(forget.member()));
    }
  }

  /** A member that is now elsewhere, or that was only heard of: the group is told. */
  private boolean noteNews(SortedMap<Long, MemberRecord> wanted) {
    List<MemberRecord> news = news(wanted.values());
    if (news.isEmpty()) {
      return false;
    }
    propose(new PutMember(news.get(0)));
    return true;
  }

  /** What members said of themselves, where it is not what the group knows. */
  List<MemberRecord> news(Collection<MemberRecord> known) {
    List<MemberRecord> news = new ArrayList<>();
    for (MemberRecord each : known) {
      gate.heard(each.getId()).filter(said -> isNews(said, each)).ifPresent(news::add);
    }
    return news;
  }

  /**
   * Whether the group would take {@code said}: not if it comes from another member that has the
   * place of one which lost its data, and that was heard before the group knew of it.
   */
  static boolean isNews(MemberRecord said, MemberRecord known) {
    boolean isOther =
        known.getIncarnation() != 0 && said.getIncarnation() != known.getIncarnation();
    return !isOther && !same(said, known);
  }

  static boolean same(MemberRecord said, MemberRecord known) {
    return said.equals(known.toBuilder().clearRemoving().build());
  }

  private void propose(MetaCommand command) {
    busy = true;
    replica
        .propose(command)
        .whenComplete(
            (outcome, failure) -> {
              busy = false;
              if (failure != null) {
                log.debug("event=members_not_changed reason={}", failure.toString());
              }
            });
  }
}
