package dev.kittiwake.sql.expr;

import java.util.List;

/** AND, OR, NOT and the IS tests, in three-valued logic. */
final class Logic {
  private Logic() {}

  /** A condition: subclasses implement {@link #test}. */
  abstract static class Condition extends Expression {
    @Override
    public final Object eval(Row row, EvalContext context) {
      int truth = test(row, context);
      return truth == UNKNOWN ? null : (Boolean) (truth == TRUE);
    }

    @Override
    public final boolean isNull(Row row, EvalContext context) {
      return test(row, context) == UNKNOWN;
    }

    @Override
    public abstract int test(Row row, EvalContext context);
  }

  /** AND (decided by the first FALSE) and OR (by the first TRUE). */
  static final class Junction extends Condition {
    private final Expression[] operands;
    private final int deciding;

    Junction(boolean and, List<Expression> operands) {
      this.operands = operands.toArray(new Expression[0]);
      this.deciding = and ? FALSE : TRUE;
    }

    @Override
    public int test(Row row, EvalContext context) {
      int result = deciding == FALSE ? TRUE : FALSE;
      for (Expression operand : operands) {
        int truth = operand.test(row, context);
        if (truth == deciding) {
          return truth;
        }
        if (truth == UNKNOWN) {
          result = UNKNOWN;
        }
      }
      return result;
    }
  }

  static final class Not extends Condition {
    private final Expression operand;

    Not(Expression operand) {
      this.operand = operand;
    }

    @Override
    public int test(Row row, EvalContext context) {
      int truth = operand.test(row, context);
      return truth == UNKNOWN ? UNKNOWN : 1 - truth;
    }
  }

  static final class IsNull extends Condition {
    private final Expression operand;
    private final boolean wanted;

    IsNull(Expression operand, boolean wanted) {
      this.operand = operand;
      this.wanted = wanted;
    }

    @Override
    public int test(Row row, EvalContext context) {
      return operand.isNull(row, context) == wanted ? TRUE : FALSE;
    }
  }

  /** IS [NOT] TRUE, FALSE, UNKNOWN. */
  static final class IsTruth extends Condition {
    private final Expression operand;
    private final int truth;
    private final boolean wanted;

    IsTruth(Expression operand, int truth, boolean wanted) {
      this.operand = operand;
      this.truth = truth;
      this.wanted = wanted;
    }

    @Override
    public int test(Row row, EvalContext context) {
      return (operand.test(row, context) == truth) == wanted ? TRUE : FALSE;
    }
  }

  /** CASE: conditions and values by turns, then the value of ELSE. Also COALESCE-like choices. */
  static final class Case extends Expression {
    private final Expression[] operands;

    Case(List<Expression> operands) {
      this.operands = operands.toArray(new Expression[0]);
    }

    private Expression chosen(Row row, EvalContext context) {
      for (int i = 0; i + 1 < operands.length; i += 2) {
        if (operands[i].holds(row, context)) {
          return operands[i + 1];
        }
      }
      return operands[operands.length - 1];
    }

    @Override
    public Object eval(Row row, EvalContext context) {
      return chosen(row, context).eval(row, context);
    }
  }

  static final class Coalesce extends Expression {
    private final Expression[] operands;

    Coalesce(List<Expression> operands) {
      this.operands = operands.toArray(new Expression[0]);
    }

    @Override
    public Object eval(Row row, EvalContext context) {
      for (Expression operand : operands) {
        Object value = operand.eval(row, context);
        if (value != null) {
          return value;
        }
      }
      return null;
    }
  }
}
