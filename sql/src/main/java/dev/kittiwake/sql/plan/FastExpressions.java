package dev.kittiwake.sql.plan;

import dev.kittiwake.sql.catalog.SqlType;
import dev.kittiwake.sql.catalog.TableSchema;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCollation;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.NlsString;

/**
 * The expressions the fast path understands, over the columns of one table. Everything else makes
 * it {@link NotFast}. Confined to the planning of one statement.
 */
final class FastExpressions {
  /** Thrown, and caught by {@link FastPath}, when a statement is for Calcite. */
  static final class NotFast extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotFast() {
      super(null, null, false, false);
    }
  }

  private final RexBuilder rex;
  private final TableSchema table;
  private final String alias;
  private final List<SqlType> given;
  private final Map<Integer, SqlType> parameters = new TreeMap<>();

  /**
   * @param alias by which columns may be qualified, besides the table's name
   * @param given types of the values given for parameters
   */
  FastExpressions(RexBuilder rex, TableSchema table, String alias, List<SqlType> given) {
    this.rex = rex;
    this.table = table;
    this.alias = alias;
    this.given = given;
  }

  /** The types of the parameters met, in order. */
  List<SqlType> parameters() {
    List<SqlType> types = new ArrayList<>(parameters.values());
    if (!parameters.isEmpty()
        && new ArrayList<>(parameters.keySet()).get(types.size() - 1) != types.size() - 1) {
      throw new NotFast();
    }
    return types;
  }

  /** The ordinal of the column named; not fast for anything else. */
  int ordinal(SqlNode node) {
    if (!(node instanceof SqlIdentifier name) || name.isStar() || name.names.size() > 2) {
      throw new NotFast();
    }
    if (name.names.size() == 2 && !name.names.get(0).equalsIgnoreCase(alias)) {
      throw new NotFast();
    }
    OptionalInt ordinal = table.ordinalOf(name.names.get(name.names.size() - 1));
    return ordinal.orElseThrow(NotFast::new);
  }

  RexNode column(int ordinal) {
    return rex.makeInputRef(type(ordinal, table.nullable(ordinal)), ordinal);
  }

  private RelDataType type(int ordinal, boolean nullable) {
    return Types.toRel(rex.getTypeFactory(), table.typeOf(ordinal), nullable);
  }

  /**
   * The conjuncts of a WHERE clause of comparisons of columns with values, IN lists and BETWEEN,
   * joined by AND.
   */
  List<RexNode> conjuncts(SqlNode where) {
    List<RexNode> all = new ArrayList<>();
    if (where != null) {
      addConjuncts(where, all);
    }
    return all;
  }

  private void addConjuncts(SqlNode node, List<RexNode> all) {
    if (!(node instanceof SqlBasicCall call)) {
      throw new NotFast();
    }
    List<SqlNode> operands = call.getOperandList();
    switch (call.getKind()) {
      case AND -> operands.forEach(o -> addConjuncts(o, all));
      case EQUALS, LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL ->
          all.add(comparison(call));
      case IN -> all.add(inList(operands));
      case BETWEEN -> {
        if (call.getOperator() != SqlStdOperatorTable.BETWEEN) {
          throw new NotFast();
        }
        int ordinal = ordinal(operands.get(0));
        RexNode column = column(ordinal);
        all.add(
            rex.makeCall(
                SqlStdOperatorTable.GREATER_THAN_OR_EQUAL,
                column,
                value(operands.get(1), ordinal)));
        all.add(
            rex.makeCall(
                SqlStdOperatorTable.LESS_THAN_OR_EQUAL, column, value(operands.get(2), ordinal)));
      }
      default -> throw new NotFast();
    }
  }

  private RexNode comparison(SqlBasicCall call) {
    SqlNode left = call.operand(0);
    SqlNode right = call.operand(1);
    if (left instanceof SqlIdentifier) {
      int ordinal = ordinal(left);
      return rex.makeCall(call.getOperator(), column(ordinal), value(right, ordinal));
    }
    int ordinal = ordinal(right);
    SqlOperator reversed = call.getOperator().reverse();
    return rex.makeCall(
        reversed == null ? call.getOperator() : reversed, column(ordinal), value(left, ordinal));
  }

  private RexNode inList(List<SqlNode> operands) {
    if (!(operands.get(1) instanceof SqlNodeList list)) {
      throw new NotFast();
    }
    int ordinal = ordinal(operands.get(0));
    List<RexNode> branches = new ArrayList<>();
    for (SqlNode item : list) {
      branches.add(rex.makeCall(SqlStdOperatorTable.EQUALS, column(ordinal), value(item, ordinal)));
    }
    return branches.size() == 1 ? branches.get(0) : rex.makeCall(SqlStdOperatorTable.OR, branches);
  }

  /** A parameter or literal to compare a column with, in the column's type. */
  private RexNode value(SqlNode node, int ordinal) {
    SqlType type = table.typeOf(ordinal);
    if (node instanceof SqlDynamicParam parameter) {
      return parameter(parameter, type);
    }
    return KeyValues.inColumnType(rex, literal(node), type).orElseThrow(NotFast::new);
  }

  /** A parameter of the type its place asks for. */
  RexNode parameter(SqlDynamicParam node, SqlType type) {
    SqlType value = node.getIndex() < given.size() ? given.get(node.getIndex()) : null;
    boolean losesDigits =
        value != null
            && type.kind().isInteger()
            && value.kind().isNumeric()
            && !value.kind().isInteger();
    if (losesDigits) {
      throw new NotFast();
    }
    parameters.put(node.getIndex(), type);
    return rex.makeDynamicParam(Types.toRel(rex.getTypeFactory(), type, true), node.getIndex());
  }

  private RexNode literal(SqlNode node) {
    if (node instanceof SqlBasicCall call && call.getKind() == SqlKind.MINUS_PREFIX) {
      RexNode positive = literal(call.operand(0));
      BigDecimal number =
          ((org.apache.calcite.rex.RexLiteral) positive).getValueAs(BigDecimal.class);
      if (number == null
          || !SqlTypeName.EXACT_TYPES.contains(positive.getType().getSqlTypeName())) {
        throw new NotFast();
      }
      return rex.makeExactLiteral(number.negate());
    }
    if (!(node instanceof SqlLiteral literal)) {
      throw new NotFast();
    }
    return switch (literal.getTypeName()) {
      case DECIMAL -> rex.makeExactLiteral(literal.bigDecimalValue());
      case CHAR ->
          rex.makeCharLiteral(
              new NlsString(literal.getValueAs(String.class), "UTF-8", SqlCollation.IMPLICIT));
      default -> throw new NotFast();
    };
  }

  /** What INSERT writes into a column: a parameter, a literal of the column's family, NULL. */
  RexNode inserted(SqlNode node, int ordinal) {
    if (node instanceof SqlLiteral literal && literal.getValue() == null) {
      return rex.makeNullLiteral(type(ordinal, true));
    }
    return assigned(node, ordinal);
  }

  /**
   * What SET writes into a column: as {@link #inserted}, or sums, differences and products of
   * numbers.
   */
  RexNode assigned(SqlNode node, int ordinal) {
    SqlType type = table.typeOf(ordinal);
    if (node instanceof SqlDynamicParam parameter) {
      return parameter(parameter, type);
    }
    if (node instanceof SqlLiteral literal && literal.getValue() == null) {
      return rex.makeNullLiteral(type(ordinal, true));
    }
    if (node instanceof SqlIdentifier
        && type.kind().equals(table.typeOf(ordinal(node)).kind())
        && !type.kind().isNumeric()) {
      return column(ordinal(node));
    }
    if (type.kind().isCharacter()) {
      RexNode text = literal(node);
      if (!SqlTypeName.CHAR_TYPES.contains(text.getType().getSqlTypeName())) {
        throw new NotFast();
      }
      return text;
    }
    if (!type.kind().isNumeric()) {
      throw new NotFast();
    }
    RexNode number = arithmetic(node, Optional.empty());
    return rex.makeCast(type(ordinal, number.getType().isNullable()), number);
  }

  /**
   * @param sibling the type a parameter takes: that of the other operand
   */
  private RexNode arithmetic(SqlNode node, Optional<RelDataType> sibling) {
    if (node instanceof SqlDynamicParam parameter) {
      return parameter(parameter, Types.of(sibling.orElseThrow(NotFast::new)));
    }
    if (node instanceof SqlIdentifier) {
      int ordinal = ordinal(node);
      if (!table.typeOf(ordinal).kind().isNumeric()) {
        throw new NotFast();
      }
      return column(ordinal);
    }
    boolean operator =
        node.getKind() == SqlKind.PLUS
            || node.getKind() == SqlKind.MINUS
            || node.getKind() == SqlKind.TIMES;
    if (operator && node instanceof SqlBasicCall call && call.operandCount() == 2) {
      return binary(call);
    }
    RexNode literal = literal(node);
    if (!SqlTypeName.EXACT_TYPES.contains(literal.getType().getSqlTypeName())) {
      throw new NotFast();
    }
    return literal;
  }

  private RexNode binary(SqlBasicCall call) {
    SqlNode left = call.operand(0);
    SqlNode right = call.operand(1);
    if (left instanceof SqlDynamicParam) {
      RexNode known = arithmetic(right, Optional.empty());
      return rex.makeCall(
          call.getOperator(), arithmetic(left, Optional.of(known.getType())), known);
    }
    RexNode known = arithmetic(left, Optional.empty());
    return rex.makeCall(call.getOperator(), known, arithmetic(right, Optional.of(known.getType())));
  }
}
