package dev.kittiwake.sql.expr;

import java.time.LocalDateTime;

/** What an expression sees besides its row, during one execution. */
public abstract class EvalContext {
  private Row[] outer = new Row[4]; // by correlation id

  /** The value of a {@code ?}, of the engine's class. */
  public abstract Object parameter(int index);

  /** The time of the statement: the same for all of it. */
  public abstract LocalDateTime now();

  /** The outer row of a correlated subquery. */
  public final Row outer(int correlationId) {
    return outer[correlationId];
  }

  public final void setOuter(int correlationId, Row row) {
    if (correlationId >= outer.length) {
      outer = java.util.Arrays.copyOf(outer, correlationId * 2 + 1);
    }
    outer[correlationId] = row;
  }
}
