package dev.kittiwake.sql.plan;

import org.apache.calcite.sql.validate.SqlConformanceEnum;
import org.apache.calcite.sql.validate.SqlDelegatingConformance;

/**
 * Lenient where common tools are: LIMIT, ordinals and aliases in GROUP BY and ORDER BY, != and %.
 */
final class KittiwakeConformance extends SqlDelegatingConformance {
  static final KittiwakeConformance INSTANCE = new KittiwakeConformance();

  private KittiwakeConformance() {
    super(SqlConformanceEnum.BABEL);
  }

  @Override
  public boolean allowGeometry() {
    return false;
  }

  @Override
  public boolean supportsUnsignedTypes() {
    return false;
  }

  /** INSERT INTO t VALUES (…) must give all columns; a column list may give some. */
  @Override
  public boolean isInsertSubsetColumnsAllowed() {
    return false;
  }
}
