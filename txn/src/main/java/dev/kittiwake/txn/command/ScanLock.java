package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.txn.mvcc.Snapshot;
import java.util.List;

public record ScanLock(KeyRange range, long maxTs, int limit) implements Command<ScanLockResult> {
  @Override
  public List<Key> latchKeys() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Outcome<ScanLockResult> execute(Snapshot snapshot, CommandContext context) {
    throw new UnsupportedOperationException();
  }
}
