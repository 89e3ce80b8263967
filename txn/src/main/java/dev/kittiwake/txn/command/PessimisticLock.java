package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.txn.mvcc.Snapshot;
import java.util.List;

public record PessimisticLock(
    TxnHeader txn,
    List<LockTarget> targets,
    boolean isFirstLock,
    long waitTimeoutMillis,
    boolean returnValues,
    boolean checkExistence,
    boolean lockOnlyIfExists,
    WakeUpMode wakeUpMode)
    implements Command<PessimisticLockResult> {
  @Override
  public List<Key> latchKeys() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Outcome<PessimisticLockResult> execute(Snapshot snapshot, CommandContext context) {
    throw new UnsupportedOperationException();
  }
}
