package dev.kittiwake.sql;

import java.sql.JDBCType;

/**
 * A column of a result, a table or a parameter.
 *
 * @param label name in the result ({@code AS label}), else the name
 * @param name name in the table, or the label
 * @param table table it comes from; empty for expressions
 * @param schema schema of that table; empty for expressions
 * @param typeName SQL name of the type, such as {@code VARCHAR}
 * @param precision digits, characters or bytes; 0 where it has no meaning
 * @param scale digits behind the point, or fraction digits of a time
 * @param defaultText the default's SQL text, or null
 */
public record ColumnDescription(
    String label,
    String name,
    String table,
    String schema,
    JDBCType type,
    String typeName,
    int precision,
    int scale,
    boolean nullable,
    boolean autoIncrement,
    String defaultText) {}
