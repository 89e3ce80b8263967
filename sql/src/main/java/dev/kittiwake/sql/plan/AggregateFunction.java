package dev.kittiwake.sql.plan;

import dev.kittiwake.sql.catalog.SqlType;
import java.util.List;
import java.util.OptionalInt;

/**
 * One aggregate of a grouping node.
 *
 * @param arguments columns of the input; empty for COUNT(*). Rows in which an argument is NULL are
 *     not counted
 * @param distinct whether equal arguments count once
 * @param filter a BOOLEAN column of the input: only rows in which it is true count
 * @param type of the result; SUM and AVG compute in this type
 */
public record AggregateFunction(
    Kind kind, List<Integer> arguments, boolean distinct, OptionalInt filter, SqlType type) {

  public AggregateFunction {
    arguments = List.copyOf(arguments);
  }

  /** The aggregates there are. Over no rows COUNT and SUM0 are 0, the others NULL. */
  public enum Kind {
    COUNT,
    SUM,
    /** SUM that is 0 over no rows. */
    SUM0,
    MIN,
    MAX,
    AVG,
    /** The only value; more than one row is error 21000: made from scalar subqueries. */
    SINGLE_VALUE,
    /** Any one of the values. */
    ANY_VALUE
  }
}
