/**
 * Consensus: one log that a group of replicas agree on. After "In Search of an Understandable
 * Consensus Algorithm" (Ongaro and Ousterhout, 2014, cited as "Raft §") and Ongaro's thesis
 * ("thesis §").
 *
 * <p>This package decides and does nothing else: no clock, thread, file or socket. {@link
 * dev.kittiwake.raft.RaftNode} takes ticks, messages, proposals and the storage's acknowledgements,
 * and returns the work owed as a {@link dev.kittiwake.raft.Ready}: what to store, send and apply.
 * {@link dev.kittiwake.raft.driver.RaftDriver} carries it out on the ports of a host; {@link
 * dev.kittiwake.raft.wal.Wal} is the log on disk.
 *
 * <p>Choices within Raft:
 *
 * <ul>
 *   <li>Storing is asynchronous. A leader sends entries before they are durable here, and counts
 *       itself once they are; a follower answers once they are; a vote leaves once it is. Only
 *       durable entries are handed out for applying.
 *   <li>A membership change takes effect when it is committed, and the next is refused until it is
 *       applied. The commit index is stored with the entries, so a replica that stores a second
 *       change has stored that the first is committed, and replicas are never two configurations
 *       apart.
 *   <li>Heartbeats and appends carry a round, which comes back in the replies. A quorum of replies
 *       to a round proves leadership at the time it was sent: this serves linearizable reads
 *       (thesis §6.4) and leases alike.
 *   <li>Voters ignore candidates while they hear a leader (thesis §6.4.1), and for one election
 *       timeout after a restart, because they may have supported a lease before it. A leadership
 *       transfer lifts this; a leader starts no round while it transfers, and voters that have seen
 *       a later round know a transfer as given up.
 *   <li>Commit indexes are not broadcast by themselves: they go with the next append, heartbeat or
 *       tick.
 * </ul>
 */
package dev.kittiwake.raft;
