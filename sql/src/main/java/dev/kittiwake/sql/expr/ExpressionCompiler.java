package dev.kittiwake.sql.expr;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import dev.kittiwake.sql.catalog.SqlType;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.avatica.util.TimeUnitRange;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlTrimFunction;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.TimeString;
import org.apache.calcite.util.TimestampString;

/** Turns the planner's {@code RexNode} into an {@link Expression}. Stateless. */
public final class ExpressionCompiler {
  private ExpressionCompiler() {}

  public static List<Expression> compileAll(List<RexNode> nodes) {
    List<Expression> compiled = new ArrayList<>(nodes.size());
    for (RexNode node : nodes) {
      compiled.add(compile(node));
    }
    return compiled;
  }

  /**
   * @throws SqlError 0A000 for functions that are not supported
   */
  public static Expression compile(RexNode node) {
    if (node instanceof RexInputRef reference) {
      return new Leaves.Column(reference.getIndex());
    }
    if (node instanceof RexLiteral literal) {
      return new Leaves.Constant(literalValue(literal));
    }
    if (node instanceof RexDynamicParam parameter) {
      return new Leaves.Parameter(parameter.getIndex());
    }
    if (node instanceof RexFieldAccess access
        && access.getReferenceExpr() instanceof RexCorrelVariable variable) {
      return new Leaves.OuterColumn(variable.id.getId(), access.getField().getIndex());
    }
    if (node instanceof RexCall call) {
      return compileCall(call);
    }
    throw unsupported(node);
  }

  private static SqlError unsupported(RexNode node) {
    return SqlError.of(SqlStates.NOT_SUPPORTED, "the expression " + node + " is not supported");
  }

  static Object literalValue(RexLiteral literal) {
    if (literal.isNull()) {
      return null;
    }
    RelDataType type = literal.getType();
    return switch (type.getSqlTypeName()) {
      case BOOLEAN -> RexLiteral.booleanValue(literal);
      case TINYINT, SMALLINT, INTEGER, BIGINT ->
          literal.getValueAs(BigDecimal.class).longValueExact();
      case DECIMAL -> literal.getValueAs(BigDecimal.class);
      case REAL, FLOAT, DOUBLE -> ((Number) literal.getValue4()).doubleValue();
      case CHAR, VARCHAR -> literal.getValueAs(String.class);
      case BINARY, VARBINARY ->
          literal.getValueAs(org.apache.calcite.avatica.util.ByteString.class).getBytes();
      case DATE -> LocalDate.parse(literal.getValueAs(DateString.class).toString());
      case TIME -> LocalTime.parse(literal.getValueAs(TimeString.class).toString());
      case TIMESTAMP ->
          LocalDateTime.parse(
              literal.getValueAs(TimestampString.class).toString().replace(' ', 'T'));
      case SYMBOL -> literal.getValue();
      default -> {
        if (isInterval(type)) {
          yield literal.getValueAs(BigDecimal.class).longValue();
        }
        throw unsupported(literal);
      }
    };
  }

  private static boolean isInterval(RelDataType type) {
    return type.getSqlTypeName().getFamily() == SqlTypeFamily.INTERVAL_DAY_TIME || isMonths(type);
  }

  private static boolean isMonths(RelDataType type) {
    return type.getSqlTypeName().getFamily() == SqlTypeFamily.INTERVAL_YEAR_MONTH;
  }

