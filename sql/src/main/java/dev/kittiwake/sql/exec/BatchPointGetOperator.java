package dev.kittiwake.sql.exec;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.sql.expr.ArrayRow;
import dev.kittiwake.sql.expr.Expression;
import dev.kittiwake.sql.expr.Row;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rows by several complete keys, read together. */
final class BatchPointGetOperator extends AccessOperator {
  private final TableAccess access;
  private final List<List<Expression>> keys;
  private final Expression filter; // null: none
  private final Execution execution;
  private final KvReader reader;
  private Iterator<Map.Entry<Key, byte[]>> found; // null: not yet read
  private byte[] rowKey;

  BatchPointGetOperator(
      TableAccess access,
      List<List<Expression>> keys,
      Expression filter,
      Execution execution,
      KvReader reader) {
    this.access = access;
    this.keys = keys;
    this.filter = filter;
    this.execution = execution;
    this.reader = reader;
  }

  @Override
  public Row next() {
    if (found == null) {
      found = read().entrySet().iterator();
    }
    while (found.hasNext()) {
      Map.Entry<Key, byte[]> entry = found.next();
      rowKey = entry.getKey().unsafeBytes();
      Row row = access.newRow().of(rowKey, entry.getValue());
      if (filter == null || filter.holds(row, execution)) {
        if (execution.collects()) {
          execution.read(rowKey);
        }
        return row;
      }
    }
    return null;
  }

  /** The keys asked for, each once. */
  static Set<Key> pointKeys(TableAccess access, List<List<Expression>> keys, Execution execution) {
    Set<Key> wanted = new LinkedHashSet<>();
    for (List<Expression> key : keys) {
      byte[] at = access.pointKey(key, ArrayRow.EMPTY, execution);
      if (at != null) {
        wanted.add(Key.wrap(at));
      }
    }
    return wanted;
  }

  private Map<Key, byte[]> read() {
    Collection<Key> wanted = pointKeys(access, keys, execution);
    if (wanted.isEmpty()) {
      return Map.of();
    }
    Map<Key, byte[]> values = reader.batchGet(wanted);
    return access.index == null ? values : reader.batchGet(rowKeys(access, values));
  }

  static Collection<Key> rowKeys(TableAccess access, Map<Key, byte[]> entries) {
    Set<Key> rows = new LinkedHashSet<>();
    for (Map.Entry<Key, byte[]> entry : entries.entrySet()) {
      rows.add(Key.wrap(access.rowKeyOf(entry.getKey().unsafeBytes(), entry.getValue())));
    }
    return rows;
  }

  @Override
  byte[] rowKey() {
    return rowKey;
  }
}
