package dev.kittiwake.sql.plan;

import dev.kittiwake.sql.catalog.Catalog;
import dev.kittiwake.sql.catalog.TableSchema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.calcite.config.CalciteConnectionConfigImpl;
import org.apache.calcite.config.CalciteConnectionProperty;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;

/** One version of the catalog in the form Calcite's validator looks names up in. Immutable. */
final class CatalogSchemas {
  private final Catalog catalog;
  private final CalciteSchema root;

  CatalogSchemas(Catalog catalog) {
    this.catalog = catalog;
    this.root = CalciteSchema.createRootSchema(false, false);
    for (String schema : catalog.schemas()) {
      Map<String, Table> tables = new LinkedHashMap<>();
      for (TableSchema table : catalog.tables(schema)) {
        tables.put(table.name(), new CatalogTable(table, catalog.rowCount(table.id())));
      }
      root.add(
          schema,
          new AbstractSchema() {
            @Override
            protected Map<String, Table> getTableMap() {
              return tables;
            }
          });
    }
  }

  Catalog catalog() {
    return catalog;
  }

  /** Looks names up, without regard to case, first in {@code schema}. */
  CalciteCatalogReader reader(String schema, RelDataTypeFactory factory) {
    Properties properties = new Properties();
    properties.setProperty(CalciteConnectionProperty.CASE_SENSITIVE.camelName(), "false");
    return new CalciteCatalogReader(
        root, List.of(schema), factory, new CalciteConnectionConfigImpl(properties));
  }
}
