package dev.kittiwake.testkit.judge;

import dev.kittiwake.testkit.history.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The order of the versions of each register, as far as it is known: a register starts absent; who
 * reads a version and writes another writes the later one; commit timestamps tell the order where
 * clients know them; and where real time binds, what one transaction saw or wrote and had ended
 * with is not newer than what another saw or wrote that began afterwards.
 */
final class RegisterOrders {
  private final Transactions transactions;
  private final Level level;
  private final Consumer<Verdict.Broken> found;
  private final Map<Item, Versions> orders = new TreeMap<>();

  RegisterOrders(Transactions transactions, Level level, Consumer<Verdict.Broken> found) {
    this.transactions = transactions;
    this.level = level;
    this.found = found;
  }

  Map<Item, Versions> infer() {
    for (Transaction transaction : transactions.committed()) {
      fromReadsBeforeWrites(transaction);
    }
    fromCommitTimestamps();
    Set<Item> wrong = report(Rule.INCOMPATIBLE_ORDER);
    if (level.bindsRealTime()) {
      fromRealTime(wrong);
      report(Rule.REAL_TIME);
    }
    return orders;
  }

  private Versions of(Item item) {
    return orders.computeIfAbsent(item, none -> new Versions());
  }

  private void fromReadsBeforeWrites(Transaction transaction) {
    transaction
        .writes()
        .forEach(
            (item, values) -> {
              if (!item.isList()) {
                Long last = values.get(values.size() - 1);
                of(item).follows(null, last, () -> absentBefore(item, transaction));
                for (Transaction.Read read : transaction.reads()) {
                  if (read.item().equals(item) && read.version() != null) {
                    of(item)
                        .follows(
                            read.version(),
                            last,
                            () -> replaced(item, read.version(), transaction));
                  }
                }
              }
            });
  }

  private static Versions.Proof absentBefore(Item item, Transaction writer) {
    return new Versions.Proof(
        item + " was absent before " + writer.name() + " wrote to it", List.of(writer.operation()));
  }

  private static Versions.Proof replaced(Item item, Long version, Transaction writer) {
    return new Versions.Proof(
        String.format(
            "%s read %s = %s and wrote %s", writer.name(), item, version, writer.lastWrite(item)),
        List.of(writer.operation()));
  }

  private void byTimestamp(Item item, Transaction first, Transaction second) {
    of(item)
        .follows(
            first.lastWrite(item),
            second.lastWrite(item),
            () ->
                new Versions.Proof(
                    String.format(
                        "%s wrote %s at timestamp %d and %s at %d",
                        first.name(), item, first.commitTs(), second.name(), second.commitTs()),
                    List.of(first.operation(), second.operation())));
  }

  private static Versions.Proof oneAfterTheOther(
      Item item, Transaction first, Long version, Transaction second, Long other) {
    return new Versions.Proof(
        String.format(
            "%s had ended with %s = %s before %s began, which had %s",
            first.name(), item, version, second.name(), other == null ? "nothing there" : other),
        List.of(first.operation(), second.operation()));
  }

  private void fromCommitTimestamps() {
    Map<Item, List<Transaction>> writers = new LinkedHashMap<>();
    for (Transaction transaction : transactions.committed()) {
      if (transaction.commitTs() > 0) {
        for (Item item : transaction.writes().keySet()) {
          if (!item.isList()) {
            writers.computeIfAbsent(item, none -> new ArrayList<>()).add(transaction);
          }
        }
      }
    }
    writers.forEach(
        (item, all) -> {
          all.sort(Comparator.comparingLong(Transaction::commitTs));
          for (int i = 1; i < all.size(); i++) {
            if (all.get(i - 1).commitTs() < all.get(i).commitTs()) {
              byTimestamp(item, all.get(i - 1), all.get(i));
            }
          }
        });
  }

  /**
   * Goes through the events in order. For each register it keeps the newest versions that ended
   * transactions saw; what begins then sees those or later ones.
   */
  private void fromRealTime(Set<Item> wrong) {
    record Event(int position, Transaction transaction, boolean begins) {}
    List<Event> events = new ArrayList<>();
    for (Transaction transaction : transactions.committed()) {
      events.add(new Event(transaction.operation().invokedAt(), transaction, true));
      if (transaction.operation().isOk()) {
        events.add(new Event(transaction.operation().endedAt(), transaction, false));
      }
    }
    events.sort(Comparator.comparingInt(Event::position));
    Map<Item, Map<Long, Transaction>> newest = new HashMap<>();
    Map<Integer, Map<Item, Set<Long>>> atBegin = new HashMap<>();
    for (Event event : events) {
      Map<Item, Long[]> observed = observed(event.transaction());
      observed.keySet().removeAll(wrong);
      if (event.begins()) {
        Map<Item, Set<Long>> seen = new HashMap<>();
        observed.forEach(
            (item, firstAndLast) -> {
              Map<Long, Transaction> before = newest.getOrDefault(item, Map.of());
              seen.put(item, Set.copyOf(before.keySet()));
              Long first = firstAndLast[0];
              before.forEach(
                  (version, ended) -> {
                    if (!version.equals(first) && !version.equals(firstAndLast[1])) {
                      of(item)
                          .follows(
                              version,
                              first,
                              () ->
                                  oneAfterTheOther(
                                      item, ended, version, event.transaction(), first));
                    }
                  });
            });
        atBegin.put(event.transaction().operation().index(), seen);
      } else {
        Map<Item, Set<Long>> replaced = atBegin.remove(event.transaction().operation().index());
        observed.forEach(
            (item, firstAndLast) -> {
              Map<Long, Transaction> now =
                  newest.computeIfAbsent(item, none -> new LinkedHashMap<>());
              if (firstAndLast[1] != null) {
                now.keySet().removeAll(replaced.get(item));
                now.remove(firstAndLast[0]);
                now.put(firstAndLast[1], event.transaction());
              }
            });
      }
    }
  }

  /** The first and the last version of each register that a transaction saw or wrote. */
  private static Map<Item, Long[]> observed(Transaction transaction) {
    Map<Item, Long[]> observed = new LinkedHashMap<>();
    for (Transaction.Read read : transaction.reads()) {
      if (!read.item().isList()) {
        observed.putIfAbsent(read.item(), new Long[] {read.version(), read.version()});
      }
    }
    transaction
        .writes()
        .forEach(
            (item, values) -> {
              if (!item.isList()) {
                Long last = transaction.lastWrite(item);
                Long[] pair = observed.get(item);
                observed.put(item, new Long[] {pair == null ? last : pair[0], last});
              }
            });
    return observed;
  }

  /** Reports the items whose versions go round in a circle, and forgets their orders. */
  private Set<Item> report(Rule rule) {
    Set<Item> wrong = new LinkedHashSet<>();
    orders.forEach(
        (item, versions) -> {
          List<Versions.Proof> circle = versions.circle();
          if (!circle.isEmpty()) {
            wrong.add(item);
            Set<Operation> operations = new LinkedHashSet<>();
            List<String> sentences = new ArrayList<>();
            for (Versions.Proof proof : circle) {
              operations.addAll(proof.operations());
              sentences.add(proof.sentence());
            }
            found.accept(
                new Verdict.Broken(
                    rule,
                    String.join("; ", sentences) + ": the versions of " + item + " have no order",
                    new ArrayList<>(operations)));
          }
        });
    wrong.forEach(orders::remove);
    return wrong;
  }
}
