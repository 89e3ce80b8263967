package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.txn.mvcc.Snapshot;
import java.util.List;

public record CheckTxnStatus(
    Key primary,
    long lockTs,
    long callerStartTs,
    long currentTs,
    boolean rollbackIfNotExist,
    boolean forceSyncCommit,
    boolean resolvingPessimisticLock,
    boolean verifyIsPrimary)
    implements Command<CheckTxnStatusResult> {
  @Override
  public List<Key> latchKeys() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Outcome<CheckTxnStatusResult> execute(Snapshot snapshot, CommandContext context) {
    throw new UnsupportedOperationException();
  }
}
