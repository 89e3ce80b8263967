package dev.kittiwake.raft;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Who belongs to a group. Raft §6 and, for learners, Ongaro's thesis §4.2.
 *
 * <p>While {@code outgoing} is not empty the configuration is joint: elections and commits need a
 * majority of {@code voters} and a majority of {@code outgoing}.
 *
 * @param voters the (incoming) voters
 * @param outgoing voters of the configuration that is being left; empty = not joint
 * @param learners get the log but do not count
 * @param learnersNext voters of {@code outgoing} that become learners when the joint configuration
 *     is left
 * @param autoLeave whether the leader leaves the joint configuration by itself
 */
public record Membership(
    SortedSet<Long> voters,
    SortedSet<Long> outgoing,
    SortedSet<Long> learners,
    SortedSet<Long> learnersNext,
    boolean autoLeave) {
  private static final int FORMAT = 1;

  /** No members: a replica that has not yet heard from its group. */
  public static final Membership NONE =
      new Membership(new TreeSet<>(), new TreeSet<>(), new TreeSet<>(), new TreeSet<>(), false);

  public Membership {
    voters = copy(voters);
    outgoing = copy(outgoing);
    learners = copy(learners);
    learnersNext = copy(learnersNext);
    if (outgoing.isEmpty() && (autoLeave || !learnersNext.isEmpty())) {
      throw new IllegalArgumentException(
          "only a joint configuration has next learners or is left by itself");
    }
    if (!outgoing.containsAll(learnersNext)) {
      throw new IllegalArgumentException(
          "next learners " + learnersNext + " must be outgoing voters " + outgoing);
    }
    if (!Collections.disjoint(voters, learners)
        || !Collections.disjoint(outgoing, learners)
        || !Collections.disjoint(voters, learnersNext)) {
      throw new IllegalArgumentException(
          "a learner cannot vote: voters "
              + voters
              + " outgoing "
              + outgoing
              + " learners "
              + learners
              + " next "
              + learnersNext);
    }
  }

  private static SortedSet<Long> copy(SortedSet<Long> set) {
    return Collections.unmodifiableSortedSet(new TreeSet<>(set));
  }

  public static Membership of(long... voters) {
    SortedSet<Long> set = new TreeSet<>();
    for (long voter : voters) {
      set.add(voter);
    }
    return new Membership(set, new TreeSet<>(), new TreeSet<>(), new TreeSet<>(), false);
  }

  public Membership withLearners(long... ids) {
    SortedSet<Long> set = new TreeSet<>(learners);
    for (long id : ids) {
      set.add(id);
    }
    return new Membership(voters, outgoing, set, learnersNext, autoLeave);
  }

  public boolean joint() {
    return !outgoing.isEmpty();
  }

  /** Counts in elections and commits, in either half of a joint configuration. */
  public boolean votes(long peer) {
    return voters.contains(peer) || outgoing.contains(peer);
  }

  /** Needs nobody else to be elected. */
  boolean isOnlyVoter(long peer) {
    return voters.size() == 1 && voters.contains(peer) && !joint();
  }

  public boolean contains(long peer) {
    return votes(peer) || learners.contains(peer);
  }

  /** All members, each once. */
  public SortedSet<Long> peers() {
    SortedSet<Long> peers = new TreeSet<>(voters);
    peers.addAll(outgoing);
    peers.addAll(learners);
    return peers;
  }

  /**
   * The membership once {@code change} has taken effect. Every replica computes the same.
   *
   * @throws IllegalArgumentException if the change does not fit this membership: a second joint
   *     configuration, leaving one that is not joint, a peer that is not there, or no voter left
   */
  public Membership after(MembershipChange change) {
    if (change.leavesJoint()) {
      return afterLeaving();
    }
    if (joint()) {
      throw new IllegalArgumentException(
          "the group must leave its joint configuration first: " + this);
    }
    SortedSet<Long> nextVoters = new TreeSet<>(voters);
    SortedSet<Long> nextLearners = new TreeSet<>(learners);
    SortedSet<Long> demoted = new TreeSet<>();
    for (Change one : change.changes()) {
      long peer = one.peer();
      switch (one.kind()) {
        case ADD_VOTER -> {
          nextVoters.add(peer);
          nextLearners.remove(peer);
          demoted.remove(peer);
        }
        case ADD_LEARNER -> {
          nextVoters.remove(peer);
          if (change.joint() && voters.contains(peer)) {
            demoted.add(peer);
          } else {
            nextLearners.add(peer);
          }
        }
        case REMOVE -> {
          boolean known =
              nextVoters.remove(peer) | nextLearners.remove(peer) | demoted.remove(peer);
          if (!known) {
            throw new IllegalArgumentException(
                "cannot remove peer " + peer + ", it is not a member: " + this);
          }
        }
      }
    }
    if (nextVoters.isEmpty()) {
      throw new IllegalArgumentException(
          "the change would leave no voter: " + change + " of " + this);
    }
    if (!change.joint()) {
      return new Membership(nextVoters, new TreeSet<>(), nextLearners, new TreeSet<>(), false);
    }
    return new Membership(nextVoters, voters, nextLearners, demoted, change.autoLeave());
  }

  private Membership afterLeaving() {
    if (!joint()) {
      throw new IllegalArgumentException(
          "the configuration is not joint, it cannot be left: " + this);
    }
    SortedSet<Long> nextLearners = new TreeSet<>(learners);
    nextLearners.addAll(learnersNext);
    return new Membership(voters, new TreeSet<>(), nextLearners, new TreeSet<>(), false);
  }

  public byte[] encode() {
    ByteSink sink = new ByteSink(64).octet(FORMAT);
    writeTo(sink);
    return sink.toBytes();
  }

  /**
   * @throws IllegalArgumentException if the bytes are no membership of a known format
   */
  public static Membership decode(byte[] encoded) {
    ByteSource source = new ByteSource(encoded);
    source.format(FORMAT, "membership");
    Membership membership = readFrom(source);
    source.end();
    return membership;
  }

  void writeTo(ByteSink sink) {
    sink.numbers(voters).numbers(outgoing).numbers(learners).numbers(learnersNext).flag(autoLeave);
  }

  static Membership readFrom(ByteSource source) {
    return new Membership(
        source.numbers(), source.numbers(), source.numbers(), source.numbers(), source.flag());
  }

  @Override
  public String toString() {
    return "voters="
        + voters
        + (joint() ? " outgoing=" + outgoing : "")
        + (learners.isEmpty() ? "" : " learners=" + learners)
        + (learnersNext.isEmpty() ? "" : " next=" + learnersNext)
        + (autoLeave ? " auto" : "");
  }
}
