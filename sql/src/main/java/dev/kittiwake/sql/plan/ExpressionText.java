package dev.kittiwake.sql.plan;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlBinaryOperator;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlPostfixOperator;

/** Expressions as people write them: columns by name, parameters numbered from 1. */
final class ExpressionText {
  private ExpressionText() {}

  /**
   * @param names of the input row's columns
   */
  static String of(RexNode node, List<String> names) {
    if (node instanceof RexInputRef column) {
      return column.getIndex() < names.size() ? names.get(column.getIndex()) : column.toString();
    }
    if (node instanceof RexDynamicParam parameter) {
      return "?" + (parameter.getIndex() + 1);
    }
    if (node instanceof RexLiteral literal) {
      return literal.isNull() ? "null" : text(literal);
    }
    if (node instanceof RexCall call) {
      return call(call, names);
    }
    return node.toString();
  }

  static String list(List<RexNode> nodes, List<String> names) {
    return nodes.stream().map(n -> of(n, names)).collect(Collectors.joining(", "));
  }

  private static String text(RexLiteral literal) {
    if (literal.getValue() instanceof java.math.BigDecimal number) {
      return number.toPlainString();
    }
    return literal.getValue() instanceof org.apache.calcite.util.NlsString string
        ? "'" + string.getValue() + "'"
        : literal.toString();
  }

  private static String call(RexCall call, List<String> names) {
    List<RexNode> operands = call.getOperands();
    if (call.getKind() == SqlKind.CAST) {
      return "cast(" + of(operands.get(0), names) + " as " + Types.of(call.getType()) + ")";
    }
    if (call.getOperator() instanceof SqlBinaryOperator && operands.size() >= 2) {
      String operator = " " + call.getOperator().getName().toLowerCase(java.util.Locale.ROOT) + " ";
      return operands.stream()
          .map(
              o ->
                  o instanceof RexCall c
                          && c.getOperator() instanceof SqlBinaryOperator
                          && c.getKind() != call.getKind()
                          && (c.getKind() == SqlKind.OR || !c.isA(SqlKind.COMPARISON))
                      ? "(" + of(o, names) + ")"
                      : of(o, names))
          .collect(Collectors.joining(operator));
    }
    if (call.getOperator() instanceof SqlPostfixOperator) {
      return of(operands.get(0), names)
          + " "
          + call.getOperator().getName().toLowerCase(java.util.Locale.ROOT);
    }
    return call.getOperator().getName().toLowerCase(java.util.Locale.ROOT)
        + "("
        + list(operands, names)
        + ")";
  }
}
