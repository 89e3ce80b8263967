package dev.kittiwake.raft;

import java.util.List;

/**
 * The work a {@link RaftNode} owes after its inputs, to be carried out in the order of the fields
 * before the next input. Only storing and applying take time: they are answered by {@link
 * RaftNode#persisted} and {@link RaftNode#applied}.
 *
 * @param version of the storing below; {@link RaftNode#persisted} names it. 0 = nothing to store
 * @param restart replace the log by the empty one after this position, before storing the rest; or
 *     null
 * @param hardState to be stored, or null if it need not be
 * @param entries to be stored with it; the first may replace entries stored before
 * @param round the newest round; to be stamped before the messages leave if it has grown
 * @param leaseRevoked no lease counts from now on; must be told before the messages leave
 * @param messages to be sent now; nothing else waits for them
 * @param install replace the state machine's state, answered by {@link RaftNode#snapshotInstalled};
 *     or null
 * @param committed to be applied, in order
 * @param reads reads that can be answered once their index is applied
 * @param failedReads reads that cannot
 * @param quorumRound the newest round a quorum has answered while we lead, or 0 if it has not grown
 * @param leadership the new term, leader and role if one of them changed, or null
 */
public record Ready(
    long version,
    LogPosition restart,
    HardState hardState,
    List<Entry> entries,
    long round,
    boolean leaseRevoked,
    List<Message> messages,
    SnapshotDescriptor install,
    List<Entry> committed,
    List<ReadState> reads,
    List<Long> failedReads,
    long quorumRound,
    Leadership leadership) {

  /** Who leads, as far as known. */
  public record Leadership(long term, long leader, Role role) {}
}
