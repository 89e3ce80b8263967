package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.txn.mvcc.LockedKey;
import dev.kittiwake.txn.mvcc.Snapshot;
import java.util.List;

/**
 * As {@link PessimisticRollback}, for whatever keys of {@code range} (user keys) the transaction
 * has locked. Goes over the range in chunks.
 */
public record PessimisticRollbackRegion(KeyRange range, long startTs, long forUpdateTs)
    implements Command<Done> {
  @Override
  public List<Key> latchKeys() {
    return List.of();
  }

  @Override
  public Outcome<Done> execute(Snapshot snapshot, CommandContext context) {
    List<LockedKey> found =
        LockScan.find(
            snapshot,
            range,
            ResolveRegion.CHUNK,
            lock -> PessimisticRollback.concerns(lock, startTs, forUpdateTs));
    if (found.isEmpty()) {
      return new Outcome.Answer<>(Done.DONE);
    }
    KeyRange rest = LockScan.rest(range, found, ResolveRegion.CHUNK);
    return new Outcome.Continue<>(
        new PessimisticRollback(
            found.stream().map(LockedKey::key).toList(),
            startTs,
            forUpdateTs,
            rest == null ? null : new PessimisticRollbackRegion(rest, startTs, forUpdateTs)));
  }
}