  private static Expression compileCall(RexCall call) {
    switch (call.getKind()) {
      case EQUALS:
        return comparison(call, Comparison.Operator.EQUAL);
      case NOT_EQUALS:
        return comparison(call, Comparison.Operator.NOT_EQUAL);
      case LESS_THAN:
        return comparison(call, Comparison.Operator.LESS);
      case LESS_THAN_OR_EQUAL:
        return comparison(call, Comparison.Operator.LESS_OR_EQUAL);
      case GREATER_THAN:
        return comparison(call, Comparison.Operator.GREATER);
      case GREATER_THAN_OR_EQUAL:
        return comparison(call, Comparison.Operator.GREATER_OR_EQUAL);
      case IS_DISTINCT_FROM:
      case IS_NOT_DISTINCT_FROM:
        return new Comparison.Distinct(
            operand(call, 0),
            operand(call, 1),
            call.getKind() == SqlKind.IS_DISTINCT_FROM,
            blanksIgnored(call));
      case AND:
      case OR:
        return new Logic.Junction(call.getKind() == SqlKind.AND, compileAll(call.getOperands()));
      case SEARCH:
        return compile(
            RexUtil.expandSearch(
                new RexBuilder(dev.kittiwake.sql.plan.Types.factory()), null, call));
      case NOT:
        return new Logic.Not(operand(call, 0));
      case IS_NULL:
      case IS_UNKNOWN:
        return new Logic.IsNull(operand(call, 0), true);
      case IS_NOT_NULL:
        return new Logic.IsNull(operand(call, 0), false);
      case IS_TRUE:
        return new Logic.IsTruth(operand(call, 0), Expression.TRUE, true);
      case IS_NOT_TRUE:
        return new Logic.IsTruth(operand(call, 0), Expression.TRUE, false);
      case IS_FALSE:
        return new Logic.IsTruth(operand(call, 0), Expression.FALSE, true);
      case IS_NOT_FALSE:
        return new Logic.IsTruth(operand(call, 0), Expression.FALSE, false);
      case CASE:
        return new Logic.Case(coerced(call, true));
      case COALESCE:
        return new Logic.Coalesce(coerced(call, false));
      case PLUS:
        return plus(call);
      case MINUS:
        return minus(call);
      case TIMES:
        return arithmetic(call, Arithmetic.Operator.TIMES);
      case DIVIDE:
        return arithmetic(call, Arithmetic.Operator.DIVIDE);
      case MOD:
        return arithmetic(call, Arithmetic.Operator.MODULO);
      case MINUS_PREFIX:
        return new Arithmetic.Negation(operand(call, 0), Types.of(call.getType()));
      case PLUS_PREFIX:
        return operand(call, 0);
      case CAST:
      case SAFE_CAST:
      case REINTERPRET:
        return cast(operand(call, 0), call.getOperands().get(0).getType(), call.getType());
      case LIKE:
        return like(call);
      case EXTRACT:
        return extract(call);
      case TRIM:
        return trim(call);
      case FLOOR:
      case CEIL:
        if (call.getOperands().size() == 2) {
          return roundTime(call);
        }
        return named(call);
      default:
        return named(call);
    }
  }

  private static Expression operand(RexCall call, int index) {
    return compile(call.getOperands().get(index));
  }

  private static boolean isInteger(RexNode node) {
    SqlTypeName name = node.getType().getSqlTypeName();
    return SqlTypeName.INT_TYPES.contains(name);
  }

  private static boolean isApproximate(RexNode node) {
    return SqlTypeName.APPROX_TYPES.contains(node.getType().getSqlTypeName());
  }

  private static Expression comparison(RexCall call, Comparison.Operator operator) {
    RexNode left = call.getOperands().get(0);
    RexNode right = call.getOperands().get(1);
    if (isInteger(left) && isInteger(right)) {
      return new Comparison.Integers(operator, compile(left), compile(right));
    }
    return new Comparison.General(operator, compile(left), compile(right), blanksIgnored(call));
  }

  /**
   * Trailing blanks mean nothing where one side is a CHAR that is not a literal: literals are typed
   * CHAR whatever they are compared with.
   */
  private static boolean blanksIgnored(RexCall call) {
    for (RexNode operand : call.getOperands()) {
      if (operand.getType().getSqlTypeName() == SqlTypeName.CHAR
          && !(operand instanceof RexLiteral)
          && !(operand instanceof RexDynamicParam)) {
        return true;
      }
    }
    return false;
  }

  /** Branches of CASE and COALESCE as values of the result's type. */
  private static List<Expression> coerced(RexCall call, boolean conditions) {
    List<Expression> compiled = new ArrayList<>();
    List<RexNode> operands = call.getOperands();
    for (int i = 0; i < operands.size(); i++) {
      boolean condition = conditions && i % 2 == 0 && i < operands.size() - 1;
      Expression operand = compile(operands.get(i));
      compiled.add(
          condition || !needsCast(operands.get(i).getType(), call.getType())
              ? operand
              : cast(operand, operands.get(i).getType(), call.getType()));
    }
    return compiled;
  }

