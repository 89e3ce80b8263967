package dev.kittiwake.raft;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/** Follows the leader of its term, or waits for one. Raft §5.2, §5.3. */
final class Follower extends Behaviour {
  private final Map<Long, Long> reads =
      new LinkedHashMap<>(); // forwarded: request id to the tick it expires at
  private long ticks;
  private long verified; // our log equals that of this term's leader up to here
  private long answered; // match of the newest reply
  private long appendRound; // newest round of an append
  private long
      heartbeatRound; // newest round of a heartbeat whose reply waits for our term to be durable,
  // or 0
  private boolean replyOwed; // the leader waits to hear of `verified`

  Follower(RaftNode node) {
    super(node);
  }

  @Override
  Role role() {
    return Role.FOLLOWER;
  }

  @Override
  void tick() {
    ticks++;
    expireReads();
    if (node.electionTimeoutPassed() && node.promotable()) {
      node.campaign();
    }
  }

  @Override
  public void onAppend(Append append) {
    node.heardLeader(append.from(), append.round());
    if (node.installing() != null) {
      return; // the log is about to restart; the leader will ask again
    }
    appendRound = Math.max(appendRound, append.round());
    RaftLog log = node.log();
    if (append.previous().index() < log.commit()) {
      verified = Math.max(verified, log.commit());
    } else if (log.holds(append.previous())) {
      take(append);
    } else {
      LogPosition hint = log.lastNotAbove(append.previous());
      // A restart must not forget the term of a round that was answered: it may prove a lease.
      long round = node.termDurable() ? append.round() : 0;
      node.send(
          new AppendRejected(
              node.id(), append.from(), node.term(), append.previous().index(), hint, round));
      return;
    }
    replyOwed = true;
    reply(true);
  }

  private void take(Append append) {
    RaftLog log = node.log();
    for (int i = 0; i < append.entries().size(); i++) {
      if (!log.holds(append.entries().get(i).position())) {
        log.replaceFrom(append.entries().subList(i, append.entries().size()));
        break;
      }
    }
    verified = Math.max(verified, append.previous().index() + append.entries().size());
    node.commitTo(Math.min(append.commit(), append.previous().index() + append.entries().size()));
  }

  /**
   * Tells the leader what is durable: at once only if that is all it asked for, else whenever more
   * is. Nothing before our term is, lest a restart makes us follow an older leader.
   */
  private void reply(boolean atOnce) {
    if (!replyOwed || !node.termDurable() || node.leader() == 0) {
      return;
    }
    long match = Math.min(verified, node.log().durable());
    boolean all = match == verified;
    if (all || (!atOnce && match > answered)) {
      node.send(new AppendReply(node.id(), node.leader(), node.term(), match, appendRound));
      answered = match;
    }
    replyOwed = !all;
  }

  @Override
  void onDurable() {
    reply(false);
    if (heartbeatRound > 0 && node.termDurable()) {
      node.send(new HeartbeatReply(node.id(), node.leader(), node.term(), heartbeatRound));
      heartbeatRound = 0;
    }
  }

  @Override
  public void onHeartbeat(Heartbeat heartbeat) {
    node.heardLeader(heartbeat.from(), heartbeat.round());
    if (node.installing() == null) {
      node.commitTo(heartbeat.commit());
    }
    if (node.termDurable()) {
      node.send(new HeartbeatReply(node.id(), heartbeat.from(), node.term(), heartbeat.round()));
    } else {
      heartbeatRound = Math.max(heartbeatRound, heartbeat.round());
    }
  }

  @Override
  public void onInstallSnapshot(InstallSnapshot install) {
    node.heardLeader(install.from(), 0);
    LogPosition position = install.snapshot().position();
    RaftLog log = node.log();
    if (node.installing() != null) {
      return;
    }
    if (position.index() <= log.commit() || log.holds(position)) {
      node.commitTo(position.index());
      verified = Math.max(verified, log.commit());
      replyOwed = true;
      reply(true);
    } else {
      node.install(install.snapshot());
    }
  }

  /** The log has restarted at a committed position, which every later leader has too. */
  void onSnapshotInstalled(long index) {
    verified = Math.max(verified, index);
    replyOwed = true;
    reply(true);
  }

  @Override
  public void onTimeoutNow(TimeoutNow timeoutNow) {
    if (node.promotable() && timeoutNow.round() >= node.heardRound()) {
      node.campaignForTransfer(timeoutNow.round());
    }
  }

  @Override
  void readIndex(long requestId) {
    if (node.leader() == 0) {
      node.failRead(requestId);
      return;
    }
    reads.put(requestId, ticks + node.config().electionTicks());
    node.send(new ReadIndexRequest(node.id(), node.leader(), node.term(), requestId));
  }

  @Override
  public void onReadIndexReply(ReadIndexReply reply) {
    if (reads.remove(reply.requestId()) == null) {
      return;
    }
    if (reply.index() == ReadIndexReply.REFUSED) {
      node.failRead(reply.requestId());
      return;
    }
    OptionalLong term = node.log().term(reply.index());
    if (reply.index() <= verified && term.isPresent()) {
      node.commitTo(reply.index()); // the leader's commit index, in a log that is ours too
    }
    node.readReady(reply.requestId(), reply.index());
  }

  private void expireReads() {
    Iterator<Map.Entry<Long, Long>> oldest = reads.entrySet().iterator();
    while (oldest.hasNext()) {
      Map.Entry<Long, Long> read = oldest.next();
      if (read.getValue() > ticks) {
        return;
      }
      oldest.remove();
      node.failRead(read.getKey());
    }
  }

  /**
   * The leader has become known or unknown within the term: reads sent to the former one get no
   * answer.
   */
  @Override
  void leave() {
    reads.keySet().forEach(node::failRead);
    reads.clear();
  }
}
