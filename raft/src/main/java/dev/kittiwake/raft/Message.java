package dev.kittiwake.raft;

/**
 * What replicas of one group tell each other; one record for each message. The group is named by
 * the envelope. Messages may be lost, repeated and reordered.
 */
public sealed interface Message
    permits Append,
        AppendReply,
        AppendRejected,
        Vote,
        VoteReply,
        Heartbeat,
        HeartbeatReply,
        InstallSnapshot,
        TimeoutNow,
        TransferLeader,
        ReadIndexRequest,
        ReadIndexReply {
  long from();

  long to();

  /** The sender's term; for a pre-vote and its granted reply the term that would follow. */
  long term();

  void deliverTo(Receiver receiver);
}
