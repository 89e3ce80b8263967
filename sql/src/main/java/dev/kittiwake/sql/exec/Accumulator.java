package dev.kittiwake.sql.exec;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import dev.kittiwake.sql.catalog.SqlType;
import dev.kittiwake.sql.expr.Ordering;
import dev.kittiwake.sql.expr.Row;
import dev.kittiwake.sql.expr.Values;
import dev.kittiwake.sql.plan.AggregateFunction;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashSet;
import java.util.Set;

/** The state of one aggregate over one group. */
final class Accumulator {
  private final AggregateFunction function;
  private final int[] arguments;
  private final int filter; // column, or -1
  private final Set<Object> seen; // of DISTINCT; else null
  private long count;
  private long longSum; // of integers, while it fits
  private BigDecimal decimalSum; // of decimals, and of integers that did not fit
  private double doubleSum;
  private boolean approximate; // a double was added
  private Object kept; // MIN, MAX, SINGLE_VALUE, ANY_VALUE

  Accumulator(AggregateFunction function) {
    this.function = function;
    this.arguments = Layouts.ordinals(function.arguments());
    this.filter = function.filter().orElse(-1);
    this.seen = function.distinct() ? new HashSet<>() : null;
  }

  void add(Row row, MemoryAccount memory) {
    if (filter >= 0 && !Boolean.TRUE.equals(row.value(filter))) {
      return;
    }
    boolean keepsNull = function.kind() == AggregateFunction.Kind.SINGLE_VALUE;
    for (int argument : arguments) {
      if (!keepsNull && row.isNull(argument)) {
        return;
      }
    }
    if (seen != null) {
      Object key = HashKey.of(row, arguments);
      if (!seen.add(key)) {
        return;
      }
      memory.add(64 + MemoryAccount.size(key));
    }
    count++;
    if (function.kind() != AggregateFunction.Kind.COUNT) {
      addValue(row.value(arguments[0]));
    }
  }

  private void addValue(Object value) {
    switch (function.kind()) {
      case SUM, SUM0, AVG -> addNumber(value);
      case MIN -> {
        if (kept == null || Ordering.compare(value, kept) < 0) {
          kept = value;
        }
      }
      case MAX -> {
        if (kept == null || Ordering.compare(value, kept) > 0) {
          kept = value;
        }
      }
      case SINGLE_VALUE -> {
        if (count > 1) {
          throw SqlError.of(SqlStates.CARDINALITY, "a scalar subquery returned more than one row");
        }
        kept = value;
      }
      case ANY_VALUE -> kept = kept == null ? value : kept;
      case COUNT -> throw new IllegalStateException("COUNT keeps no values");
    }
  }

  private void addNumber(Object value) {
    if (value instanceof Long number) {
      long sum = longSum + number;
      if (((longSum ^ sum) & (number ^ sum)) < 0) {
        addDecimal(BigDecimal.valueOf(longSum).add(BigDecimal.valueOf(number)));
        longSum = 0;
      } else {
        longSum = sum;
      }
    } else if (value instanceof Double number) {
      approximate = true;
      doubleSum += number;
    } else {
      addDecimal(Values.toDecimal(value));
    }
  }

  private void addDecimal(BigDecimal value) {
    decimalSum = decimalSum == null ? value : decimalSum.add(value);
  }

  private Object sum() {
    if (approximate) {
      return doubleSum;
    }
    if (decimalSum == null) {
      return longSum;
    }
    return decimalSum.add(BigDecimal.valueOf(longSum));
  }

  Object result() {
    SqlType type = function.type();
    return switch (function.kind()) {
      case COUNT -> count;
      case SUM -> count == 0 ? null : Values.cast(sum(), type, false);
      case SUM0 -> Values.cast(sum(), type, false);
      case AVG -> count == 0 ? null : average(type);
      default -> kept;
    };
  }

  private Object average(SqlType type) {
    Object sum = sum();
    if (sum instanceof Double total) {
      return Values.cast(total / count, type, false);
    }
    int scale = type.kind() == SqlType.Kind.DECIMAL ? type.scale() : 20;
    RoundingMode mode = type.kind().isInteger() ? RoundingMode.DOWN : RoundingMode.HALF_UP;
    BigDecimal average =
        Values.toDecimal(sum)
            .divide(BigDecimal.valueOf(count), type.kind().isInteger() ? 0 : scale, mode);
    return Values.cast(average, type, false);
  }
}
