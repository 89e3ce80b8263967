package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.txn.mvcc.LockedKey;
import dev.kittiwake.txn.mvcc.Snapshot;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Brings all locks of given transactions within {@code range} (user keys) to their known ends. Goes
 * over the range in chunks of {@link #CHUNK} locks: a scan without latches, then {@link
 * ResolveFoundLocks} with the latches of what was found, then the next scan.
 *
 * @param commitTsByStartTs the ends: a commit ts, or 0 = rolled back
 */
public record ResolveRegion(KeyRange range, SortedMap<Long, Long> commitTsByStartTs)
    implements Command<Done> {
  /** How many locks are resolved by one write. */
  public static final int CHUNK = 256;

  public ResolveRegion {
    commitTsByStartTs = Collections.unmodifiableSortedMap(new TreeMap<>(commitTsByStartTs));
  }

  /** Of one transaction. */
  public static ResolveRegion of(KeyRange range, long startTs, long commitTs) {
    return new ResolveRegion(range, new TreeMap<>(Map.of(startTs, commitTs)));
  }

  @Override
  public List<Key> latchKeys() {
    return List.of();
  }

  /**
   * @throws TxnRejected {@code Invalid} if a commit ts is not after its start ts
   */
  @Override
  public Outcome<Done> execute(Snapshot snapshot, CommandContext context) {
    commitTsByStartTs.forEach(
        (startTs, commitTs) -> {
          if (commitTs != 0) {
            Commit.requireOrder(startTs, commitTs);
          }
        });
    List<LockedKey> found =
        LockScan.find(
            snapshot, range, CHUNK, lock -> commitTsByStartTs.containsKey(lock.startTs()));
    if (found.isEmpty()) {
      return new Outcome.Answer<>(Done.DONE);
    }
    KeyRange rest = LockScan.rest(range, found, CHUNK);
    return new Outcome.Continue<>(
        new ResolveFoundLocks(
            found,
            commitTsByStartTs,
            rest == null ? null : new ResolveRegion(rest, commitTsByStartTs)));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("ResolveRegion[").append(range);
    commitTsByStartTs.forEach(
        (startTs, commitTs) ->
            text.append(' ')
                .append(Timestamp.toString(startTs))
                .append('→')
                .append(Timestamp.toString(commitTs)));
    return text.append(']').toString();
  }
}
