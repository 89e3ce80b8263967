package dev.kittiwake.sql.exec;

import dev.kittiwake.client.txn.Scan;
import dev.kittiwake.client.txn.ScanOptions;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.sql.expr.Expression;
import dev.kittiwake.sql.expr.Row;
import dev.kittiwake.sql.plan.JoinKind;
import dev.kittiwake.sql.row.TableKeys;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the partners of left rows by key: takes left rows in batches, asks each different key once,
 * keeps the left order.
 */
final class LookupJoinOperator extends JoinOperator {
  private static final int FIRST_BATCH = 32;
  private static final int LARGEST_BATCH = 1024; // left rows

  /** The unchanging part of it. */
  record Shape(TableAccess access, List<Expression> key, boolean unique, Expression filter) {}

  private record Waiting(Row row, Key key) {}

  private final Operator left;
  private final Shape shape;
  private final TableAccess access;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private Map<Key, List<Kept>> found = Map.of();
  private Key presentKey; // of the left row handed out last; null finds nothing
  private int batch;
  private long kept; // bytes accounted for the present batch

  LookupJoinOperator(
      Operator left,
      Shape shape,
      JoinKind kind,
      Expression condition,
      int leftWidth,
      long demand,
      Execution execution) {
    super(kind, condition, leftWidth, shape.access.columns.length, execution);
    this.left = left;
    this.shape = shape;
    this.access = shape.access;
    this.batch = demand < FIRST_BATCH ? FIRST_BATCH : LARGEST_BATCH;
  }

  @Override
  Row nextLeft() {
    if (waiting.isEmpty() && !fetch()) {
      return null;
    }
    Waiting next = waiting.poll();
    presentKey = next.key;
    return next.row;
  }

  @Override
  Iterator<Kept> candidates(Row leftRow) {
    return presentKey == null
        ? java.util.Collections.emptyIterator()
        : found.getOrDefault(presentKey, List.of()).iterator();
  }

  @Override
  Iterator<Kept> allRight() {
    throw new IllegalStateException("a lookup join cannot be RIGHT or FULL");
  }

  private boolean fetch() {
    execution.memory().release(kept);
    kept = 0;
    Set<Key> keys = new LinkedHashSet<>();
    while (waiting.size() < batch) {
      Row row = left.next();
      if (row == null) {
        break;
      }
      Row stays = row.copy();
      kept += execution.memory().keep(stays);
      byte[] key = access.pointKey(shape.key, stays, execution);
      Key at = key == null ? null : Key.wrap(key);
      if (at != null) {
        keys.add(at);
      }
      waiting.add(new Waiting(stays, at));
    }
    if (waiting.isEmpty()) {
      return false;
    }
    execution.interrupt().check();
    found = shape.unique ? lookUp(keys) : scan(keys);
    batch = LARGEST_BATCH;
    return true;
  }

  /** One row for each key, all in one or two requests. */
  private Map<Key, List<Kept>> lookUp(Set<Key> keys) {
    Map<Key, List<Kept>> rows = new HashMap<>();
    if (keys.isEmpty()) {
      return rows;
    }
    Map<Key, byte[]> values = execution.reader().batchGet(keys);
    if (access.index == null) {
      values.forEach(
          (key, value) ->
              add(rows, key, key.unsafeBytes(), access.newRow().of(key.unsafeBytes(), value)));
    } else if (access.covered) {
      values.forEach((key, value) -> addCovered(rows, key, key.unsafeBytes(), value));
    } else {
      Map<Key, Key> byRow = new LinkedHashMap<>();
      values.forEach(
          (key, value) -> byRow.put(Key.wrap(access.rowKeyOf(key.unsafeBytes(), value)), key));
      fetchRows(byRow, rows);
    }
    return rows;
  }

  private void fetchRows(Map<Key, Key> byRow, Map<Key, List<Kept>> into) {
    if (byRow.isEmpty()) {
      return;
    }
    Map<Key, byte[]> stored = execution.reader().batchGet(byRow.keySet());
    byRow.forEach(
        (rowKey, key) -> {
          byte[] value = stored.get(rowKey);
          if (value != null) {
            byte[] at = rowKey.unsafeBytes();
            add(into, key, at, access.newRow().of(at, value));
          }
        });
  }

  /** All rows under each key. */
  private Map<Key, List<Kept>> scan(Set<Key> keys) {
    Map<Key, List<Kept>> rows = new HashMap<>();
    for (Key key : keys) {
      Map<Key, Key> byRow = new LinkedHashMap<>();
      byte[] start = key.unsafeBytes();
      try (Scan scan =
          execution.reader().scan(start, TableKeys.prefixEnd(start), ScanOptions.FORWARD)) {
        while (scan.next()) {
          execution.interrupt().row();
          if (access.index == null) {
            add(rows, key, scan.key(), access.newRow().of(scan.key(), scan.value()));
          } else if (access.covered) {
            addCovered(rows, key, scan.key(), scan.value());
          } else {
            byRow.put(Key.wrap(access.rowKeyOf(scan.key(), scan.value())), key);
          }
        }
      }
      fetchRows(byRow, rows);
    }
    return rows;
  }

  private void addCovered(Map<Key, List<Kept>> rows, Key key, byte[] entry, byte[] value) {
    byte[] rowKey = execution.collects() ? access.rowKeyOf(entry, value) : null;
    add(rows, key, rowKey, access.coveredRow(entry, value));
  }

  private void add(Map<Key, List<Kept>> rows, Key key, byte[] rowKey, Row row) {
    if (shape.filter != null && !shape.filter.holds(row, execution)) {
      return;
    }
    if (execution.collects()) {
      execution.read(rowKey);
    }
    Row stays = row.copy();
    kept += execution.memory().keep(stays);
    rows.computeIfAbsent(key, k -> new ArrayList<>(1)).add(new Kept(stays));
  }

  @Override
  public void close() {
    left.close();
  }
}
