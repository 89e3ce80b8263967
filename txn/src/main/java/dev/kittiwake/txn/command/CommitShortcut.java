package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import java.util.List;

/**
 * Ways to commit without a separate commit request that the client offers.
 *
 * @param asyncCommit the transaction shall be committed as soon as all its locks are written
 * @param secondaries the other keys of the transaction; used for the primary only
 * @param onePhase all keys of the transaction are in this request: commit them at once
 * @param maxCommitTs fall back to two phases rather than commit above it; 0 = no limit
 */
public record CommitShortcut(
    boolean asyncCommit, List<Key> secondaries, boolean onePhase, long maxCommitTs) {
  public static final CommitShortcut NONE = new CommitShortcut(false, List.of(), false, 0);

  public CommitShortcut {
    secondaries = List.copyOf(secondaries);
  }
}
