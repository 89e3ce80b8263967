package dev.kittiwake.sql.service;

import dev.kittiwake.proto.sqlservice.CatalogContents;
import dev.kittiwake.sql.CatalogView;
import dev.kittiwake.sql.TableDescription;
import java.util.List;

/** A catalog as the SQL service sent it. Immutable. */
final class TransferredCatalog implements CatalogView {
  private final long version;
  private final List<String> schemas;
  private final List<TableDescription> tables;

  TransferredCatalog(CatalogContents contents) {
    this.version = contents.getVersion();
    this.schemas = List.copyOf(contents.getSchemasList());
    this.tables = contents.getTablesList().stream().map(Messages::table).toList();
  }

  @Override
  public long version() {
    return version;
  }

  @Override
  public List<String> schemas() {
    return schemas;
  }

  @Override
  public List<TableDescription> tables(String schema) {
    return schema == null
        ? tables
        : tables.stream().filter(table -> table.schema().equalsIgnoreCase(schema)).toList();
  }

  @Override
  public TableDescription table(String schema, String name) {
    for (TableDescription table : tables) {
      if (table.schema().equalsIgnoreCase(schema) && table.name().equalsIgnoreCase(name)) {
        return table;
      }
    }
    return null;
  }
}
