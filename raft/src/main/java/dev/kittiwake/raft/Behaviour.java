package dev.kittiwake.raft;

import java.util.List;

/**
 * What a replica does in one role. Messages arrive here once their term is that of the replica;
 * those a role has no use for are late, and ignored.
 */
abstract class Behaviour implements Receiver {
  final RaftNode node;

  Behaviour(RaftNode node) {
    this.node = node;
  }

  abstract Role role();

  abstract void tick();

  abstract void readIndex(long requestId);

  /** Something handed to storage has become durable. */
  void onDurable() {}

  /** The state machine has advanced. */
  void onApplied() {}

  /** The membership has changed. */
  void onMembership() {}

  /** Messages that are better sent once for many inputs. Called when a {@link Ready} is made. */
  void flush() {}

  /** Whether {@link #flush} has something to send. */
  boolean hasWork() {
    return false;
  }

  /** The role ends: reads still waiting fail. */
  void leave() {}

  long transferee() {
    return 0;
  }

  List<Status.Peer> peers() {
    return List.of();
  }

  @Override
  public final void onVote(Vote vote) {
    node.answerVote(vote);
  }

  @Override
  public void onAppend(Append append) {}

  @Override
  public void onAppendReply(AppendReply reply) {}

  @Override
  public void onAppendRejected(AppendRejected rejected) {}

  @Override
  public void onVoteReply(VoteReply reply) {}

  @Override
  public void onHeartbeat(Heartbeat heartbeat) {}

  @Override
  public void onHeartbeatReply(HeartbeatReply reply) {}

  @Override
  public void onInstallSnapshot(InstallSnapshot install) {}

  @Override
  public void onTimeoutNow(TimeoutNow timeoutNow) {}

  @Override
  public void onTransferLeader(TransferLeader transfer) {}

  @Override
  public void onReadIndexRequest(ReadIndexRequest request) {
    node.send(
        new ReadIndexReply(
            node.id(), request.from(), node.term(), request.requestId(), ReadIndexReply.REFUSED));
  }

  @Override
  public void onReadIndexReply(ReadIndexReply reply) {}
}
