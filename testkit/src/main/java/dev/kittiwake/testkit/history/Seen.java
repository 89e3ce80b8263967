package dev.kittiwake.testkit.history;

import java.util.List;

/** What one {@link Step} of a transaction returned. */
public sealed interface Seen {
  /** Writes return nothing; neither does a read that was not reached. */
  Seen NOTHING = new Nothing();

  /** See {@link #NOTHING}. */
  record Nothing() implements Seen {}

  /** The list as read, oldest first; empty when the key is absent. */
  record Elements(List<Long> elements) implements Seen {
    public Elements {
      elements = List.copyOf(elements);
    }
  }

  /**
   * The register as read.
   *
   * @param value null when the key is absent
   */
  record Register(Long value) implements Seen {}
}
