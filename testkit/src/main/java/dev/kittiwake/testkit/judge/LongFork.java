package dev.kittiwake.testkit.judge;

import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.History;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Two writes are seen in the same order by everybody: of registers that are written at most once,
 * no two readers may each see one that the other does not (Sovran and others, "Transactional
 * storage for geo-replicated systems", 2011, call that a long fork). Quicker and simpler than
 * {@link Cycles}; looks only at transactions that only read.
 */
public final class LongFork implements Judge {
  private record Reader(Transaction transaction, SortedMap<Item, Boolean> seen) {
    long count() {
      return seen.values().stream().filter(there -> there).count();
    }
  }

  @Override
  public Verdict judge(History history) {
    Map<Item, Integer> writes = new HashMap<>();
    List<Reader> readers = new ArrayList<>();
    history.operations().stream()
        .filter(operation -> operation.action() instanceof Action.Txn)
        .map(Transaction::of)
        .forEach(
            transaction -> {
              transaction
                  .writes()
                  .forEach((item, values) -> writes.merge(item, values.size(), Integer::sum));
              if (transaction.writes().isEmpty() && transaction.operation().isOk()) {
                readers.add(reader(transaction));
              }
            });
    Map<List<Item>, List<Reader>> groups = new LinkedHashMap<>();
    for (Reader reader : readers) {
      reader.seen().keySet().removeIf(item -> writes.getOrDefault(item, 0) > 1);
      if (reader.seen().size() >= 2) {
        groups
            .computeIfAbsent(new ArrayList<>(reader.seen().keySet()), none -> new ArrayList<>())
            .add(reader);
      }
    }
    for (List<Reader> group : groups.values()) {
      Verdict broken = compare(group);
      if (broken != null) {
        return broken;
      }
    }
    return Verdict.holds();
  }

  private static Reader reader(Transaction transaction) {
    SortedMap<Item, Boolean> seen = new TreeMap<>();
    for (Transaction.Read read : transaction.reads()) {
      if (!read.item().isList()) {
        seen.put(read.item(), read.version() != null);
      }
    }
    return new Reader(transaction, seen);
  }

  /**
   * Readers of the same registers, fewest seen first: each must have seen what the one before saw.
   */
  private static Verdict compare(List<Reader> group) {
    List<Reader> sorted = new ArrayList<>(group);
    Collections.sort(sorted, (a, b) -> Long.compare(a.count(), b.count()));
    for (int i = 1; i < sorted.size(); i++) {
      Reader fewer = sorted.get(i - 1);
      Reader more = sorted.get(i);
      Item onlyFewer = onlyIn(fewer, more);
      if (onlyFewer != null) {
        return new Verdict.Broken(
            Rule.LONG_FORK,
            String.format(
                "%s saw the write of %s but not that of %s, and %s saw the write of %s but not that"
                    + " of %s",
                fewer.transaction().name(),
                onlyFewer,
                onlyIn(more, fewer),
                more.transaction().name(),
                onlyIn(more, fewer),
                onlyFewer),
            List.of(fewer.transaction().operation(), more.transaction().operation()));
      }
    }
    return null;
  }

  private static Item onlyIn(Reader reader, Reader other) {
    for (Map.Entry<Item, Boolean> entry : reader.seen().entrySet()) {
      if (entry.getValue() && !other.seen().get(entry.getKey())) {
        return entry.getKey();
      }
    }
    return null;
  }
}
