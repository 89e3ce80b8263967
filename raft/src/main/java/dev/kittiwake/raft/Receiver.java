package dev.kittiwake.raft;

/** Whoever tells messages apart: the roles, the codec. */
public interface Receiver {
  void onAppend(Append append);

  void onAppendReply(AppendReply reply);

  void onAppendRejected(AppendRejected rejected);

  void onVote(Vote vote);

  void onVoteReply(VoteReply reply);

  void onHeartbeat(Heartbeat heartbeat);

  void onHeartbeatReply(HeartbeatReply reply);

  void onInstallSnapshot(InstallSnapshot install);

  void onTimeoutNow(TimeoutNow timeoutNow);

  void onTransferLeader(TransferLeader transfer);

  void onReadIndexRequest(ReadIndexRequest request);

  void onReadIndexReply(ReadIndexReply reply);
}
