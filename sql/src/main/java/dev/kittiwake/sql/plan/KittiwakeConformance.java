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

  /** A name in the select list is a column, never another item's alias. */
  @Override
  public SelectAliasLookup isSelectAlias() {
    return SelectAliasLookup.UNSUPPORTED;
  }

  /** A column that is neither grouped nor aggregated is an error, not any value of the group. */
  @Override
  public boolean isNonStrictGroupBy() {
    return false;
  }
}
