package dev.kittiwake.sql.exec;

import dev.kittiwake.client.txn.LockOptions;
import dev.kittiwake.client.txn.LockedValues;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.sql.expr.Expression;
import dev.kittiwake.sql.expr.Row;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Locks the rows that its input finds and yields each as it is now, if the condition still holds.
 * Rows are locked in batches, but never more than are asked for.
 */
final class LockRowsOperator extends Operator {
  private static final int BATCH = 256;

  /** Finds the keys to lock; without knowing values if the key alone says which row it is. */
  interface Candidates extends AutoCloseable {
    /** Adds up to {@code count} keys of rows; false if there are no more. */
    boolean next(int count, List<Key> into);

    @Override
    void close();
  }

  private final TableAccess access;
  private final Candidates candidates;
  private final Expression condition; // null: none
  private final LockOptions options;
  private final Execution execution;
  private final TableRow view;
  private final ArrayDeque<Key> locked = new ArrayDeque<>();
  private long demand; // rows still wanted
  private boolean exhausted;

  LockRowsOperator(
      TableAccess access,
      Candidates candidates,
      Expression condition,
      LockOptions options,
      Execution execution,
      long demand) {
    this.access = access;
    this.candidates = candidates;
    this.condition = condition;
    this.options = options;
    this.execution = execution;
    this.demand = demand;
    this.view = access.newRow();
  }

  @Override
  public Row next() {
    while (true) {
      while (locked.isEmpty()) {
        if (exhausted) {
          return null;
        }
        lockNext();
      }
      byte[] key = locked.poll().unsafeBytes();
      byte[] value = execution.transaction().get(key);
      if (value == null) {
        continue;
      }
      Row row = view.of(key, value);
      if (condition == null || condition.holds(row, execution)) {
        demand--;
        return row;
      }
    }
  }

  private void lockNext() {
    List<Key> keys = new ArrayList<>();
    exhausted = !candidates.next((int) Math.max(1, Math.min(BATCH, demand)), keys);
    if (keys.isEmpty()) {
      return;
    }
    execution.interrupt().check();
    Transaction transaction = execution.transaction();
    LockedValues values = transaction.lock(keys, options);
    for (Key key : keys) {
      // What was deleted meanwhile may have been left unlocked: the snapshot would still show it.
      boolean gone = values.isKnown(key) && values.value(key) == null;
      if (!gone || transaction.hasWritten(key.unsafeBytes())) {
        locked.add(key);
      }
    }
  }

  @Override
  public void close() {
    candidates.close();
  }

  /** Keys known beforehand. */
  static final class Known implements Candidates {
    private List<Key> keys;

    Known(List<Key> keys) {
      this.keys = keys;
    }

    @Override
    public boolean next(int count, List<Key> into) {
      int end = Math.min(count, keys.size());
      into.addAll(keys.subList(0, end));
      keys = keys.subList(end, keys.size());
      return !keys.isEmpty();
    }

    @Override
    public void close() {
      keys = List.of();
    }
  }

  /** Keys of the rows that a read of the newest data finds. */
  static final class Scanned implements Candidates {
    private final AccessOperator input;

    Scanned(AccessOperator input) {
      this.input = input;
    }

    @Override
    public boolean next(int count, List<Key> into) {
      for (int i = 0; i < count; i++) {
        if (input.next() == null) {
          return false;
        }
        into.add(Key.wrap(input.rowKey()));
      }
      return true;
    }

    @Override
    public void close() {
      input.close();
    }
  }
}
