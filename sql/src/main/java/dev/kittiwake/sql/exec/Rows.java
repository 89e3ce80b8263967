package dev.kittiwake.sql.exec;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.expr.ArrayRow;
import dev.kittiwake.sql.expr.Expression;
import dev.kittiwake.sql.expr.Row;
import dev.kittiwake.sql.expr.Values;
import java.util.Iterator;
import java.util.List;

/** The operators that look at one row at a time. */
final class Rows {
  private Rows() {}

  static final class Filter extends Operator {
    private final Operator input;
    private final Expression condition;
    private final Execution execution;

    Filter(Operator input, Expression condition, Execution execution) {
      this.input = input;
      this.condition = condition;
      this.execution = execution;
    }

    @Override
    public Row next() {
      for (Row row = input.next(); row != null; row = input.next()) {
        execution.interrupt().row();
        if (condition.holds(row, execution)) {
          return row;
        }
      }
      return null;
    }

    @Override
    public void close() {
      input.close();
    }
  }

  /** Computes its columns when they are asked for. */
  static final class Project extends Operator {
    private final Operator input;
    private final View view;

    Project(Operator input, Expression[] expressions, Execution execution) {
      this.input = input;
      this.view = new View(expressions, execution);
    }

    @Override
    public Row next() {
      view.row = input.next();
      return view.row == null ? null : view;
    }

    @Override
    public void close() {
      input.close();
    }

    private static final class View extends Row {
      private final Expression[] expressions;
      private final Execution execution;
      private Row row;

      View(Expression[] expressions, Execution execution) {
        this.expressions = expressions;
        this.execution = execution;
      }

      @Override
      public int width() {
        return expressions.length;
      }

      @Override
      public Object value(int column) {
        return expressions[column].eval(row, execution);
      }

      @Override
      public boolean isNull(int column) {
        return expressions[column].isNull(row, execution);
      }

      @Override
      public long longValue(int column) {
        return expressions[column].longValue(row, execution);
      }
    }
  }

  static final class Limit extends Operator {
    private final Operator input;
    private long skip;
    private long left;

    Limit(Operator input, long offset, long fetch) {
      this.input = input;
      this.skip = offset;
      this.left = fetch;
    }

    @Override
    public Row next() {
      while (skip > 0 && left > 0) {
        if (input.next() == null) {
          left = 0;
        }
        skip--;
      }
      if (left <= 0) {
        return null;
      }
      left--;
      return input.next();
    }

    @Override
    public void close() {
      input.close();
    }
  }

  /** The number of OFFSET or FETCH; {@code missing} if there is none or it is NULL. */
  static long count(Expression expression, Execution execution, long missing) {
    Object value = expression == null ? null : expression.eval(ArrayRow.EMPTY, execution);
    if (value == null) {
      return missing;
    }
    long count = Values.toDecimal(value).longValue();
    if (count < 0) {
      throw SqlError.of("2201W", "LIMIT and OFFSET must not be negative: " + count);
    }
    return count;
  }

  static final class Constants extends Operator {
    private final Iterator<Expression[]> rows;
    private final Execution execution;

    Constants(List<Expression[]> rows, Execution execution) {
      this.rows = rows.iterator();
      this.execution = execution;
    }

    @Override
    public Row next() {
      if (!rows.hasNext()) {
        return null;
      }
      Expression[] expressions = rows.next();
      Object[] values = new Object[expressions.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = expressions[i].eval(ArrayRow.EMPTY, execution);
      }
      return new ArrayRow(values);
    }
  }

  /** One input after the other; the next is opened when it is needed. */
  static final class Union extends Operator {
    private final Iterator<Opener> inputs;
    private final Execution execution;
    private final long demand;
    private Operator current;

    Union(List<Opener> inputs, Execution execution, long demand) {
      this.inputs = inputs.iterator();
      this.execution = execution;
      this.demand = demand;
    }

    @Override
    public Row next() {
      while (true) {
        if (current == null) {
          if (!inputs.hasNext()) {
            return null;
          }
          current = inputs.next().open(execution, demand);
        }
        Row row = current.next();
        if (row != null) {
          return row;
        }
        current.close();
        current = null;
      }
    }

    @Override
    public void close() {
      if (current != null) {
        current.close();
      }
    }
  }
}
