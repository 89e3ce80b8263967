package dev.kittiwake.sql.expr;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import dev.kittiwake.sql.catalog.SqlType;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * {@code + - * / %} on integers (22003 beyond the result type), decimals (exact; results rounded to
 * the result type's scale) and doubles. Integer division truncates; division by zero is 22012.
 */
final class Arithmetic {
  private Arithmetic() {}

  enum Operator {
    PLUS,
    MINUS,
    TIMES,
    DIVIDE,
    MODULO
  }

  static SqlError divisionByZero() {
    return SqlError.of(SqlStates.DIVISION_BY_ZERO, "division by zero");
  }

  /** Both operands integers, and so the result. */
  static final class Integers extends Expression {
    private final Operator operator;
    private final Expression left;
    private final Expression right;
    private final SqlType.Kind kind;

    Integers(Operator operator, Expression left, Expression right, SqlType.Kind kind) {
      this.operator = operator;
      this.left = left;
      this.right = right;
      this.kind = kind;
    }

    @Override
    public boolean isNull(Row row, EvalContext context) {
      return left.isNull(row, context) || right.isNull(row, context);
    }

    @Override
    public Object eval(Row row, EvalContext context) {
      return isNull(row, context) ? null : (Long) longValue(row, context);
    }

    @Override
    public long longValue(Row row, EvalContext context) {
      long a = left.longValue(row, context);
      long b = right.longValue(row, context);
      try {
        return Values.checkRange(compute(a, b), kind);
      } catch (ArithmeticException e) {
        throw SqlError.of(
            SqlStates.NUMBER_OUT_OF_RANGE,
            "the result of " + a + " " + operator + " " + b + " is out of range for " + kind);
      }
    }

    private long compute(long a, long b) {
      return switch (operator) {
        case PLUS -> Math.addExact(a, b);
        case MINUS -> Math.subtractExact(a, b);
        case TIMES -> Math.multiplyExact(a, b);
        case DIVIDE -> {
          if (b == 0) {
            throw divisionByZero();
          }
          if (b == -1) {
            yield Math.negateExact(a);
          }
          yield a / b;
        }
        case MODULO -> {
          if (b == 0) {
            throw divisionByZero();
          }
          yield a % b;
        }
      };
    }
  }

  /** Operands of which none is a double, and at least one a decimal. */
  static final class Decimals extends Expression {
    private final Operator operator;
    private final Expression left;
    private final Expression right;
    private final SqlType type;

    Decimals(Operator operator, Expression left, Expression right, SqlType type) {
      this.operator = operator;
      this.left = left;
      this.right = right;
      this.type = type;
    }

    @Override
    public Object eval(Row row, EvalContext context) {
      Object a = left.eval(row, context);
      if (a == null) {
        return null;
      }
      Object b = right.eval(row, context);
      if (b == null) {
        return null;
      }
      BigDecimal result = compute(Values.toDecimal(a), Values.toDecimal(b));
      if (type.kind() != SqlType.Kind.DECIMAL) {
        return Values.cast(result, type, false);
      }
      if (result.scale() > type.scale()) {
        result = result.setScale(type.scale(), RoundingMode.HALF_UP);
      }
      return checkDigits(result);
    }

    private BigDecimal compute(BigDecimal a, BigDecimal b) {
      switch (operator) {
        case PLUS:
          return a.add(b);
        case MINUS:
          return a.subtract(b);
        case TIMES:
          return a.multiply(b);
        default:
          if (b.signum() == 0) {
            throw divisionByZero();
          }
          return operator == Operator.DIVIDE
              ? a.divide(b, Math.max(type.scale(), a.scale()), RoundingMode.HALF_UP)
              : a.remainder(b);
      }
    }
  }

  static BigDecimal checkDigits(BigDecimal value) {
    if (value.precision() - value.scale() > SqlType.MAX_DECIMAL_PRECISION) {
      throw SqlError.of(
          SqlStates.NUMBER_OUT_OF_RANGE,
          "a result has more than " + SqlType.MAX_DECIMAL_PRECISION + " digits");
    }
    return value;
  }

  /** At least one operand a double, and so the result. */
  static final class Doubles extends Expression {
    private final Operator operator;
    private final Expression left;
    private final Expression right;

    Doubles(Operator operator, Expression left, Expression right) {
      this.operator = operator;
      this.left = left;
      this.right = right;
    }

    @Override
    public Object eval(Row row, EvalContext context) {
      Object x = left.eval(row, context);
      Object y = right.eval(row, context);
      if (x == null || y == null) {
        return null;
      }
      double a = Values.toDouble(x);
      double b = Values.toDouble(y);
      if (b == 0 && (operator == Operator.DIVIDE || operator == Operator.MODULO)) {
        throw divisionByZero();
      }
      double result =
          switch (operator) {
            case PLUS -> a + b;
            case MINUS -> a - b;
            case TIMES -> a * b;
            case DIVIDE -> a / b;
            case MODULO -> a % b;
          };
      if (!Double.isFinite(result) && Double.isFinite(a) && Double.isFinite(b)) {
        throw SqlError.of(
            SqlStates.NUMBER_OUT_OF_RANGE,
            "the result of " + a + " " + operator + " " + b + " is out of range for DOUBLE");
      }
      return result;
    }
  }

  /** {@code - x}. */
  static final class Negation extends Expression {
    private final Expression operand;
    private final SqlType type;

    Negation(Expression operand, SqlType type) {
      this.operand = operand;
      this.type = type;
    }

    @Override
    public Object eval(Row row, EvalContext context) {
      Object value = operand.eval(row, context);
      if (value == null) {
        return null;
      }
      if (value instanceof Long number) {
        if (number == Long.MIN_VALUE) {
          throw Values.outOfRange("-(" + number + ")", type);
        }
        return -number;
      }
      return value instanceof Double number ? (Object) (-number) : Values.toDecimal(value).negate();
    }
  }
}
