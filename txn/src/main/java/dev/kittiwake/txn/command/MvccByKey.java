package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.txn.mvcc.Snapshot;
import java.util.List;

public record MvccByKey(Key key) implements Command<MvccHistory> {
  @Override
  public List<Key> latchKeys() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Outcome<MvccHistory> execute(Snapshot snapshot, CommandContext context) {
    throw new UnsupportedOperationException();
  }
}
