package dev.kittiwake.sql.expr;

import java.util.List;

/** A function of its arguments' values; NULL if any of them is NULL. */
final class Function extends Expression {
  /** The body: gets values that are not null. */
  interface Body {
    Object apply(Object[] arguments, EvalContext context);
  }

  private final Expression[] arguments;
  private final Body body;

  Function(List<Expression> arguments, Body body) {
    this.arguments = arguments.toArray(new Expression[0]);
    this.body = body;
  }

  @Override
  public Object eval(Row row, EvalContext context) {
    Object[] values = new Object[arguments.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = arguments[i].eval(row, context);
      if (values[i] == null) {
        return null;
      }
    }
    return body.apply(values, context);
  }
}
