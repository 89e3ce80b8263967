package dev.kittiwake.sql.expr;

import dev.kittiwake.sql.expr.Logic.Condition;

/** {@code = <> < <= > >=} and IS [NOT] DISTINCT FROM. */
final class Comparison {
  private Comparison() {}

  /** Which results of a comparison make it true. */
  enum Operator {
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL;

    int of(int compared) {
      boolean truth =
          switch (this) {
            case EQUAL -> compared == 0;
            case NOT_EQUAL -> compared != 0;
            case LESS -> compared < 0;
            case LESS_OR_EQUAL -> compared <= 0;
            case GREATER -> compared > 0;
            case GREATER_OR_EQUAL -> compared >= 0;
          };
      return truth ? Expression.TRUE : Expression.FALSE;
    }
  }

  /** Both sides integers. */
  static final class Integers extends Condition {
    private final Operator operator;
    private final Expression left;
    private final Expression right;

    Integers(Operator operator, Expression left, Expression right) {
      this.operator = operator;
      this.left = left;
      this.right = right;
    }

    @Override
    public int test(Row row, EvalContext context) {
      if (left.isNull(row, context) || right.isNull(row, context)) {
        return UNKNOWN;
      }
      return operator.of(Long.compare(left.longValue(row, context), right.longValue(row, context)));
    }
  }

  /** Values of any class that compare; {@code blanks} = trailing blanks do not count. */
  static final class General extends Condition {
    private final Operator operator;
    private final Expression left;
    private final Expression right;
    private final boolean blanks;

    General(Operator operator, Expression left, Expression right, boolean blanks) {
      this.operator = operator;
      this.left = left;
      this.right = right;
      this.blanks = blanks;
    }

    @Override
    public int test(Row row, EvalContext context) {
      Object a = left.eval(row, context);
      if (a == null) {
        return UNKNOWN;
      }
      Object b = right.eval(row, context);
      return b == null ? UNKNOWN : operator.of(compare(a, b, blanks));
    }
  }

  static int compare(Object a, Object b, boolean blanks) {
    return blanks && a instanceof String x && b instanceof String y
        ? Ordering.compareText(Values.trimBlanks(x), Values.trimBlanks(y))
        : Ordering.compare(a, b);
  }

  static final class Distinct extends Condition {
    private final Expression left;
    private final Expression right;
    private final boolean wanted;
    private final boolean blanks;

    Distinct(Expression left, Expression right, boolean wanted, boolean blanks) {
      this.left = left;
      this.right = right;
      this.wanted = wanted;
      this.blanks = blanks;
    }

    @Override
    public int test(Row row, EvalContext context) {
      Object a = left.eval(row, context);
      Object b = right.eval(row, context);
      boolean distinct = a == null || b == null ? a != b : compare(a, b, blanks) != 0;
      return distinct == wanted ? TRUE : FALSE;
    }
  }
}
