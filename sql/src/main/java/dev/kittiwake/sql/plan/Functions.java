package dev.kittiwake.sql.plan;

import java.util.EnumSet;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.fun.SqlLibrary;
import org.apache.calcite.sql.fun.SqlLibraryOperatorTableFactory;

/**
 * The functions and operators that the validator knows: the standard's, and those PostgreSQL and
 * MySQL users expect.
 */
final class Functions {
  static final SqlOperatorTable TABLE =
      SqlLibraryOperatorTableFactory.INSTANCE.getOperatorTable(
          EnumSet.of(SqlLibrary.STANDARD, SqlLibrary.POSTGRESQL, SqlLibrary.MYSQL));

  private Functions() {}
}
