package dev.kittiwake.sql;

/**
 * Rows of a query, forward only. Used by the session's thread. Columns count from 0. Typed
 * accessors save boxing; each answers 0 for NULL: ask {@link #isNull}.
 */
public interface RowCursor extends AutoCloseable {
  /**
   * Moves to the next row.
   *
   * @return false at the end, and ever after
   * @throws SqlError also 57014 and HYT00
   */
  boolean next();

  /** The value of the current row: a Java type of the package's list, or null. */
  Object value(int column);

  default boolean isNull(int column) {
    return value(column) == null;
  }

  /** The value of an integer column. */
  default long longValue(int column) {
    Object value = value(column);
    return value == null ? 0 : ((Number) value).longValue();
  }

  /** Ends the query early. Repeating it is harmless. */
  @Override
  void close();
}
