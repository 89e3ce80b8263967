package dev.kittiwake.raft;

import dev.kittiwake.raft.Proposal.Accepted;
import dev.kittiwake.raft.Proposal.Reason;
import dev.kittiwake.raft.Proposal.Refused;
import dev.kittiwake.raft.Status.Flow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Leads a term: appends, replicates, commits, proves its leadership. Raft §5.3, §5.4, §6, §8. */
final class Leader extends Behaviour {
  private final Replication replication;
  private final ReadQueue reads = new ReadQueue();
  private final ArrayDeque<Entry> uncommitted = new ArrayDeque<>(); // appended in this term
  private long uncommittedBytes;
  private final long firstIndex; // our empty entry; nothing counts as committed by us before it is
  private long pendingChange; // a membership change may be under way up to this index
  private int heartbeatElapsed;
  private int quorumElapsed;

  private long round; // newest round; goes on from our earlier leaderships
  private long quorumRound; // newest round a quorum has answered
  private long leaseFloor; // rounds up to here prove no lease: a transfer was tried in them
  private boolean roundWanted; // reads wait for a new round
  private boolean appendWanted; // entries wait to be sent

  private long transferee; // peer that leadership is being handed to, or 0
  private int transferElapsed;
  private boolean timeoutNowSent;

  Leader(RaftNode node) {
    super(node);
    this.firstIndex = node.log().lastIndex() + 1;
    this.pendingChange = firstIndex;
    this.round = node.round();
    this.quorumRound = round;
    this.leaseFloor = round;
    this.replication = new Replication(node);
  }

  @Override
  Role role() {
    return Role.LEADER;
  }

  /** Takes up leadership: an empty entry, and a round that tells everyone. */
  void start() {
    append(Entry.Kind.EMPTY, new byte[0]);
    roundWanted = true;
  }

  // --- proposals

  Proposal propose(byte[] command) {
    Refused refused = refusal(command.length);
    return refused != null ? refused : append(Entry.Kind.COMMAND, command);
  }

  Proposal propose(MembershipChange change) {
    byte[] payload = change.encode();
    Refused refused = refusal(payload.length);
    if (refused != null) {
      return refused;
    }
    if (pendingChange > node.log().applied()) {
      return new Refused(
          Reason.BUSY,
          node.id(),
          "a membership change may be under way: applied "
              + node.log().applied()
              + " must reach "
              + pendingChange);
    }
    try {
      node.membership().after(change);
    } catch (IllegalArgumentException e) {
      return new Refused(Reason.INVALID_CHANGE, node.id(), e.getMessage());
    }
    Accepted accepted = append(Entry.Kind.MEMBERSHIP, payload);
    pendingChange = accepted.index();
    return accepted;
  }

  private Refused refusal(int bytes) {
    if (transferee != 0) {
      return new Refused(
          Reason.TRANSFERRING, transferee, "leadership is being handed to peer " + transferee);
    }
    if (bytes > node.config().maxEntryBytes()) {
      return new Refused(
          Reason.TOO_LARGE,
          node.id(),
          "entry of " + bytes + " bytes, at most " + node.config().maxEntryBytes());
    }
    if (uncommittedBytes > 0 && uncommittedBytes + bytes > node.config().maxUncommittedBytes()) {
      return new Refused(
          Reason.BUSY,
          node.id(),
          uncommittedBytes + " bytes uncommitted, at most " + node.config().maxUncommittedBytes());
    }
    return null;
  }

  private Accepted append(Entry.Kind kind, byte[] payload) {
    Entry entry = new Entry(node.log().lastIndex() + 1, node.term(), kind, payload);
    node.log().append(entry);
    uncommitted.add(entry);
    uncommittedBytes += entry.bytes();
    appendWanted = true;
    return new Accepted(entry.index(), entry.term());
  }

  // --- sending

  @Override
  boolean hasWork() {
    return appendWanted || (roundWanted && transferee == 0);
  }

