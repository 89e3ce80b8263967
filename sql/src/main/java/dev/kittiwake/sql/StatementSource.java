package dev.kittiwake.sql;

import dev.kittiwake.sql.catalog.Catalog;
import dev.kittiwake.sql.catalog.SqlType;
import dev.kittiwake.sql.plan.Statement;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives compiled statements: from the cache if the text was planned before, else from the planner.
 * A plan made for parameters of other types serves as long as nothing is lost by converting to
 * them. Thread-safe.
 */
final class StatementSource {
  private final StatementPlanner planner;
  private final SchemaAccess schemas;
  private final PlanCache cache;

  StatementSource(StatementPlanner planner, SchemaAccess schemas, PlanCache cache) {
    this.planner = planner;
    this.schemas = schemas;
    this.cache = cache;
  }

  /** The statement for these parameters; null if they are not known yet. */
  Prepared prepare(String sql, String schema, List<Object> parameters) {
    Catalog catalog = schemas.current();
    Prepared found = cache.find(sql, schema, catalog.version());
    if (found == null) {
      return plan(sql, sql, schema, catalog, typesOf(parameters));
    }
    if (parameters == null || parameters.isEmpty() || serves(found, parameters)) {
      return found;
    }
    List<SqlType> types = typesOf(parameters);
    String typed = sql + "\0" + types;
    Prepared special = cache.find(typed, schema, catalog.version());
    return special != null ? special : plan(sql, typed, schema, catalog, types);
  }

  private Prepared plan(
      String sql, String cacheAs, String schema, Catalog catalog, List<SqlType> types) {
    Statement statement;
    Catalog used = catalog;
    try {
      statement = planner.plan(sql, catalog, schema, types);
    } catch (SqlError e) {
      used = newerSchema(e, catalog);
      statement = planner.plan(sql, used, schema, types);
    }
    Prepared prepared = compiled(statement, used);
    if (statement instanceof Statement.Planned) {
      cache.put(cacheAs, schema, prepared);
    }
    return prepared;
  }

  private static Prepared compiled(Statement statement, Catalog catalog) {
    try {
      return new Prepared(statement, catalog);
    } catch (AssertionError e) { // what Calcite throws for literals it did not expect
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /** A name that is unknown here may have been made elsewhere since. */
  private Catalog newerSchema(SqlError error, Catalog catalog) {
    if (error.sqlState().startsWith("42S") || error.sqlState().equals("3F000")) {
      Catalog newer = schemas.refreshed();
      if (newer.version() != catalog.version()) {
        return newer;
      }
    }
    throw error;
  }

  /** Whether fractions survive the conversion to the types planned for. */
  private static boolean serves(Prepared prepared, List<Object> parameters) {
    int count = Math.min(parameters.size(), prepared.parameters.length);
    for (int i = 0; i < count; i++) {
      Object value = parameters.get(i);
      if (value == null || value instanceof Integer || value instanceof String) {
        continue;
      }
      SqlType type = prepared.parameters[i];
      if (value instanceof BigDecimal number
          && (type.kind().isInteger() || type.kind() == SqlType.Kind.DECIMAL)
          && number.scale() > type.scale()
          && number.stripTrailingZeros().scale() > type.scale()) {
        return false;
      }
      if ((value instanceof Double || value instanceof Float)
          && type.kind().isInteger()
          && ((Number) value).doubleValue() % 1 != 0) {
        return false;
      }
    }
    return true;
  }

  private static List<SqlType> typesOf(List<Object> parameters) {
    if (parameters == null) {
      return List.of();
    }
    List<SqlType> types = new ArrayList<>(parameters.size());
    for (Object value : parameters) {
      types.add(typeOf(value));
    }
    return types;
  }

  private static SqlType typeOf(Object value) {
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return SqlType.INT;
    }
    if (value instanceof Long) {
      return SqlType.BIGINT;
    }
    if (value instanceof BigDecimal number) {
      int scale = Math.max(0, Math.min(number.scale(), 18));
      int whole = Math.max(1, number.precision() - number.scale());
      // round numbers of digits: fewer plans for one text
      int digits = Math.min(SqlType.MAX_DECIMAL_PRECISION, Math.max(19, whole + scale));
      return SqlType.decimal(digits, scale);
    }
    if (value instanceof String) {
      return SqlType.varchar(SqlType.MAX_VARYING_LENGTH);
    }
    if (value instanceof Double) {
      return SqlType.DOUBLE;
    }
    if (value instanceof Float) {
      return SqlType.FLOAT;
    }
    if (value instanceof Boolean) {
      return SqlType.BOOLEAN;
    }
    if (value instanceof byte[]) {
      return SqlType.varbinary(SqlType.MAX_VARYING_LENGTH);
    }
    if (value instanceof LocalDateTime || value instanceof java.sql.Timestamp) {
      return SqlType.timestamp(6);
    }
    if (value instanceof LocalDate || value instanceof java.sql.Date) {
      return SqlType.DATE;
    }
    if (value instanceof LocalTime || value instanceof java.sql.Time) {
      return SqlType.time(6);
    }
    return null;
  }
}
