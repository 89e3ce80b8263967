package dev.kittiwake.sql;

import dev.kittiwake.sql.catalog.SqlType;
import dev.kittiwake.sql.exec.Operator;
import dev.kittiwake.sql.expr.Row;
import dev.kittiwake.sql.expr.Values;
import java.util.function.Function;

/** Rows of a running query. */
final class QueryCursor implements RowCursor {
  private final Operator operator;
  private final SqlType[] types;
  private final Function<RuntimeException, SqlError> errors;
  private final Runnable ended; // told once
  private long left; // rows still wanted
  private Row row;
  private boolean closed;
  private boolean cut; // the transaction ended under it

  /**
   * @param maxRows 0 = all
   */
  QueryCursor(
      Operator operator,
      SqlType[] types,
      long maxRows,
      Function<RuntimeException, SqlError> errors,
      Runnable ended) {
    this.operator = operator;
    this.types = types;
    this.left = maxRows == 0 ? Long.MAX_VALUE : maxRows;
    this.errors = errors;
    this.ended = ended;
  }

  @Override
  public boolean next() {
    if (cut) {
      throw SqlError.of("24000", "the transaction of this result has ended");
    }
    if (closed || left == 0) {
      close();
      return false;
    }
    try {
      row = operator.next();
    } catch (RuntimeException e) {
      SqlError error = errors.apply(e);
      close();
      throw error;
    }
    if (row == null) {
      close();
      return false;
    }
    left--;
    return true;
  }

  private Row row() {
    if (row == null) {
      throw SqlError.of("24000", "the result has no present row: call next() first");
    }
    return row;
  }

  @Override
  public Object value(int column) {
    try {
      return Values.toUser(row().value(column), types[column]);
    } catch (RuntimeException e) {
      throw errors.apply(e);
    }
  }

  @Override
  public boolean isNull(int column) {
    try {
      return row().isNull(column);
    } catch (RuntimeException e) {
      throw errors.apply(e);
    }
  }

  @Override
  public long longValue(int column) {
    if (!types[column].kind().isInteger()) {
      return RowCursor.super.longValue(column);
    }
    try {
      return row().isNull(column) ? 0 : row().longValue(column);
    } catch (RuntimeException e) {
      throw errors.apply(e);
    }
  }

  /** The transaction ends: nothing more can be read. */
  void cut() {
    if (!closed) {
      close();
      cut = true;
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      row = null;
      operator.close();
      ended.run();
    }
  }
}
