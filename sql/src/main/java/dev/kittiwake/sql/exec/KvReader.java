package dev.kittiwake.sql.exec;

import dev.kittiwake.client.txn.Scan;
import dev.kittiwake.client.txn.ScanOptions;
import dev.kittiwake.client.txn.Snapshot;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.proto.key.Key;
import java.util.Collection;
import java.util.Map;

/** Where a query reads: a transaction (own writes included) or a snapshot. */
public interface KvReader {
  byte[] get(byte[] key);

  Map<Key, byte[]> batchGet(Collection<Key> keys);

  Scan scan(byte[] start, byte[] end, ScanOptions options);

  static KvReader of(Transaction transaction) {
    return new OfTransaction(transaction);
  }

  static KvReader of(Snapshot snapshot) {
    return new OfSnapshot(snapshot);
  }

  /** Reads through a transaction. */
  record OfTransaction(Transaction transaction) implements KvReader {
    @Override
    public byte[] get(byte[] key) {
      return transaction.get(key);
    }

    @Override
    public Map<Key, byte[]> batchGet(Collection<Key> keys) {
      return transaction.batchGet(keys);
    }

    @Override
    public Scan scan(byte[] start, byte[] end, ScanOptions options) {
      return transaction.scan(start, end, options);
    }
  }

  /** Reads a snapshot. */
  record OfSnapshot(Snapshot snapshot) implements KvReader {
    @Override
    public byte[] get(byte[] key) {
      return snapshot.get(key);
    }

    @Override
    public Map<Key, byte[]> batchGet(Collection<Key> keys) {
      return snapshot.batchGet(keys);
    }

    @Override
    public Scan scan(byte[] start, byte[] end, ScanOptions options) {
      return snapshot.scan(start, end, options);
    }
  }
}
