package dev.kittiwake.sql.exec;

import dev.kittiwake.client.error.AlreadyExistsException;
import dev.kittiwake.client.txn.LockOptions;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.sql.catalog.TableSchema;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What one statement (or one batch) changes, collected while its rows are still being read and
 * written at the end: first what goes, then what comes, so that {@code SET k = k + 1} meets no key
 * of its own. All new unique keys are locked with one request.
 */
final class ChangeSet {
  private final TableSchema table;
  private final Execution execution;
  private final Set<Key> deletes = new LinkedHashSet<>();
  private final Map<Key, byte[]> puts = new LinkedHashMap<>();
  private final Map<Key, byte[]> inserts = new LinkedHashMap<>(); // keys that must be new

  ChangeSet(TableSchema table, Execution execution) {
    this.table = table;
    this.execution = execution;
  }

  void delete(byte[] key) {
    deletes.add(Key.wrap(key));
    execution.memory().add(64 + key.length);
  }

  void put(byte[] key, byte[] value) {
    puts.put(Key.wrap(key), value);
    execution.memory().add(96 + key.length + value.length);
  }

  /**
   * A key that must not exist.
   *
   * @throws dev.kittiwake.sql.SqlError 23505 if the statement has it twice
   */
  void insert(byte[] key, byte[] value) {
    if (inserts.put(Key.wrap(key), value) != null) {
      throw Constraints.duplicate(key, table, null);
    }
    execution.memory().add(96 + key.length + value.length);
  }

  /**
   * Writes everything to the transaction's buffer, locking new keys where the mode asks for it.
   * Keys that the transaction deleted itself count as new.
   */
  void apply() {
    Transaction transaction = execution.transaction();
    try {
      for (Key key : deletes) {
        transaction.delete(key.unsafeBytes());
      }
      if (execution.settings().locking()
          && !execution.settings().deferInsertChecks()
          && !inserts.isEmpty()) {
        transaction.lock(inserts.keySet(), LockOptions.PLAIN.withMustNotExist(inserts.keySet()));
      }
      for (Map.Entry<Key, byte[]> put : puts.entrySet()) {
        transaction.put(put.getKey().unsafeBytes(), put.getValue());
      }
      for (Map.Entry<Key, byte[]> insert : inserts.entrySet()) {
        transaction.insert(insert.getKey().unsafeBytes(), insert.getValue());
      }
    } catch (AlreadyExistsException e) {
      throw Constraints.duplicate(e.key().unsafeBytes(), table, e);
    }
    deletes.clear();
    puts.clear();
    inserts.clear();
  }
}
