package dev.kittiwake.sql.expr;

/** Expressions without operands. */
final class Leaves {
  private Leaves() {}

  static final class Column extends Expression {
    private final int index;

    Column(int index) {
      this.index = index;
    }

    @Override
    public Object eval(Row row, EvalContext context) {
      return row.value(index);
    }

    @Override
    public boolean isNull(Row row, EvalContext context) {
      return row.isNull(index);
    }

    @Override
    public long longValue(Row row, EvalContext context) {
      return row.longValue(index);
    }
  }

  static final class OuterColumn extends Expression {
    private final int correlationId;
    private final int index;

    OuterColumn(int correlationId, int index) {
      this.correlationId = correlationId;
      this.index = index;
    }

    @Override
    public Object eval(Row row, EvalContext context) {
      return context.outer(correlationId).value(index);
    }
  }

  static final class Parameter extends Expression {
    private final int index;

    Parameter(int index) {
      this.index = index;
    }

    @Override
    public Object eval(Row row, EvalContext context) {
      return context.parameter(index);
    }
  }

  static final class Constant extends Expression {
    private final Object value;
    private final long asLong;

    Constant(Object value) {
      this.value = value;
      this.asLong = value instanceof Long number ? number : 0;
    }

    @Override
    public Object eval(Row row, EvalContext context) {
      return value;
    }

    @Override
    public boolean isNull(Row row, EvalContext context) {
      return value == null;
    }

    @Override
    public long longValue(Row row, EvalContext context) {
      return asLong;
    }

    @Override
    public boolean constant() {
      return true;
    }
  }
}