  @Override
  void flush() {
    if (roundWanted && transferee == 0) {
      startRound();
    }
    if (appendWanted) {
      appendWanted = false;
      replication.sendToAll(round);
    }
  }

  private void startRound() {
    roundWanted = false;
    round++;
    node.roundStarted(round);
    replication.heartbeatToAll(round);
    onRoundAnswered();
  }

  @Override
  void tick() {
    if (++quorumElapsed >= node.config().electionTicks()) {
      quorumElapsed = 0;
      if (node.config().checkQuorum() && !replication.quorumActive()) {
        node.becomeFollower(node.term(), 0);
        return;
      }
    }
    if (transferee != 0 && ++transferElapsed >= node.config().electionTicks()) {
      endTransfer();
    }
    if (++heartbeatElapsed >= node.config().heartbeatTicks()) {
      heartbeatElapsed = 0;
      if (transferee == 0) {
        startRound();
      } else {
        replication.heartbeatToAll(round);
      }
      replication.retrySnapshots(round);
    }
    replication.announceCommit(round);
  }

  void announceLeadership() {
    roundWanted = true;
  }

  void announceCommit() {
    replication.announceCommit(round);
  }

  // --- answers of followers

  @Override
  public void onAppendReply(AppendReply reply) {
    Progress progress = replication.find(reply.from());
    if (progress == null) {
      return;
    }
    Checks.check(
        reply.match() <= node.log().lastIndex(),
        () ->
            "peer "
                + reply.from()
                + " claims "
                + reply.match()
                + ", our log ends at "
                + node.log().last());
    answered(progress, reply.round());
    if (replication.matched(progress, reply.match())) {
      commit();
      if (node.behaviour() != this) {
        return; // the commit took us out of the group
      }
      replication.send(progress, round, false);
    }
    hurryTransfer(progress);
  }

  @Override
  public void onAppendRejected(AppendRejected rejected) {
    Progress progress = replication.find(rejected.from());
    if (progress == null) {
      return;
    }
    answered(progress, rejected.round());
    if (replication.rejected(progress, rejected.rejected(), rejected.hint())) {
      replication.send(progress, round, true);
    }
  }

  @Override
  public void onHeartbeatReply(HeartbeatReply reply) {
    Progress progress = replication.find(reply.from());
    if (progress == null) {
      return;
    }
    answered(progress, reply.round());
    if (reply.round() > progress.probeRound) {
      progress.probeSent = false;
    }
    if (progress.flow == Flow.REPLICATE && progress.inflight.full()) {
      progress.inflight.freeFirst();
    }
    if (progress.match < node.log().lastIndex() || progress.flow == Flow.PROBE) {
      replication.send(progress, round, true);
    }
    hurryTransfer(progress);
  }

  private void answered(Progress progress, long answeredRound) {
    progress.recentlyActive = true;
    if (answeredRound > progress.ackedRound) {
      progress.ackedRound = Math.min(answeredRound, round);
      onRoundAnswered();
    }
  }

  private void onRoundAnswered() {
    long reached = replication.quorumRound(round);
    if (reached <= quorumRound) {
      return;
    }
    quorumRound = reached;
    if (transferee == 0 && quorumRound > leaseFloor) {
      node.quorumReached(quorumRound);
    }
    answerReads();
  }

  // --- commit

  @Override
  void onDurable() {
    Progress self = replication.find(node.id());
    if (self != null && self.matched(node.log().durable())) {
      commit();
    }
  }

  /**
   * Commits what a quorum holds, if it is of our term: earlier entries follow by Log Matching. Raft
   * §5.4.2.
   */
  private void commit() {
    long reached = replication.quorumMatch();
    RaftLog log = node.log();
    if (reached < firstIndex || !node.commitTo(reached)) {
      return;
    }
    while (!uncommitted.isEmpty() && uncommitted.peek().index() <= log.commit()) {
      uncommittedBytes -= uncommitted.poll().bytes();
    }
    if (reads.commitKnown(log.commit(), round + 1)) {
      roundWanted = true;
    }
  }

