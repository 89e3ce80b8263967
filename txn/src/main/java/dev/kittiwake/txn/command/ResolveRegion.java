package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.txn.mvcc.Snapshot;
import java.util.List;
import java.util.SortedMap;

public record ResolveRegion(KeyRange range, SortedMap<Long, Long> commitTsByStartTs)
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
