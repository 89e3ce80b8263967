package dev.kittiwake.tpcc;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Gathers what one condition finds, over all parts of the database. */
final class Evidence {
  private static final int SHOWN = 5;

  private final List<String> examples = new ArrayList<>();
  private long checked;
  private long offending;

  /** Counts one comparison; {@code otherwise} describes it if it does not hold. */
  void expect(boolean holds, Supplier<String> otherwise) {
    checked++;
    if (!holds) {
      offending++;
      if (examples.size() < SHOWN) {
        examples.add(otherwise.get());
      }
    }
  }

  /** Expects two amounts to be equal, whatever their scale. */
  void expectEqual(Key key, String leftName, BigDecimal left, String rightName, BigDecimal right) {
    boolean equal = left == null ? right == null : right != null && left.compareTo(right) == 0;
    expect(
        equal,
        () -> key + ": " + leftName + " " + shown(left) + ", " + rightName + " " + shown(right));
  }

  private static String shown(BigDecimal value) {
    return value == null ? "missing" : value.toPlainString();
  }

  Finding finding(String clause, String title) {
    return new Finding(clause, title, offending == 0, checked, offending, examples);
  }
}
