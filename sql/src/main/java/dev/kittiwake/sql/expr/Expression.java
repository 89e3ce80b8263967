package dev.kittiwake.sql.expr;

/**
 * A computation over a row. Immutable and free of state: shared by all executions of a plan.
 *
 * <p>A subclass implements {@link #eval}; the others are short cuts which it overrides where boxing
 * would cost.
 */
public abstract class Expression {
  /** The three truth values as {@link #test} gives them. */
  public static final int FALSE = 0;

  public static final int TRUE = 1;
  public static final int UNKNOWN = -1;

  /** The value, or null for NULL. */
  public abstract Object eval(Row row, EvalContext context);

  public boolean isNull(Row row, EvalContext context) {
    return eval(row, context) == null;
  }

  /** The value of an integer expression that is not NULL. */
  public long longValue(Row row, EvalContext context) {
    return (Long) eval(row, context);
  }

  /** The value of a condition: {@link #TRUE}, {@link #FALSE} or {@link #UNKNOWN}. */
  public int test(Row row, EvalContext context) {
    Object value = eval(row, context);
    return value == null ? UNKNOWN : (Boolean) value ? TRUE : FALSE;
  }

  /** Whether the condition is true: neither false nor NULL. */
  public final boolean holds(Row row, EvalContext context) {
    return test(row, context) == TRUE;
  }

  /** Whether the value depends on neither row nor context. */
  public boolean constant() {
    return false;
  }
}
