package dev.kittiwake.raft.driver;

import dev.kittiwake.raft.Message;

/**
 * Sends messages to other replicas of the group. May drop them, batches by itself, never blocks.
 *
 * <p>An {@link dev.kittiwake.raft.InstallSnapshot} means: stream the state of that snapshot too,
 * and call {@link RaftDriver#snapshotSent} when that has ended, well or not.
 */
public interface Outbox {
  void send(Message message);
}
