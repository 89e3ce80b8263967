package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.txn.mvcc.Snapshot;
import java.util.List;

public record Rollback(List<Key> keys, long startTs) implements Command<Done> {
  @Override
  public List<Key> latchKeys() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Outcome<Done> execute(Snapshot snapshot, CommandContext context) {
    throw new UnsupportedOperationException();
  }
}
