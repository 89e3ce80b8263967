package dev.kittiwake.sql.exec;

import dev.kittiwake.client.txn.Scan;
import dev.kittiwake.client.txn.ScanOptions;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.sql.expr.Expression;
import dev.kittiwake.sql.expr.Row;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Rows in the order of the primary key or of an index. Rows that an index entry does not hold are
 * fetched in batches, which grow with the rows asked for.
 */
final class ScanOperator extends AccessOperator {
  private static final int FIRST_BATCH = 16; // entries looked up together at first
  private static final int LARGEST_BATCH = 512;

  private record Found(byte[] rowKey, byte[] value) {}

  private final TableAccess access;
  private final boolean reverse;
  private final Expression filter; // null: none
  private final Execution execution;
  private final KvReader reader;
  private final ScanOptions options;
  private final TableRow view;
  private final ArrayDeque<Found> fetched = new ArrayDeque<>();
  private int batch;
  private Iterator<RangeEncoder.Bytes> ranges; // null: not yet begun
  private Scan scan; // null between ranges
  private byte[] rowKey;

  /**
   * @param demand rows wanted at most, as far as known
   */
  ScanOperator(
      TableAccess access,
      boolean reverse,
      Expression filter,
      long demand,
      Execution execution,
      KvReader reader) {
    this.access = access;
    this.reverse = reverse;
    this.filter = filter;
    this.execution = execution;
    this.reader = reader;
    this.view = access.newRow();
    int hint = filter != null || demand > 100_000 ? 0 : (int) Math.max(1, demand);
    this.options = (reverse ? ScanOptions.REVERSE : ScanOptions.FORWARD).withLimitHint(hint);
    this.batch =
        demand < FIRST_BATCH
            ? (int) Math.max(1, demand)
            : demand == Opener.ALL ? LARGEST_BATCH : FIRST_BATCH;
  }

  @Override
  public Row next() {
    while (true) {
      Row row = access.index == null ? nextRow() : access.covered ? nextCovered() : nextLookup();
      if (row == null) {
        return null;
      }
      execution.interrupt().row();
      if (filter == null || filter.holds(row, execution)) {
        if (execution.collects()) {
          execution.read(rowKey());
        }
        return row;
      }
    }
  }

  private Row nextRow() {
    if (!advance()) {
      return null;
    }
    rowKey = scan.key();
    return view.of(rowKey, scan.value());
  }

  private Row nextCovered() {
    if (!advance()) {
      return null;
    }
    rowKey = null;
    return access.coveredRow(scan.key(), scan.value());
  }

  private Row nextLookup() {
    while (fetched.isEmpty()) {
      if (!fetch()) {
        return null;
      }
    }
    Found found = fetched.poll();
    rowKey = found.rowKey;
    return view.of(found.rowKey, found.value);
  }

  /** Looks the next entries' rows up; false at the end of the index. */
  private boolean fetch() {
    List<Key> rows = new ArrayList<>();
    while (rows.size() < batch && advance()) {
      rows.add(Key.wrap(access.rowKeyOf(scan.key(), scan.value())));
    }
    if (rows.isEmpty()) {
      return false;
    }
    batch = Math.min(LARGEST_BATCH, batch * 2);
    if (rows.size() == 1) {
      byte[] value = reader.get(rows.get(0).unsafeBytes());
      if (value != null) {
        fetched.add(new Found(rows.get(0).unsafeBytes(), value));
      }
      return true;
    }
    Map<Key, byte[]> values = reader.batchGet(rows);
    for (Key row : rows) {
      byte[] value = values.get(row);
      if (value != null) {
        fetched.add(new Found(row.unsafeBytes(), value));
      }
    }
    return true;
  }

  private boolean advance() {
    if (ranges == null) {
      List<RangeEncoder.Bytes> encoded = access.ranges(execution);
      if (reverse && encoded.size() > 1) {
        encoded = new ArrayList<>(encoded);
        Collections.reverse(encoded);
      }
      ranges = encoded.iterator();
    }
    while (true) {
      if (scan == null) {
        if (!ranges.hasNext()) {
          return false;
        }
        RangeEncoder.Bytes range = ranges.next();
        scan = reader.scan(range.start(), range.end(), options);
      }
      if (scan.next()) {
        return true;
      }
      scan.close();
      scan = null;
    }
  }

  @Override
  byte[] rowKey() {
    return rowKey != null ? rowKey : access.rowKeyOf(scan.key(), scan.value());
  }

  @Override
  public void close() {
    if (scan != null) {
      scan.close();
      scan = null;
    }
    ranges = Collections.emptyIterator();
    fetched.clear();
  }
}
