package dev.kittiwake.sql.expr;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/** Functions on numbers, by the operator's name. */
final class NumberFunctions {
  static final Map<String, Function.Body> ALL =
      Map.ofEntries(
          Map.entry("ABS", (a, c) -> abs(a[0])),
          Map.entry("SIGN", (a, c) -> sign(a[0])),
          Map.entry("FLOOR", (a, c) -> round(a[0], 0, RoundingMode.FLOOR)),
          Map.entry("CEIL", (a, c) -> round(a[0], 0, RoundingMode.CEILING)),
          Map.entry("CEILING", (a, c) -> round(a[0], 0, RoundingMode.CEILING)),
          Map.entry("ROUND", (a, c) -> round(a[0], digits(a), RoundingMode.HALF_UP)),
          Map.entry("TRUNCATE", (a, c) -> round(a[0], digits(a), RoundingMode.DOWN)),
          Map.entry(
              "POWER", (a, c) -> finite(Math.pow(Values.toDouble(a[0]), Values.toDouble(a[1])))),
          Map.entry(
              "POW", (a, c) -> finite(Math.pow(Values.toDouble(a[0]), Values.toDouble(a[1])))),
          Map.entry("ATAN2", (a, c) -> Math.atan2(Values.toDouble(a[0]), Values.toDouble(a[1]))),
          one("SQRT", Math::sqrt),
          one("CBRT", Math::cbrt),
          one("EXP", Math::exp),
          one("LN", Math::log),
          one("LOG10", Math::log10),
          one("SIN", Math::sin),
          one("COS", Math::cos),
          one("TAN", Math::tan),
          one("ASIN", Math::asin),
          one("ACOS", Math::acos),
          one("ATAN", Math::atan),
          one("DEGREES", Math::toDegrees),
          one("RADIANS", Math::toRadians),
          Map.entry("PI", (a, c) -> Math.PI));

  private NumberFunctions() {}

  private static Map.Entry<String, Function.Body> one(String name, DoubleUnaryOperator operator) {
    return Map.entry(name, (a, c) -> finite(operator.applyAsDouble(Values.toDouble(a[0]))));
  }

  private static Object finite(double value) {
    if (!Double.isFinite(value)) {
      throw SqlError.of(
          SqlStates.NUMBER_OUT_OF_RANGE, "a function of numbers has no result for its argument");
    }
    return value;
  }

  private static Object abs(Object value) {
    if (value instanceof Long number) {
      if (number == Long.MIN_VALUE) {
        throw SqlError.of(SqlStates.NUMBER_OUT_OF_RANGE, "ABS(" + number + ") is out of range");
      }
      return Math.abs(number);
    }
    return value instanceof Double number
        ? (Object) Math.abs(number)
        : Values.toDecimal(value).abs();
  }

  private static Object sign(Object value) {
    if (value instanceof Long number) {
      return (long) Long.signum(number);
    }
    return value instanceof Double number
        ? (Object) Math.signum(number)
        : BigDecimal.valueOf(Values.toDecimal(value).signum());
  }

  private static int digits(Object[] a) {
    return a.length < 2 ? 0 : (int) Math.max(-100, Math.min(100, (Long) a[1]));
  }

  static Object round(Object value, int digits, RoundingMode mode) {
    if (value instanceof Long number) {
      return digits >= 0
          ? value
          : (Object) BigDecimal.valueOf(number).setScale(digits, mode).longValueExact();
    }
    if (value instanceof Double number) {
      return Double.isFinite(number)
          ? (Object) BigDecimal.valueOf(number).setScale(digits, mode).doubleValue()
          : value;
    }
    BigDecimal number = Values.toDecimal(value);
    return number.scale() <= digits
        ? number
        : number.setScale(digits, mode).setScale(Math.max(0, digits));
  }
}