  @Override
  void onMembership() {
    replication.membershipChanged();
    if (transferee != 0 && !node.membership().votes(transferee)) {
      endTransfer();
    }
    replication.announceCommit(round);
    if (!node.membership().votes(node.id())) {
      node.becomeFollower(node.term(), 0);
      return;
    }
    appendWanted = true;
    commit();
    onRoundAnswered();
  }

  @Override
  void onApplied() {
    leaveJointIfDue();
  }

  /** Leaves a joint configuration by itself once the way in is applied. */
  private void leaveJointIfDue() {
    Membership membership = node.membership();
    if (membership.joint()
        && membership.autoLeave()
        && transferee == 0
        && pendingChange <= node.log().applied()) {
      pendingChange =
          append(Entry.Kind.MEMBERSHIP, MembershipChange.leaveJoint(new byte[0]).encode()).index();
    }
  }

  // --- reads

  @Override
  void readIndex(long requestId) {
    addRead(node.id(), requestId);
  }

  @Override
  public void onReadIndexRequest(ReadIndexRequest request) {
    addRead(request.from(), request.requestId());
  }

  private void addRead(long from, long requestId) {
    boolean commitKnown = node.log().commit() >= firstIndex;
    reads.add(from, requestId, node.log().commit(), commitKnown, round + 1);
    roundWanted |= commitKnown;
  }

  private void answerReads() {
    for (ReadQueue.Read read = reads.pollProven(quorumRound);
        read != null;
        read = reads.pollProven(quorumRound)) {
      if (read.from() == node.id()) {
        node.readReady(read.requestId(), read.index());
      } else {
        node.send(
            new ReadIndexReply(
                node.id(), read.from(), node.term(), read.requestId(), read.index()));
        replication.announceCommit(read.from(), round);
      }
    }
  }

  /** Reads end with leadership. */
  @Override
  void leave() {
    for (ReadQueue.Read read = reads.poll(); read != null; read = reads.poll()) {
      if (read.from() == node.id()) {
        node.failRead(read.requestId());
      } else {
        node.send(
            new ReadIndexReply(
                node.id(), read.from(), node.term(), read.requestId(), ReadIndexReply.REFUSED));
      }
    }
  }

  // --- leadership transfer, thesis §3.10

  @Override
  public void onTransferLeader(TransferLeader transfer) {
    transfer(transfer.target());
  }

  void transfer(long target) {
    if (target == node.id()
        || target == transferee
        || !node.membership().voters().contains(target)) {
      return;
    }
    if (transferee != 0) {
      endTransfer();
    }
    transferee = target;
    transferElapsed = 0;
    timeoutNowSent = false;
    Progress progress = replication.find(target);
    hurryTransfer(progress);
    if (!timeoutNowSent) {
      replication.send(progress, round, true);
    }
  }

  private void hurryTransfer(Progress progress) {
    if (progress.peer != transferee || timeoutNowSent || progress.match < node.log().lastIndex()) {
      return;
    }
    timeoutNowSent = true;
    leaseFloor = round;
    node.revokeLease();
    node.send(new TimeoutNow(node.id(), transferee, node.term(), round));
  }

  /**
   * Gives the transfer up. The next round tells voters so: a late TimeoutNow no longer lifts their
   * promise.
   */
  private void endTransfer() {
    transferee = 0;
    roundWanted = true;
    leaveJointIfDue(); // nothing else may ever be applied
  }

  @Override
  long transferee() {
    return transferee;
  }

  // --- reports of the host

  void snapshotSent(long peer, boolean ok) {
    replication.snapshotSent(peer, ok);
  }

  void unreachable(long peer) {
    Progress progress = replication.find(peer);
    if (progress != null && progress.flow == Flow.REPLICATE) {
      progress.probe();
    }
  }

  @Override
  List<Status.Peer> peers() {
    List<Status.Peer> peers = new ArrayList<>();
    replication.forEach(progress -> peers.add(progress.status()));
    return peers;
  }
}
