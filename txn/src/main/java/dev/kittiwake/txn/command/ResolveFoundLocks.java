package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.txn.mvcc.LockedKey;
import dev.kittiwake.txn.mvcc.Snapshot;
import java.util.List;
import java.util.SortedMap;

public record ResolveFoundLocks(
    List<LockedKey> found, ResolveRegion rest, SortedMap<Long, Long> commitTsByStartTs)
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
