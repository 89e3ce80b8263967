package dev.kittiwake.sql;

/**
 * Limits of an engine.
 *
 * @param maxStatementBytes memory that one statement may keep for sorting, grouping, joining and
 *     its changes
 * @param planCacheEntries plans kept
 * @param rowNumberBlock numbers taken from the cluster at once for identity columns and hidden row
 *     ids
 * @param autoCommitAttempts how often a statement of its own is run again after a conflict
 */
public record SqlConfig(
    long maxStatementBytes, int planCacheEntries, int rowNumberBlock, int autoCommitAttempts) {
  public static final SqlConfig DEFAULT = new SqlConfig(256L << 20, 2000, 5000, 20);

  public SqlConfig {
    if (maxStatementBytes <= 0
        || planCacheEntries <= 0
        || rowNumberBlock <= 0
        || autoCommitAttempts <= 0) {
      throw new IllegalArgumentException("limits must be positive");
    }
  }
}
