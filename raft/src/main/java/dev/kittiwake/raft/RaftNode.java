package dev.kittiwake.raft;

import static dev.kittiwake.raft.Checks.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * One replica of a group: pure. Inputs (ticks, messages, proposals, acknowledgements) change it;
 * {@link #ready} returns the work they caused. The caller carries out each {@link Ready} before the
 * next input, and answers storing by {@link #persisted} and applying by {@link #applied}, whenever
 * that is. Confined to one thread.
 *
 * <p>The log handed in must show entries of a {@link Ready} as soon as they were given to it,
 * durable or not.
 */
public final class RaftNode {
  private static final int TURN_TICKS = 2; // enough to ask and be granted a vote

  private final RaftConfig config;
  private final RaftLog log;
  private final Supplier<Optional<SnapshotDescriptor>> snapshots;

  private long term;
  private long vote;
  private long leader; // as far as known, or 0
  private Behaviour behaviour;
  private Membership membership; // as of the commit index
  private Quorum quorum;

  private final ElectionTimer election;
  private long heardRound; // newest round of this term's leader
  private SnapshotDescriptor installing; // the state machine is becoming this, or null

  // storing
  private HardState stored; // newest hard state given to storage
  private long version; // of the newest storing
  private long persistedVersion;
  private long termVersion; // the storing that holds our term and vote
  private boolean termDirty; // term or vote is yet to be given to storage
  private VoteReply owedVote; // leaves once our vote is durable, or null

  // for the next Ready
  private List<Message> messages = new ArrayList<>();
  private List<ReadState> reads = new ArrayList<>();
  private List<Long> failedReads = new ArrayList<>();
  private SnapshotDescriptor install;
  private boolean leaseRevoked;
  private long round;
  private long quorumRound;
  private Ready.Leadership told;

  private final HandedOut handedOut = new HandedOut();

  /**
   * @param snapshots the newest snapshot to send to a peer that lags, empty while there is none
   */
  public RaftNode(
      RaftConfig config,
      LogReader storage,
      Supplier<Optional<SnapshotDescriptor>> snapshots,
      InitialState initial,
      RandomGenerator random) {
    this.config = config;
    this.snapshots = snapshots;
    this.stored = initial.hardState();
    this.term = stored.term();
    this.vote = stored.vote();
    this.termDirty = !initial.durable();
    long commit = Math.max(stored.commit(), initial.applied().index());
    this.log = new RaftLog(storage, commit, initial.applied());
    this.membership = initial.membership();
    this.election = new ElectionTimer(config, random, initial.fresh());
    this.behaviour = new Follower(this);
    this.told = new Ready.Leadership(term, 0, Role.FOLLOWER);
    election.restart(false);
    rememberChanges(storage, initial.applied().index());
    this.quorum = new Quorum(membership);
    takeCommittedChanges();
  }

  private void rememberChanges(LogReader storage, long applied) {
    for (long next = applied + 1; next <= log.lastIndex(); ) {
      List<Entry> entries =
          storage.entries(next, log.lastIndex() + 1, config.maxCommittedBytesPerReady());
      entries.forEach(log::remember);
      next += entries.size();
    }
  }

  // --- inputs

  /** One unit of logical time has passed. */
  public void tick() {
    election.tick();
    behaviour.tick();
  }

  /** A message has arrived; one that is not for us is ignored. */
  public void step(Message message) {
    if (message.to() != config.id() || message.from() == config.id()) {
      return;
    }
    if (message instanceof Vote vote) {
      learnCommit(vote.commit());
    } else if (message instanceof VoteReply reply) {
      learnCommit(reply.commit());
    }
    if (message.term() < term) {
      answerOldTerm(message);
    } else if (message.term() == term || admitNewTerm(message)) {
      message.deliverTo(behaviour);
    }
  }

  /**
   * A newer term: usually we follow it (Raft §5.1). Not for a question (pre-vote), and not for a
   * candidate while we hear a leader. Returns whether the message is to be delivered.
   */
  private boolean admitNewTerm(Message message) {
    if (message instanceof Vote vote) {
      if (hearsLeader() && !handedOver(vote)) {
        return false;
      }
      if (!vote.preVote()) {
        becomeFollower(vote.term(), 0);
      }
      return true;
    }
    if (message instanceof VoteReply reply && reply.preVote() && reply.granted()) {
      return true;
    }
    if (fromLeader(message)) {
      becomeFollower(message.term(), message.from());
    } else {
      followNobody(message.term());
    }
    return true;
  }

  /** No other voter, as far as the log goes: there is nobody else to have heard. */
  private boolean isAlone() {
    return membership.isOnlyVoter(config.id()) && !log.changesMembership();
  }

  private boolean hearsLeader() {
    return election.promised(leader != 0)
        || config.checkQuorum() && behaviour.role() == Role.LEADER;
  }

  /** The leader asked for this campaign, and has not gone on leading since. */
  private boolean handedOver(Vote vote) {
    return vote.transferRound() != Vote.NO_TRANSFER
        && !election.isSilent()
        && (vote.term() != term + 1 || vote.transferRound() >= heardRound);
  }

  private static boolean fromLeader(Message message) {
    return message instanceof Append
        || message instanceof Heartbeat
        || message instanceof InstallSnapshot;
  }

  /**
   * Tells a deposed leader or a late candidate about our term, so that it does not wait for
   * nothing.
   */
  private void answerOldTerm(Message message) {
    if (message instanceof Vote vote) {
      send(reply(vote, term, false));
    } else if (fromLeader(message)) {
      send(new HeartbeatReply(config.id(), message.from(), term, 0));
    }
  }

  /**
   * Grants a vote to a candidate whose log is up to date, one in a term, once that is durable. Raft
   * §5.2, §5.4.1.
   */
  void answerVote(Vote request) {
    if (election.isSilent()) {
      return; // our promise is of an older term than ours
    }
    boolean free =
        vote == request.from()
            || (vote == 0 && leader == 0)
            || (request.preVote() && request.term() > term);
    boolean granted = free && request.last().upToDateWith(log.last());
    if (!granted) {
      send(reply(request, term, false));
      if (free) {
        campaignSoon();
      }
      return;
    }
    VoteReply reply = reply(request, request.term(), true);
    if (request.preVote()) {
      send(reply);
      return;
    }
    election.voted();
    if (vote != request.from()) {
      vote = request.from();
      termDirty = true;
    }
    owedVote = reply;
    sendOwedVote();
  }

  private VoteReply reply(Vote request, long replyTerm, boolean granted) {
    return new VoteReply(
        config.id(), request.from(), replyTerm, granted, request.preVote(), log.committed());
  }

  /**
   * Whoever speaks of an election tells what it knows to be committed. Else one who has left the
   * voters, and knows it, could refuse for ever one who needs its vote because it does not.
   */
  private void learnCommit(LogPosition committed) {
    if (behaviour.role() != Role.LEADER && installing == null && log.holds(committed)) {
      commitTo(committed.index());
    }
  }

  /** Who asked is behind us and cannot win; it should not be for us to wait for the next one. */
  private void campaignSoon() {
    if (config.preVote() && behaviour.role() == Role.FOLLOWER && !hearsLeader()) {
      election.endSoon();
    }
  }

  private void sendOwedVote() {
    if (owedVote != null && termDurable()) {
      if (owedVote.term() == term) {
        send(owedVote);
      }
      owedVote = null;
    }
  }

  /** Appends a command if we lead; the array now belongs to the log. */
  public Proposal propose(byte[] command) {
    return behaviour instanceof Leader lead ? lead.propose(command) : notLeader();
  }

  /** Appends a membership change if we lead, it fits, and the one before it is applied. */
  public Proposal proposeMembership(MembershipChange change) {
    return behaviour instanceof Leader lead ? lead.propose(change) : notLeader();
  }

  private Proposal notLeader() {
    return new Proposal.Refused(
        Proposal.Reason.NOT_LEADER,
        leader,
        "peer " + config.id() + " is " + behaviour.role() + " in term " + term);
  }

  /** Asks for an index at which a read is linearizable; answered in a later {@link Ready}. */
  public void readIndex(long requestId) {
    behaviour.readIndex(requestId);
  }

  /** Hands leadership to a voter, or asks the leader to. */
  public void transferLeadership(long peer) {
    if (behaviour instanceof Leader lead) {
      lead.transfer(peer);
    } else if (leader != 0) {
      send(new TransferLeader(config.id(), leader, term, peer));
    }
  }

  /**
   * Campaigns now if we may: a promise to a leader that we hear, or may have heard before a
   * restart, holds for our own vote too. A lease may count on it.
   */
  public void campaign() {
    if (behaviour.role() == Role.LEADER || !promotable() || hearsLeader() && !isAlone()) {
      return;
    }
    election.campaigned();
    if (config.preVote()) {
      enter(new Candidate(this, true, Vote.NO_TRANSFER), 0);
    } else {
      becomeCandidate(Vote.NO_TRANSFER);
    }
  }

  void campaignForTransfer(long transferRound) {
    becomeCandidate(transferRound);
  }

  /** Storing of this and all lower versions is durable. */
  public void persisted(long durableVersion) {
    persistedVersion = Math.max(persistedVersion, durableVersion);
    log.persisted(persistedVersion);
    sendOwedVote();
    behaviour.onDurable();
  }

  /**
   * Takes entries that are known to be committed, though no leader sent them: another group's log
   * carried them. What contradicts them in this log was never committed and goes.
   *
   * @param entries consecutive; the log must reach up to the first of them
   * @return false if this replica is becoming a snapshot, and took nothing
   */
  public boolean learnCommitted(List<Entry> entries) {
    if (installing != null) {
      return false;
    }
    Entry last = entries.get(entries.size() - 1);
    if (last.term() > term) {
      followNobody(last.term());
    }
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      if (entry.index() <= log.commit() || log.holds(entry.position())) {
        continue;
      }
      check(
          entry.index() <= log.lastIndex() + 1,
          () -> "entry " + entry + " is not next to a log that ends at " + log.last());
      // What we told of our log is no longer true: as a new follower we have told nothing yet.
      followNobody(term);
      log.replaceFrom(entries.subList(i, entries.size()));
      break;
    }
    commitTo(last.index());
    return true;
  }

  /** What we promised a leader holds, also once we know of a newer term and not of its leader. */
  private void followNobody(long newTerm) {
    if (behaviour.role() != Role.LEADER && hearsLeader()) {
      election.keepPromise();
    }
    becomeFollower(newTerm, 0);
  }

  /** The state machine has applied up to {@code index}. */
  public void applied(long index) {
    log.applied(index);
    handedOut.applied(index);
    behaviour.onApplied();
  }

  /** The state machine has become the snapshot it was handed. */
  public void snapshotInstalled(SnapshotDescriptor snapshot) {
    if (installing == null || !installing.position().equals(snapshot.position())) {
      return;
    }
    installing = null;
    log.restartAt(snapshot.position());
    handedOut.clear();
    membership = snapshot.membership();
    quorum = new Quorum(membership);
    if (behaviour instanceof Follower follower) {
      follower.onSnapshotInstalled(snapshot.position().index());
    }
  }

  /** The state machine could not install it; the leader will notice and send another. */
  public void snapshotFailed(SnapshotDescriptor snapshot) {
    if (installing != null && installing.position().equals(snapshot.position())) {
      installing = null;
    }
  }

  /** The state of a snapshot has been sent to {@code peer}, or has failed to be. */
  public void snapshotSent(long peer, boolean ok) {
    if (behaviour instanceof Leader lead) {
      lead.snapshotSent(peer, ok);
    }
  }

  /**
   * The host has a sign that the process of {@code peer} has ended, such as a broken connection. A
   * hint only: a follower of that peer still waits for the whole election timeout, as it has
   * promised, and asks before it campaigns; but it waits no longer than that. Voters take turns, so
   * that their votes are not split.
   */
  public void suspectLeader(long peer) {
    if (leader != peer || behaviour.role() != Role.FOLLOWER || !config.preVote()) {
      return;
    }
    int before = 0;
    int others = 0;
    for (long voter : membership.voters()) {
      if (voter != peer) {
        others++;
        before += voter < config.id() ? 1 : 0;
      }
    }
    long turn = Math.floorMod(before + term, Math.max(1, others)); // regions differ in their terms
    election.hurry(config.electionTicks() + 1 + TURN_TICKS * (int) turn);
  }

  /** Messages to {@code peer} were lost. */
  public void unreachable(long peer) {
    if (behaviour instanceof Leader lead) {
      lead.unreachable(peer);
    }
  }

  /** Tells all members the commit index now, instead of with the next append or tick. */
  public void announceCommit() {
    if (behaviour instanceof Leader lead) {
      lead.announceCommit();
    }
  }

  /** Begins a round of heartbeats now, instead of at the next tick that is due for one. */
  public void announceLeadership() {
    if (behaviour instanceof Leader lead) {
      lead.announceLeadership();
    }
  }

  // --- roles

  void becomeFollower(long newTerm, long newLeader) {
    advanceTerm(newTerm, 0);
    enter(new Follower(this), newLeader);
  }

  void becomeCandidate(long transferRound) {
    advanceTerm(term + 1, config.id());
    enter(new Candidate(this, false, transferRound), 0);
  }

  void becomeLeader() {
    enter(new Leader(this), config.id());
  }

  private void advanceTerm(long newTerm, long newVote) {
    if (newTerm > term) {
      behaviour.leave();
      term = newTerm;
      vote = newVote;
      termDirty = true;
      owedVote = null;
      heardRound = 0;
    }
  }

  private void enter(Behaviour next, long newLeader) {
    behaviour.leave();
    leader = newLeader;
    behaviour = next;
    election.restart(newLeader != 0);
    if (next instanceof Candidate candidate) {
      candidate.start();
    } else if (next instanceof Leader lead) {
      lead.start();
    }
  }

  /** A message of this term's leader has come. */
  void heardLeader(long from, long itsRound) {
    check(
        leader == 0 || leader == from,
        () -> "two leaders in term " + term + ": " + leader + " and " + from);
    leader = from;
    election.heardLeader();
    heardRound = Math.max(heardRound, itsRound);
  }

  boolean electionTimeoutPassed() {
    return election.hasPassed();
  }

  /** A voter, and not in the middle of becoming a snapshot. */
  boolean promotable() {
    return installing == null && membership.votes(config.id());
  }

  // --- commit, for the roles

  /** Returns whether that is news. */
  boolean commitTo(long index) {
    if (!log.commitTo(index)) {
      return false;
    }
    takeCommittedChanges();
    return true;
  }

  /** Membership changes take effect when they are committed. */
  private void takeCommittedChanges() {
    for (MembershipChange change = log.takeCommittedChange();
        change != null;
        change = log.takeCommittedChange()) {
      membership = membership.after(change);
      quorum = new Quorum(membership);
      behaviour.onMembership();
    }
  }

  void install(SnapshotDescriptor snapshot) {
    installing = snapshot;
    install = snapshot;
  }

  // --- output

  void send(Message message) {
    messages.add(message);
  }

  void readReady(long requestId, long index) {
    reads.add(new ReadState(requestId, index));
  }

  void failRead(long requestId) {
    failedReads.add(requestId);
  }

  void roundStarted(long newRound) {
    round = newRound;
    heardRound = newRound;
  }

  void quorumReached(long reachedRound) {
    quorumRound = reachedRound;
  }

  void revokeLease() {
    leaseRevoked = true;
    quorumRound = 0;
  }

  /** Our term and vote will survive a restart. */
  boolean termDurable() {
    return !termDirty && persistedVersion >= termVersion;
  }

  /** Whether there is work owed. Cheap. */
  public boolean hasReady() {
    return !messages.isEmpty()
        || termDirty
        || log.hasUnstored()
        || behaviour.hasWork()
        || !reads.isEmpty()
        || !failedReads.isEmpty()
        || quorumRound > 0
        || install != null
        || leaseRevoked
        || mayHandOut()
        || leadershipChanged();
  }

  private boolean leadershipChanged() {
    return told.term() != term || told.leader() != leader || told.role() != behaviour.role();
  }

  private boolean mayHandOut() {
    return installing == null
        && log.hasCommitted()
        && handedOut.bytes() < config.maxUnappliedBytes();
  }

  /** Takes the work owed. */
  public Ready ready() {
    behaviour.flush();
    LogPosition restart = log.restart();
    HardState toStore = null;
    List<Entry> entries = List.of();
    long storing = 0;
    if (termDirty || log.hasUnstored()) {
      storing = ++version;
      HardState now = new HardState(term, vote, log.commit());
      toStore = restart != null || !now.equals(stored) ? now : null;
      stored = now;
      if (termDirty) {
        termVersion = version;
        termDirty = false;
      }
      entries = log.takeUnstored(version);
    }
    Ready.Leadership leadership =
        leadershipChanged() ? new Ready.Leadership(term, leader, behaviour.role()) : null;
    told = leadership == null ? told : leadership;
    Ready ready =
        new Ready(
            storing,
            restart,
            toStore,
            entries,
            behaviour.role() == Role.LEADER ? round : 0,
            leaseRevoked,
            messages,
            install,
            mayHandOut() ? handOut() : List.of(),
            reads,
            failedReads,
            behaviour.role() == Role.LEADER ? quorumRound : 0,
            leadership);
    messages = new ArrayList<>();
    reads = reads.isEmpty() ? reads : new ArrayList<>();
    failedReads = failedReads.isEmpty() ? failedReads : new ArrayList<>();
    install = null;
    leaseRevoked = false;
    quorumRound = 0;
    return ready;
  }

  private List<Entry> handOut() {
    List<Entry> committed = log.takeCommitted(config.maxCommittedBytesPerReady());
    handedOut.add(committed);
    return committed;
  }

  // --- views

  public Status status() {
    return new Status(
        config.id(),
        behaviour.role(),
        term,
        vote,
        leader,
        log.commit(),
        log.applied(),
        log.lastIndex(),
        membership,
        behaviour.transferee(),
        behaviour.peers());
  }

  public long term() {
    return term;
  }

  public Role role() {
    return behaviour.role();
  }

  /** The leader as far as known, or 0. */
  public long leader() {
    return leader;
  }

  public Membership membership() {
    return membership;
  }

  public long appliedIndex() {
    return log.applied();
  }

  public long commitIndex() {
    return log.commit();
  }

  Behaviour behaviour() {
    return behaviour;
  }

  long id() {
    return config.id();
  }

  RaftConfig config() {
    return config;
  }

  RaftLog log() {
    return log;
  }

  Quorum quorum() {
    return quorum;
  }

  SnapshotDescriptor installing() {
    return installing;
  }

  long round() {
    return round;
  }

  long heardRound() {
    return heardRound;
  }

  Optional<SnapshotDescriptor> newestSnapshot() {
    return snapshots.get();
  }
}
