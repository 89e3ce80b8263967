package dev.kittiwake.raft.cluster;

import dev.kittiwake.raft.Entry;
import dev.kittiwake.raft.driver.LogStore;
import java.util.Collection;
import java.util.TreeMap;

/** What must hold of a group at every moment. Raft figure 3. */
final class Invariants {
  private final TreeMap<Long, Long> leaderOfTerm = new TreeMap<>();
  private final TreeMap<Long, Entry> applied = new TreeMap<>(); // by anyone, ever

  long highestApplied() {
    return applied.isEmpty() ? 0 : applied.lastKey();
  }

  /** Election safety and leader completeness. */
  void onLeader(long term, long id, LogStore log) {
    Long other = leaderOfTerm.putIfAbsent(term, id);
    require(
        other == null || other == id, "two leaders in term " + term + ": " + other + " and " + id);
    for (Entry entry : applied.tailMap(log.start().index(), false).values()) {
      if (entry.term() < term) {
        boolean there = log.term(entry.index()).orElse(0) == entry.term();
        require(there, "leader " + id + " of term " + term + " lacks " + entry);
      }
    }
  }

  /** State machine safety. */
  void onApplied(long id, Entry entry) {
    Entry other = applied.putIfAbsent(entry.index(), entry);
    require(
        other == null || other.equals(entry),
        "peer " + id + " applies " + entry + ", another applied " + other);
  }

  /** Log matching. */
  void checkLogs(Collection<? extends LogStore> logs) {
    for (LogStore one : logs) {
      for (LogStore two : logs) {
        checkPair(one, two);
      }
    }
  }

  private static void checkPair(LogStore one, LogStore two) {
    long first = Math.max(one.start().index(), two.start().index()) + 1;
    boolean equalAbove = false;
    for (long index = Math.min(one.lastIndex(), two.lastIndex()); index >= first; index--) {
      Entry a = one.entries(index, index + 1, 1).get(0);
      Entry b = two.entries(index, index + 1, 1).get(0);
      if (a.term() == b.term()) {
        require(a.equals(b), "logs differ in one position: " + a + " and " + b);
        equalAbove = true;
      } else {
        require(!equalAbove, "logs differ below a common position: " + a + " and " + b);
      }
    }
  }

  static void require(boolean holds, String message) {
    if (!holds) {
      throw new AssertionError(message);
    }
  }
}
