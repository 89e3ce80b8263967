package dev.kittiwake.sql.exec;

import dev.kittiwake.sql.expr.Row;

/** One step of a running query. Pulled by one thread. */
public abstract class Operator implements AutoCloseable {
  /** The next row, or null at the end. The row is valid until the next call. */
  public abstract Row next();

  /** Gives resources back; harmless when repeated. */
  @Override
  public void close() {}
}
