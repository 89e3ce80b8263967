package dev.kittiwake.sql.exec;

import dev.kittiwake.sql.expr.Ordering;
import dev.kittiwake.sql.expr.Row;
import dev.kittiwake.sql.plan.SortKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;

/** Sorts its input, stable; keeps only offset + fetch rows if there is a limit. */
final class SortOperator extends Operator {
  private static final int LARGEST_HEAP = 100_000; // rows; above, everything is sorted

  private record Numbered(Row row, long number) {}

  private final Operator input;
  private final Comparator<Row> order;
  private final long offset;
  private final long fetch;
  private final Execution execution;
  private Iterator<Row> sorted; // null: not yet

  SortOperator(
      Operator input, Comparator<Row> order, long offset, long fetch, Execution execution) {
    this.input = input;
    this.order = order;
    this.offset = offset;
    this.fetch = fetch;
    this.execution = execution;
  }

  static Comparator<Row> order(List<SortKey> keys) {
    SortKey[] by = keys.toArray(new SortKey[0]);
    return (a, b) -> {
      for (SortKey key : by) {
        int compared = compare(a.value(key.column()), b.value(key.column()), key);
        if (compared != 0) {
          return compared;
        }
      }
      return 0;
    };
  }

  private static int compare(Object a, Object b, SortKey key) {
    if (a == null || b == null) {
      return a == b ? 0 : (a == null) == key.nullsFirst() ? -1 : 1;
    }
    int compared = Ordering.compare(a, b);
    return key.descending() ? -compared : compared;
  }

  @Override
  public Row next() {
    if (sorted == null) {
      sorted = sort();
    }
    return sorted.hasNext() ? sorted.next() : null;
  }

  private Iterator<Row> sort() {
    if (fetch == 0) {
      return Collections.emptyIterator();
    }
    boolean top = fetch < LARGEST_HEAP && offset < LARGEST_HEAP - fetch;
    List<Row> rows = top ? topRows((int) (offset + fetch)) : allRows();
    int from = (int) Math.min(offset, rows.size());
    int to = fetch > rows.size() - from ? rows.size() : from + (int) fetch;
    return rows.subList(from, to).iterator();
  }

  private List<Row> allRows() {
    List<Row> rows = new ArrayList<>();
    for (Row row = input.next(); row != null; row = input.next()) {
      execution.interrupt().row();
      Row kept = row.copy();
      execution.memory().keep(kept);
      rows.add(kept);
    }
    rows.sort(order);
    return rows;
  }

  private List<Row> topRows(int count) {
    Comparator<Numbered> numbered =
        Comparator.comparing(Numbered::row, order).thenComparingLong(Numbered::number);
    PriorityQueue<Numbered> largestFirst = new PriorityQueue<>(numbered.reversed());
    long number = 0;
    for (Row row = input.next(); row != null; row = input.next()) {
      execution.interrupt().row();
      if (largestFirst.size() < count) {
        Row kept = row.copy();
        execution.memory().keep(kept);
        largestFirst.add(new Numbered(kept, number++));
      } else if (order.compare(row, largestFirst.peek().row) < 0) {
        largestFirst.poll();
        largestFirst.add(new Numbered(row.copy(), number++));
      }
    }
    List<Numbered> best = new ArrayList<>(largestFirst);
    best.sort(numbered);
    List<Row> rows = new ArrayList<>(best.size());
    best.forEach(one -> rows.add(one.row));
    return rows;
  }

  @Override
  public void close() {
    input.close();
  }
}
