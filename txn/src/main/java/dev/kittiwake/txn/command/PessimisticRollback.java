package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.txn.mvcc.Snapshot;
import java.util.List;

public record PessimisticRollback(List<Key> keys, long startTs, long forUpdateTs)
    implements Command<Done> {
  @Override
  public List<Key> latchKeys() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Outcome<Done> execute(Snapshot snapshot, CommandContext context) {
    throw new UnsupportedOperationException();
  }
}
