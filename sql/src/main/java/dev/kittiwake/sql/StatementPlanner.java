package dev.kittiwake.sql;

import dev.kittiwake.sql.catalog.Catalog;
import dev.kittiwake.sql.catalog.SqlType;
import dev.kittiwake.sql.plan.Statement;
import java.util.List;

/** From text to a planned statement. Thread-safe. */
interface StatementPlanner {
  /**
   * @param parameterTypes types of the values given, null where unknown; may be empty
   */
  Statement plan(String sql, Catalog catalog, String schema, List<SqlType> parameterTypes);
}
