package dev.kittiwake.sql.plan;

import dev.kittiwake.sql.catalog.SqlType;
import dev.kittiwake.sql.catalog.TableSchema;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlDelete;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUpdate;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.validate.SelectScope;
import org.apache.calcite.sql.validate.SqlValidatorCatalogReader;
import org.apache.calcite.sql.validate.SqlValidatorImpl;
import org.apache.calcite.sql.validate.SqlValidatorScope;

/**
 * Calcite's validator with two differences: parameters without a type from their surroundings take
 * that of the value given, and {@code *} does not show the hidden row id.
 */
final class KittiwakeValidator extends SqlValidatorImpl {
  private final List<SqlType> parameterTypes;
  private final Map<Integer, RelDataType> byValue = new HashMap<>(); // types taken from values
  private SqlNode changedRows; // the query of the rows that an UPDATE or DELETE changes, else null

  /**
   * @param parameterTypes types of the values given, by parameter; shorter or with nulls where
   *     unknown
   */
  KittiwakeValidator(
      SqlOperatorTable operators,
      SqlValidatorCatalogReader catalog,
      RelDataTypeFactory factory,
      Config config,
      List<SqlType> parameterTypes) {
    super(operators, catalog, factory, config);
    this.parameterTypes = parameterTypes;
  }

  /**
   * The rows to change are found by a query made by the validator, which needs the hidden row id as
   * well.
   */
  @Override
  protected SqlSelect createSourceSelectForUpdate(SqlUpdate update) {
    SqlSelect select = super.createSourceSelectForUpdate(update);
    changedRows = select;
    return select;
  }

  @Override
  protected SqlSelect createSourceSelectForDelete(SqlDelete delete) {
    SqlSelect select = super.createSourceSelectForDelete(delete);
    changedRows = select;
    return select;
  }

  @Override
  protected void inferUnknownTypes(
      RelDataType inferred, SqlValidatorScope scope, SqlNode expression) {
    if (expression instanceof SqlDynamicParam parameter) {
      super.inferUnknownTypes(typeOf(parameter, inferred), scope, expression);
    } else {
      super.inferUnknownTypes(inferred, scope, expression);
    }
  }

  /**
   * The type inferred from the surroundings, unless there is none or the value would lose digits in
   * it.
   */
  private RelDataType typeOf(SqlDynamicParam parameter, RelDataType inferred) {
    int index = parameter.getIndex();
    if (byValue.containsKey(index)) {
      return byValue.get(index); // types are inferred in several rounds
    }
    SqlType given = index < parameterTypes.size() ? parameterTypes.get(index) : null;
    boolean unknown = inferred.equals(unknownType);
    if (given == null || given.kind() == SqlType.Kind.NULL) {
      return unknown ? Types.toRel(typeFactory, SqlType.TEXT, true) : inferred;
    }
    boolean losesDigits =
        !unknown
            && SqlTypeUtil.isIntType(inferred)
            && given.kind().isNumeric()
            && !given.kind().isInteger();
    if (!unknown && !losesDigits) {
      return inferred;
    }
    byValue.put(index, Types.toRel(typeFactory, given, true));
    return byValue.get(index);
  }

  @Override
  protected void addToSelectList(
      List<SqlNode> list,
      Set<String> aliases,
      List<Map.Entry<String, RelDataType>> fields,
      SqlNode expression,
      SelectScope scope,
      boolean includeSystemColumns) {
    if (!includeSystemColumns && isRowId(expression) && scope.getNode() != changedRows) {
      return;
    }
    super.addToSelectList(list, aliases, fields, expression, scope, includeSystemColumns);
  }

  private static boolean isRowId(SqlNode expression) {
    return expression instanceof SqlIdentifier name
        && name.names.get(name.names.size() - 1).equals(TableSchema.ROW_ID);
  }
}
