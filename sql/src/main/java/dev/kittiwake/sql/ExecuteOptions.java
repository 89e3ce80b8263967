package dev.kittiwake.sql;

/**
 * Wishes for one execution.
 *
 * @param timeoutMillis the statement ends with HYT00 after this time; 0 = no limit
 * @param maxRows rows after which the cursor ends; 0 = no limit
 * @param fetchSize rows per round trip wished for; 0 = let the session choose
 * @param wantGeneratedKeys whether generated identity values are collected
 */
public record ExecuteOptions(
    long timeoutMillis, long maxRows, int fetchSize, boolean wantGeneratedKeys) {
  public static final ExecuteOptions DEFAULT = new ExecuteOptions(0, 0, 0, false);

  public ExecuteOptions {
    if (timeoutMillis < 0 || maxRows < 0 || fetchSize < 0) {
      throw new IllegalArgumentException(
          "options must not be negative: timeout "
              + timeoutMillis
              + " ms, "
              + maxRows
              + " rows, fetch size "
              + fetchSize);
    }
  }
}
