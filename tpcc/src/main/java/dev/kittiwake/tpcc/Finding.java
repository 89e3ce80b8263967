package dev.kittiwake.tpcc;

import java.util.List;

/**
 * The verdict on one condition.
 *
 * @param clause of the specification, or "ledger"
 * @param title what must hold, in words
 * @param holds whether it does
 * @param checked comparisons made
 * @param offending comparisons that failed
 * @param examples the first few of them
 */
public record Finding(
    String clause,
    String title,
    boolean holds,
    long checked,
    long offending,
    List<String> examples) {
  public Finding {
    examples = List.copyOf(examples);
  }
}
