package dev.kittiwake.sql.exec;

import dev.kittiwake.sql.expr.ArrayRow;
import dev.kittiwake.sql.expr.Row;
import dev.kittiwake.sql.plan.AggregateFunction;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Grouping, by hash and over neighbours. */
final class Aggregates {
  private static final int GROUP_BYTES = 96;

  private Aggregates() {}

  /** One group: the values of its columns and the state of its aggregates. */
  private static final class Group {
    private final Object[] values;
    private final Accumulator[] accumulators;

    Group(Row row, int[] columns, List<AggregateFunction> functions) {
      values = new Object[columns.length];
      for (int i = 0; i < columns.length; i++) {
        values[i] = row.value(columns[i]);
      }
      accumulators = new Accumulator[functions.size()];
      for (int i = 0; i < accumulators.length; i++) {
        accumulators[i] = new Accumulator(functions.get(i));
      }
    }

    void add(Row row, MemoryAccount memory) {
      for (Accumulator accumulator : accumulators) {
        accumulator.add(row, memory);
      }
    }

    Row result() {
      Object[] all = java.util.Arrays.copyOf(values, values.length + accumulators.length);
      for (int i = 0; i < accumulators.length; i++) {
        all[values.length + i] = accumulators[i].result();
      }
      return new ArrayRow(all);
    }
  }

  /**
   * Groups in the order in which they first appear. Without aggregates: DISTINCT, which streams.
   */
  static final class Hash extends Operator {
    private final Operator input;
    private final int[] columns;
    private final List<AggregateFunction> functions;
    private final Execution execution;
    private final Map<Object, Group> groups = new LinkedHashMap<>();
    private Iterator<Group> results; // null: input not yet read

    Hash(Operator input, int[] columns, List<AggregateFunction> functions, Execution execution) {
      this.input = input;
      this.columns = columns;
      this.functions = functions;
      this.execution = execution;
    }

    @Override
    public Row next() {
      if (functions.isEmpty()) {
        return nextDistinct();
      }
      if (results == null) {
        for (Row row = input.next(); row != null; row = input.next()) {
          execution.interrupt().row();
          group(row).add(row, execution.memory());
        }
        results = groups.values().iterator();
      }
      return results.hasNext() ? results.next().result() : null;
    }

    private Row nextDistinct() {
      for (Row row = input.next(); row != null; row = input.next()) {
        execution.interrupt().row();
        int known = groups.size();
        Group group = group(row);
        if (groups.size() > known) {
          return group.result();
        }
      }
      return null;
    }

    private Group group(Row row) {
      Object key = HashKey.of(row, columns);
      Group group = groups.get(key);
      if (group == null) {
        group = new Group(row, columns, functions);
        groups.put(key, group);
        long bytes = GROUP_BYTES * (1L + functions.size());
        for (Object value : group.values) {
          bytes += MemoryAccount.size(value);
        }
        execution.memory().add(bytes);
      }
      return group;
    }

    @Override
    public void close() {
      input.close();
    }
  }

  /** Equal groups are neighbours; without group columns there is exactly one. */
  static final class Stream extends Operator {
    private final Operator input;
    private final int[] columns;
    private final List<AggregateFunction> functions;
    private final Execution execution;
    private Row ahead; // first row of the next group
    private boolean started;
    private boolean ended;

    Stream(Operator input, int[] columns, List<AggregateFunction> functions, Execution execution) {
      this.input = input;
      this.columns = columns;
      this.functions = functions;
      this.execution = execution;
    }

    @Override
    public Row next() {
      if (ended) {
        return null;
      }
      if (!started) {
        started = true;
        ahead = input.next();
      }
      if (ahead == null) {
        ended = true;
        return columns.length > 0 ? null : emptyGroup();
      }
      if (columns.length == 0) {
        return onlyGroup();
      }
      Object key = HashKey.of(ahead, columns);
      Group group = new Group(ahead, columns, functions);
      do {
        execution.interrupt().row();
        group.add(ahead, execution.memory());
        ahead = input.next();
      } while (ahead != null && key.equals(HashKey.of(ahead, columns)));
      ended = ahead == null;
      return group.result();
    }

    private Row emptyGroup() {
      return new Group(ArrayRow.EMPTY, columns, functions).result();
    }

    private Row onlyGroup() {
      Group group = new Group(ahead, columns, functions);
      for (Row row = ahead; row != null; row = input.next()) {
        execution.interrupt().row();
        group.add(row, execution.memory());
      }
      ended = true;
      return group.result();
    }

    @Override
    public void close() {
      input.close();
    }
  }
}
