package dev.kittiwake.sql;

import java.util.List;

/**
 * @param kind {@code TABLE} or {@code SYSTEM TABLE}
 * @param columns in order of position
 * @param primaryKey column names in key order; empty if the table has none
 * @param primaryKeyName null if the table has none
 * @param indexes secondary indexes, without the primary key
 */
public record TableDescription(
    String schema,
    String name,
    String kind,
    List<ColumnDescription> columns,
    List<String> primaryKey,
    String primaryKeyName,
    List<IndexDescription> indexes) {
  public TableDescription {
    columns = List.copyOf(columns);
    primaryKey = List.copyOf(primaryKey);
    indexes = List.copyOf(indexes);
  }
}
