package dev.kittiwake.sql.exec;

import dev.kittiwake.client.txn.LockOptions;
import dev.kittiwake.client.txn.LockedValues;
import dev.kittiwake.client.txn.Scan;
import dev.kittiwake.client.txn.ScanOptions;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.client.txn.TransactionClient;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.sql.catalog.IndexSchema;
import dev.kittiwake.sql.catalog.TableSchema;
import dev.kittiwake.sql.row.IndexCodec;
import dev.kittiwake.sql.row.IndexLayout;
import dev.kittiwake.sql.row.RowCodec;
import dev.kittiwake.sql.row.TableKeys;
import dev.kittiwake.sql.row.TableLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Fills the rows that a table has already into a new index, which writers keep up meanwhile: small
 * transactions lock some rows, so that these stay as they are, and write their entries. Also counts
 * rows. Thread-safe.
 */
public final class IndexBuilder {
  private static final int BATCH = 256; // rows in one transaction

  private final TransactionClient client;

  public IndexBuilder(TransactionClient client) {
    this.client = client;
  }

  /**
   * @throws dev.kittiwake.sql.SqlError 23505 if two rows have the same values for a unique index
   */
  public void fill(TableSchema table, IndexSchema index) {
    TableLayout layout = Layouts.of(table);
    IndexLayout target = layout.index(index.id());
    List<Key> batch = new ArrayList<>();
    try (Scan rows = scan(table, ScanOptions.FORWARD.withKeyOnly(true))) {
      while (rows.next()) {
        batch.add(Key.copyOf(rows.key()));
        if (batch.size() == BATCH) {
          write(table, layout, target, batch);
          batch.clear();
        }
      }
    }
    if (!batch.isEmpty()) {
      write(table, layout, target, batch);
    }
  }

  /** The rows that the table has now. */
  public long count(TableSchema table) {
    long count = 0;
    try (Scan rows = scan(table, ScanOptions.FORWARD.withKeyOnly(true))) {
      while (rows.next()) {
        count++;
      }
    }
    return count;
  }

  private Scan scan(TableSchema table, ScanOptions options) {
    byte[] start = TableKeys.rowPrefix(table.id());
    return client.latestSnapshot().scan(start, TableKeys.prefixEnd(start), options);
  }

  private void write(TableSchema table, TableLayout layout, IndexLayout index, List<Key> rows) {
    client.run(
        transaction -> {
          writeBatch(transaction, table, layout, index, rows);
          return null;
        });
  }

  private static void writeBatch(
      Transaction transaction,
      TableSchema table,
      TableLayout layout,
      IndexLayout index,
      List<Key> rows) {
    transaction.lock(rows, LockOptions.VALUES);
    Map<Key, byte[]> unique = new LinkedHashMap<>();
    for (Key row : rows) {
      byte[] value = transaction.get(row.unsafeBytes());
      if (value == null) {
        continue; // deleted since
      }
      Object[] values = RowCodec.decode(layout, row.unsafeBytes(), value);
      IndexCodec.Entry entry =
          IndexCodec.entry(layout, index, values, TableKeys.handleOf(row.unsafeBytes()));
      if (!entry.unique()) {
        transaction.put(entry.key(), entry.value());
      } else if (unique.put(Key.wrap(entry.key()), entry.value()) != null) {
        throw Constraints.duplicate(entry.key(), table, null);
      }
    }
    if (!unique.isEmpty()) {
      writeUnique(transaction, table, unique);
    }
  }

  private static void writeUnique(
      Transaction transaction, TableSchema table, Map<Key, byte[]> entries) {
    LockedValues present = transaction.lock(entries.keySet(), LockOptions.VALUES);
    entries.forEach(
        (key, value) -> {
          byte[] other = present.value(key);
          if (other == null) {
            transaction.put(key.unsafeBytes(), value);
          } else if (!Arrays.equals(other, value)) {
            throw Constraints.duplicate(key.unsafeBytes(), table, null);
          }
        });
  }
}
