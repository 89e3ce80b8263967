package dev.kittiwake.sql.plan;

import dev.kittiwake.sql.catalog.TableSchema;
import java.util.OptionalLong;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Statistic;
import org.apache.calcite.schema.Statistics;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.sql2rel.InitializerExpressionFactory;

/**
 * A table as Calcite sees it. Its row type has the hidden row id as a last column. It tells neither
 * keys nor orders: a table that says how it is sorted makes Volcano demand that order of every
 * access path.
 */
final class CatalogTable extends AbstractTable {
  private static final double GUESSED_ROWS = 100_000;

  private final TableSchema schema;
  private final OptionalLong rowCount;
  private final ColumnDefaults defaults;

  CatalogTable(TableSchema schema, OptionalLong rowCount) {
    this.schema = schema;
    this.rowCount = rowCount;
    this.defaults = new ColumnDefaults(schema);
  }

  TableSchema schema() {
    return schema;
  }

  /** Counted rows, or a guess that makes keys worth using. */
  double rows() {
    return rowCount.isPresent() ? Math.max(rowCount.getAsLong(), 1) : GUESSED_ROWS;
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory factory) {
    RelDataTypeFactory.Builder builder = factory.builder();
    for (int i = 0; i < schema.rowWidth(); i++) {
      builder.add(schema.nameOf(i), Types.toRel(factory, schema.typeOf(i), schema.nullable(i)));
    }
    return builder.build();
  }

  @Override
  public Statistic getStatistic() {
    return Statistics.of(rows(), null);
  }

  @Override
  public <C> C unwrap(Class<C> wanted) {
    if (wanted == InitializerExpressionFactory.class) {
      return wanted.cast(defaults);
    }
    return super.unwrap(wanted);
  }
}
