package dev.kittiwake.txn.command;

import dev.kittiwake.txn.wait.InMemoryLocks;

/**
 * What a command may know of its store besides the snapshot.
 *
 * @param memoryLocks max_ts and the locks of asynchronous commits in flight
 * @param maxTsSynced whether max_ts of the region is known to cover all earlier leaders' reads;
 *     without it no commit timestamp may be computed here
 */
public record CommandContext(InMemoryLocks memoryLocks, boolean maxTsSynced) {
  /** The largest read timestamp seen. */
  long maxTs() {
    return memoryLocks.maxTs();
  }

  void raiseMaxTs(long ts) {
    memoryLocks.raiseMaxTs(ts);
  }
}