  private static boolean needsCast(RelDataType from, RelDataType to) {
    return from.getSqlTypeName() != SqlTypeName.NULL
        && Types.of(to).kind().isNumeric()
        && valueClass(Types.of(from)) != valueClass(Types.of(to));
  }

  private static Class<?> valueClass(SqlType type) {
    return type.kind().isInteger()
        ? Long.class
        : type.kind() == SqlType.Kind.FLOAT ? Double.class : type.kind().javaClass();
  }

  private static Expression plus(RexCall call) {
    RexNode left = call.getOperands().get(0);
    RexNode right = call.getOperands().get(1);
    if (isInterval(left.getType()) && !isInterval(right.getType())) {
      return shifted(call, right, left, 1);
    }
    if (isInterval(right.getType()) && !isInterval(left.getType())) {
      return shifted(call, left, right, 1);
    }
    return arithmetic(call, Arithmetic.Operator.PLUS);
  }

  private static Expression minus(RexCall call) {
    RexNode left = call.getOperands().get(0);
    RexNode right = call.getOperands().get(1);
    if (isInterval(call.getType()) && !isInterval(left.getType())) {
      boolean months = isMonths(call.getType());
      return new Function(
          List.of(compile(left), compile(right)),
          (a, c) -> TimeFunctions.minus(a[0], a[1], months));
    }
    if (isInterval(right.getType()) && !isInterval(left.getType())) {
      return shifted(call, left, right, -1);
    }
    return arithmetic(call, Arithmetic.Operator.MINUS);
  }

  private static Expression shifted(RexCall call, RexNode time, RexNode interval, int sign) {
    boolean months = isMonths(interval.getType());
    boolean toTimestamp =
        call.getType().getSqlTypeName() == SqlTypeName.TIMESTAMP
            && time.getType().getSqlTypeName() == SqlTypeName.DATE;
    return new Function(
        List.of(compile(time), compile(interval)),
        (a, c) ->
            TimeFunctions.plus(
                toTimestamp ? TimeFunctions.timestamp(a[0]) : a[0], sign * (Long) a[1], months));
  }

  private static Expression arithmetic(RexCall call, Arithmetic.Operator operator) {
    RexNode left = call.getOperands().get(0);
    RexNode right = call.getOperands().get(1);
    Expression a = compile(left);
    Expression b = compile(right);
    SqlType type = Types.of(call.getType());
    if (isApproximate(left) || isApproximate(right) || isApproximate(call)) {
      return new Arithmetic.Doubles(operator, a, b);
    }
    boolean integers =
        (isInteger(left) || isInterval(left.getType()))
            && (isInteger(right) || isInterval(right.getType()))
            && type.kind().isInteger();
    return integers
        ? new Arithmetic.Integers(operator, a, b, type.kind())
        : new Arithmetic.Decimals(operator, a, b, type);
  }

  private static Expression cast(Expression operand, RelDataType from, RelDataType to) {
    if (to.getSqlTypeName() == SqlTypeName.ANY) {
      return operand;
    }
    if (isInterval(to) || isInterval(from)) {
      return new Function(List.of(operand), (a, c) -> castInterval(a[0], from, to));
    }
    SqlType type = Types.of(to);
    if (SqlTypeName.INT_TYPES.contains(from.getSqlTypeName())
        && type.kind().isInteger()
        && from.getSqlTypeName().ordinal() <= to.getSqlTypeName().ordinal()) {
      return operand; // widening
    }
    if (operand.constant()) {
      return new Leaves.Constant(Values.cast(operand.eval(ArrayRow.EMPTY, null), type, true));
    }
    return new Function(List.of(operand), (a, c) -> Values.cast(a[0], type, true));
  }

  private static Object castInterval(Object value, RelDataType from, RelDataType to) {
    if (isInterval(from) && isInterval(to)) {
      return value;
    }
    if (isInterval(to)) {
      BigDecimal unit = to.getSqlTypeName().getEndUnit().multiplier;
      return Values.toDecimal(value).multiply(unit).longValue();
    }
    BigDecimal unit = from.getSqlTypeName().getEndUnit().multiplier;
    BigDecimal number =
        BigDecimal.valueOf((Long) value).divide(unit, 6, java.math.RoundingMode.DOWN);
    return Values.cast(number, Types.of(to), true);
  }

