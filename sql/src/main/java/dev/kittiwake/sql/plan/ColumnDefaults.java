package dev.kittiwake.sql.plan;

import dev.kittiwake.sql.catalog.ColumnSchema;
import dev.kittiwake.sql.catalog.TableSchema;
import dev.kittiwake.sql.parser.StatementParser;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.schema.ColumnStrategy;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql2rel.InitializerContext;
import org.apache.calcite.sql2rel.NullInitializerExpressionFactory;

/** What INSERT puts into columns that it does not name. */
final class ColumnDefaults extends NullInitializerExpressionFactory {
  private final TableSchema schema;

  ColumnDefaults(TableSchema schema) {
    this.schema = schema;
  }

  @Override
  public ColumnStrategy generationStrategy(RelOptTable table, int ordinal) {
    if (ordinal >= schema.columns().size()) {
      return ColumnStrategy.DEFAULT;
    }
    ColumnSchema column = schema.columns().get(ordinal);
    if (column.defaultSql().isPresent() || column.autoIncrement()) {
      return ColumnStrategy.DEFAULT;
    }
    return column.nullable() ? ColumnStrategy.NULLABLE : ColumnStrategy.NOT_NULLABLE;
  }

  @Override
  public RexNode newColumnDefaultValue(RelOptTable table, int ordinal, InitializerContext context) {
    RexBuilder rex = context.getRexBuilder();
    RelDataTypeFactory factory = rex.getTypeFactory();
    RelDataType type = table.getRowType().getFieldList().get(ordinal).getType();
    boolean hasDefault =
        ordinal < schema.columns().size() && schema.columns().get(ordinal).defaultSql().isPresent();
    if (!hasDefault) {
      return rex.makeNullLiteral(factory.createTypeWithNullability(type, true));
    }
    String sql = schema.columns().get(ordinal).defaultSql().get();
    SqlNode parsed = new StatementParser(KittiwakeConformance.INSTANCE).parseExpression(sql);
    SqlNode validated = context.validateExpression(table.getRowType(), parsed);
    return rex.makeCast(
        factory.createTypeWithNullability(type, true), context.convertExpression(validated));
  }
}
