package dev.kittiwake.cli.chaos;

import java.util.List;

/**
 * One promise and whether it was kept.
 *
 * @param group where it comes from, for example {@code tpcc}
 * @param detail figures, or what is wrong; may be empty
 * @param evidence the operations or rows that show a broken promise; of a kept one, what the judge
 *     would like to be known, such as a key that it could not judge
 */
public record Finding(
    String group, String promise, boolean holds, String detail, List<String> evidence) {
  public Finding {
    evidence = List.copyOf(evidence);
  }
}
