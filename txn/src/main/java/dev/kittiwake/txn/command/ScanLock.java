package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.txn.mvcc.LockedKey;
import dev.kittiwake.txn.mvcc.Snapshot;
import java.util.List;

/**
 * Lists the locks in {@code range} (user keys) of transactions that began at or before {@code
 * maxTs}: what must be resolved before a safe point may move there.
 *
 * @param limit at most so many; 0 = all
 */
public record ScanLock(KeyRange range, long maxTs, int limit) implements Command<ScanLockResult> {
  @Override
  public List<Key> latchKeys() {
    return List.of();
  }

  /**
   * From here on no transaction commits asynchronously at or below {@code maxTs}.
   *
   * @throws TxnRejected {@code Locked} by an asynchronous commit in flight
   */
  @Override
  public void beforeSnapshot(CommandContext context) {
    context.raiseMaxTs(maxTs);
    LockedKey inFlight = context.memoryLocks().firstUpTo(range, maxTs);
    if (inFlight != null) {
      throw new KeyError.Locked(inFlight).rejected();
    }
  }

  @Override
  public Outcome<ScanLockResult> execute(Snapshot snapshot, CommandContext context) {
    List<LockedKey> found =
        LockScan.find(snapshot, range, limit, lock -> !Timestamp.isAfter(lock.startTs(), maxTs));
    return new Outcome.Answer<>(new ScanLockResult(found));
  }
}
