package dev.kittiwake.raft;

import java.util.SortedSet;
import java.util.TreeSet;

/** Campaigns for a term, or first asks whether it would win one (thesis §9.6). Raft §5.2. */
final class Candidate extends Behaviour {
  private final boolean asking; // pre-vote: our own term is still the old one
  private final long transferRound;
  private final SortedSet<Long> granted = new TreeSet<>();
  private final SortedSet<Long> refused = new TreeSet<>();
  private boolean requested;

  Candidate(RaftNode node, boolean asking, long transferRound) {
    super(node);
    this.asking = asking;
    this.transferRound = transferRound;
  }

  @Override
  Role role() {
    return asking ? Role.PRE_CANDIDATE : Role.CANDIDATE;
  }

  /**
   * Asks at once; a real vote only once our own is durable, or a restart could make two leaders of
   * one term.
   */
  void start() {
    if (asking || node.termDurable()) {
      request();
    }
  }

  @Override
  void onDurable() {
    if (!asking && !requested && node.termDurable()) {
      request();
    }
  }

  private void request() {
    requested = true;
    long term = asking ? node.term() + 1 : node.term();
    for (long peer : node.membership().peers()) {
      if (peer != node.id() && node.membership().votes(peer)) {
        node.send(
            new Vote(
                node.id(),
                peer,
                term,
                node.log().last(),
                node.log().committed(),
                asking,
                transferRound));
      }
    }
    granted.add(node.id());
    decide();
  }

  @Override
  public void onVoteReply(VoteReply reply) {
    if (reply.preVote() != asking) {
      return;
    }
    if (reply.granted() && reply.term() == (asking ? node.term() + 1 : node.term())) {
      granted.add(reply.from());
    } else if (!reply.granted()) {
      refused.add(reply.from());
    }
    decide();
  }

  @Override
  void onMembership() {
    if (requested) {
      decide();
    }
  }

  private void decide() {
    switch (node.quorum().outcome(granted::contains, refused::contains)) {
      case WON -> {
        if (asking) {
          node.becomeCandidate(transferRound);
        } else {
          node.becomeLeader();
        }
      }
      case LOST -> node.becomeFollower(node.term(), 0);
      case OPEN -> {}
    }
  }

  @Override
  void tick() {
    if (!node.electionTimeoutPassed()) {
      return;
    }
    if (node.promotable()) {
      node.campaign();
    } else {
      node.becomeFollower(node.term(), 0);
    }
  }

  @Override
  void readIndex(long requestId) {
    node.failRead(requestId);
  }

  @Override
  public void onAppend(Append append) {
    node.becomeFollower(node.term(), append.from());
    node.behaviour().onAppend(append);
  }

  @Override
  public void onHeartbeat(Heartbeat heartbeat) {
    node.becomeFollower(node.term(), heartbeat.from());
    node.behaviour().onHeartbeat(heartbeat);
  }

  @Override
  public void onInstallSnapshot(InstallSnapshot install) {
    node.becomeFollower(node.term(), install.from());
    node.behaviour().onInstallSnapshot(install);
  }
}
