package dev.kittiwake.testkit.history;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a client was told; which {@link Action} it belongs to is written there. */
public sealed interface Answer {
  /** It happened, and there is nothing more to say. */
  Answer DONE = new Done();

  /** See {@link #DONE}. */
  record Done() implements Answer {}

  /**
   * @param value null when the key is absent
   */
  record Value(String value) implements Answer {}

  /**
   * @param swapped whether the value was written
   * @param previous what the key held before; null when it was absent
   */
  record Swapped(boolean swapped, String previous) implements Answer {}

  /**
   * @param seen one for each step of the transaction, in the same order
   * @param startTs the snapshot's timestamp; 0 if the client does not know it
   * @param commitTs 0 if the client does not know it or nothing was written
   */
  record Committed(List<Seen> seen, long startTs, long commitTs) implements Answer {
    public Committed {
      seen = List.copyOf(seen);
    }

    public Committed(List<Seen> seen) {
      this(seen, 0, 0);
    }
  }

  /** All accounts that were asked for, by name. */
  record Balances(SortedMap<String, Long> balances) implements Answer {
    public Balances(Map<String, Long> balances) {
      this((SortedMap<String, Long>) new TreeMap<>(balances));
    }
  }

  /** Members of a set, in the order in which they were read. */
  record Elements(List<Long> elements) implements Answer {
    public Elements {
      elements = List.copyOf(elements);
    }
  }

  /** A range of timestamps, both ends included. */
  record Timestamps(long first, long last) implements Answer {}
}
