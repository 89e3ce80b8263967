package dev.kittiwake.cli.chaos;

import java.util.List;

/**
 * One promise and whether it was kept.
 *
 * @param group where it comes from, for example {@code tpcc}
 * @param detail figures, or what is wrong; may be empty
 * @param evidence the operations or rows that show a broken promise; empty if it holds
 */
public record Finding(
    String group, String promise, boolean holds, String detail, List<String> evidence) {
  public Finding {
    evidence = List.copyOf(evidence);
  }
}
