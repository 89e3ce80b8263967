package dev.kittiwake.client.txn;

import dev.kittiwake.client.CallScope;
import dev.kittiwake.client.region.Backoff;
import dev.kittiwake.client.region.ReadFrom;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.Timestamp;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Committed data as of a timestamp; waits for its answers. */
final class CommittedSnapshot implements Snapshot {
  private final TxnEnvironment env;
  private final CallScope scope;
  private final SnapshotReader reader;

  CommittedSnapshot(TxnEnvironment env, CallScope scope, long ts, ReadFrom from) {
    this.env = env;
    this.scope = scope;
    this.reader = new SnapshotReader(env, ts, from);
  }

  @Override
  public long ts() {
    return reader.ts();
  }

  @Override
  public byte[] get(byte[] key) {
    return scope.await(reader.get(key, budget("get")));
  }

  @Override
  public Map<Key, byte[]> batchGet(Collection<Key> keys) {
    requireTimestamp();
    return scope.await(reader.batchGet(List.copyOf(keys), budget("batch get")));
  }

  @Override
  public Scan scan(byte[] start, byte[] end, ScanOptions options) {
    requireTimestamp();
    ScanFetch fetch =
        new ScanFetch(reader, Key.wrap(start), Key.wrap(end), options.reverse(), options.keyOnly());
    return new FetchedScan(env, scope, fetch, options);
  }

  @Override
  public void setDeadline(java.time.Duration fromNow) {
    scope.deadlineIn(fromNow == null ? -1 : fromNow.toNanos());
  }

  @Override
  public void cancel() {
    scope.cancel();
  }

  private void requireTimestamp() {
    if (reader.ts() == Timestamp.MAX) {
      throw new IllegalStateException(
          "only single gets may read at the largest timestamp: several answers would not be of one"
              + " instant");
    }
  }

  private Backoff budget(String operation) {
    return env.readBudget(scope, operation);
  }
}