  private static Expression like(RexCall call) {
    Expression escape = call.getOperands().size() > 2 ? operand(call, 2) : null;
    boolean ignoreCase =
        call.getOperator().getName().toUpperCase(java.util.Locale.ROOT).contains("ILIKE");
    Expression like = new Like(operand(call, 0), operand(call, 1), escape, ignoreCase);
    boolean negated =
        call.getOperator().getName().toUpperCase(java.util.Locale.ROOT).startsWith("NOT");
    return negated ? new Logic.Not(like) : like;
  }

  private static Object symbol(RexCall call, int index) {
    return ((RexLiteral) call.getOperands().get(index)).getValue();
  }

  private static TimeUnitRange unit(RexCall call, int index) {
    Object symbol = symbol(call, index);
    return symbol instanceof TimeUnitRange range ? range : TimeUnitRange.valueOf(symbol.toString());
  }

  private static Expression extract(RexCall call) {
    TimeUnitRange unit = unit(call, 0);
    return new Function(List.of(operand(call, 1)), (a, c) -> TimeFunctions.extract(unit, a[0]));
  }

  private static Expression roundTime(RexCall call) {
    TimeUnitRange unit = unit(call, 1);
    boolean up = call.getKind() == SqlKind.CEIL;
    return new Function(List.of(operand(call, 0)), (a, c) -> TimeFunctions.round(a[0], unit, up));
  }

  private static Expression trim(RexCall call) {
    SqlTrimFunction.Flag flag = (SqlTrimFunction.Flag) symbol(call, 0);
    boolean leading = flag != SqlTrimFunction.Flag.TRAILING;
    boolean trailing = flag != SqlTrimFunction.Flag.LEADING;
    return new Function(
        List.of(operand(call, 1), operand(call, 2)),
        (a, c) -> TextFunctions.strip(Values.asText(a[1]), Values.asText(a[0]), leading, trailing));
  }

  /** Functions found by their name. */
  private static Expression named(RexCall call) {
    String name = call.getOperator().getName().toUpperCase(java.util.Locale.ROOT);
    List<Expression> operands = compileAll(call.getOperands());
    switch (name) {
      case "CURRENT_TIMESTAMP":
      case "LOCALTIMESTAMP":
      case "NOW":
        return new Function(
            List.of(), (a, c) -> Values.cast(c.now(), Types.of(call.getType()), false));
      case "CURRENT_DATE":
        return new Function(List.of(), (a, c) -> c.now().toLocalDate());
      case "CURRENT_TIME":
      case "LOCALTIME":
        return new Function(
            List.of(),
            (a, c) -> Values.cast(c.now().toLocalTime(), Types.of(call.getType()), false));
      case "GREATEST":
        return new Function(operands, (a, c) -> extreme(a, 1));
      case "LEAST":
        return new Function(operands, (a, c) -> extreme(a, -1));
      case "NULLIF":
        Expression equal =
            new Comparison.General(
                Comparison.Operator.EQUAL, operands.get(0), operands.get(1), blanksIgnored(call));
        return new Logic.Case(List.of(equal, new Leaves.Constant(null), operands.get(0)));
      case "IFNULL":
      case "NVL":
        return new Logic.Coalesce(coerced(call, false));
      default:
        Function.Body body = TextFunctions.ALL.get(name);
        if (body == null) {
          body = NumberFunctions.ALL.get(name);
        }
        if (body == null) {
          throw SqlError.of(
              SqlStates.NOT_SUPPORTED,
              "the function " + call.getOperator().getName() + " is not supported");
        }
        return typed(new Function(operands, body), call.getType());
    }
  }

  /** Rounding functions and such keep the class of their argument; results have the call's type. */
  private static Expression typed(Expression function, RelDataType to) {
    SqlType type = Types.of(to);
    if (!type.kind().isNumeric()) {
      return function;
    }
    Class<?> wanted = valueClass(type);
    return new Function(
        List.of(function),
        (a, c) -> a[0].getClass() == wanted ? a[0] : Values.cast(a[0], type, false));
  }

  private static Object extreme(Object[] values, int sign) {
    Object best = values[0];
    for (Object value : values) {
      if (Ordering.compare(value, best) * sign > 0) {
        best = value;
      }
    }
    return best;
  }
}
