package dev.kittiwake.sql.plan;

import java.util.List;
import java.util.Optional;
import org.apache.calcite.rex.RexNode;

/**
 * A range of a primary key or index: the first columns equal {@code prefix}, the column after them
 * lies between the bounds. A NULL in the prefix or in a bound makes the range empty, and a bounded
 * column that is NULL is never inside (also with an upper bound only, although NULLs sort first).
 * The empty prefix without bounds is everything, NULLs included.
 *
 * <p>Expressions hold parameters, literals and correlated columns, but no columns of the row.
 *
 * @param prefix values of the first key columns, of the type of these columns
 */
public record KeyRange(List<RexNode> prefix, Optional<Bound> lower, Optional<Bound> upper) {
  /** The whole key space of the table or index. */
  public static final KeyRange ALL = new KeyRange(List.of(), Optional.empty(), Optional.empty());

  public KeyRange {
    prefix = List.copyOf(prefix);
  }

  /** All keys that start with {@code prefix}. */
  public static KeyRange ofPrefix(List<RexNode> prefix) {
    return new KeyRange(prefix, Optional.empty(), Optional.empty());
  }

  /** Whether it bounds nothing. */
  public boolean isAll() {
    return prefix.isEmpty() && lower.isEmpty() && upper.isEmpty();
  }

  /** One end of a range. */
  public record Bound(RexNode value, boolean inclusive) {}
}
