package dev.kittiwake.sql.catalog;

import dev.kittiwake.client.txn.Scan;
import dev.kittiwake.client.txn.ScanOptions;
import dev.kittiwake.client.txn.TransactionClient;
import dev.kittiwake.client.txn.TransactionOptions;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.sql.row.TableKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Deletes the keys of dropped and truncated tables and dropped indexes, in small transactions. What
 * is still to be deleted stands in the keyspace, so that a process that stops half-way leaves it to
 * the next one; two at a time do no harm. Readers of older snapshots keep their rows until garbage
 * collection. Thread-safe.
 */
final class KeySweeper {
  private static final int BATCH = 512; // keys in one transaction

  private final TransactionClient client;
  private final BooleanSupplier stopped;

  /**
   * @param stopped asked before each transaction; once true, what is left is for another process
   */
  KeySweeper(TransactionClient client, BooleanSupplier stopped) {
    this.client = client;
    this.stopped = stopped;
  }

  /** Deletes all that is left behind now. */
  void sweep() {
    for (byte[] prefix : CatalogKeys.leftBehind(client.latestSnapshot())) {
      if (!sweep(prefix)) {
        return;
      }
      delete(List.of(Key.wrap(CatalogKeys.leftBehind(prefix))));
    }
  }

  /** False if stopped before all was deleted. */
  private boolean sweep(byte[] prefix) {
    List<Key> batch = new ArrayList<>();
    ScanOptions keys = ScanOptions.FORWARD.withKeyOnly(true);
    try (Scan scan = client.latestSnapshot().scan(prefix, TableKeys.prefixEnd(prefix), keys)) {
      while (!stopped.getAsBoolean() && scan.next()) {
        batch.add(Key.copyOf(scan.key()));
        if (batch.size() == BATCH) {
          delete(batch);
          batch.clear();
        }
      }
    }
    if (stopped.getAsBoolean()) {
      return false;
    }
    if (!batch.isEmpty()) {
      delete(batch);
    }
    return true;
  }

  private void delete(List<Key> keys) {
    client.run(
        TransactionOptions.optimistic(),
        transaction -> {
          keys.forEach(key -> transaction.delete(key.unsafeBytes()));
          return null;
        });
  }
}
