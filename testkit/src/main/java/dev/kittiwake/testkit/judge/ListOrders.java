package dev.kittiwake.testkit.judge;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The order of appends to each list. Every read shows all that came before it, so the longest read
 * is the order, every other read must be its beginning, and what committed and is not in it came
 * later.
 */
final class ListOrders {
  private record Longest(Transaction reader, List<Long> elements, Set<Long> shown) {}

  private final Transactions transactions;
  private final Consumer<Verdict.Broken> found;
  private final Map<Item, Longest> longest = new LinkedHashMap<>();
  private final Map<Item, Set<Long>> unseen = new HashMap<>();

  ListOrders(Transactions transactions, Consumer<Verdict.Broken> found) {
    this.transactions = transactions;
    this.found = found;
  }

  Map<Item, Versions> infer() {
    for (Transaction reader : transactions.committed()) {
      for (Transaction.Read read : reader.reads()) {
        Longest known = longest.get(read.item());
        if (read.item().isList()
            && (known == null || known.elements().size() < read.elements().size())) {
          longest.put(read.item(), new Longest(reader, read.elements(), Set.of()));
        }
      }
    }
    longest.replaceAll(
        (item, read) ->
            new Longest(read.reader(), read.elements(), new HashSet<>(read.elements())));
    checkBeginnings();
    Map<Item, Versions> orders = new TreeMap<>();
    longest.forEach((item, read) -> orders.put(item, chain(read.elements())));
    for (Transaction writer : transactions.committed()) {
      writer.writes().forEach((item, values) -> unseen(item, values, orders));
    }
    return orders;
  }

  /** Whether {@code element} has its place in the order only because no read shows it. */
  boolean isUnseen(Item item, Long element) {
    return unseen.getOrDefault(item, Set.of()).contains(element);
  }

  private static Versions chain(List<Long> elements) {
    Versions versions = new Versions();
    Long before = null;
    for (Long element : elements) {
      versions.follows(before, element);
      before = element;
    }
    return versions;
  }

  private void checkBeginnings() {
    for (Transaction reader : transactions.committed()) {
      for (Transaction.Read read : reader.reads()) {
        if (!read.item().isList()) {
          continue;
        }
        Longest known = longest.get(read.item());
        int size = read.elements().size();
        if (!known.elements().subList(0, size).equals(read.elements())) {
          found.accept(
              new Verdict.Broken(
                  Rule.INCOMPATIBLE_ORDER,
                  String.format(
                      "%s read %s as %s, but %s read it as %s: neither is the other's beginning",
                      reader.name(),
                      read.item(),
                      read.elements(),
                      known.reader().name(),
                      known.elements()),
                  List.of(reader.operation(), known.reader().operation())));
        }
      }
    }
  }

  /** Appends that no read shows come after all that were shown. */
  private void unseen(Item item, List<Long> values, Map<Item, Versions> orders) {
    Longest known = longest.get(item);
    if (item.isList() && known != null && !known.shown().contains(values.get(0))) {
      unseen.computeIfAbsent(item, none -> new HashSet<>()).add(values.get(0));
      List<Long> shown = known.elements();
      orders.get(item).follows(shown.isEmpty() ? null : shown.get(shown.size() - 1), values.get(0));
    }
  }

  /**
   * Acknowledged appends that no later read shows, though reads that began after the
   * acknowledgement are there. Only where real time binds.
   */
  void checkLost() {
    Map<Item, Transaction> latest = new LinkedHashMap<>(); // the reader that began last
    for (Transaction reader : transactions.committed()) {
      for (Transaction.Read read : reader.reads()) {
        if (read.item().isList() && reader.operation().isOk()) {
          latest.put(read.item(), reader);
        }
      }
    }
    for (Transaction writer : transactions.committed()) {
      for (Map.Entry<Item, List<Long>> write : writer.writes().entrySet()) {
        Transaction reader = latest.get(write.getKey());
        if (reader != null
            && writer.operation().isOk()
            && writer.operation().endedBefore(reader.operation())
            && !longest.get(write.getKey()).shown().containsAll(write.getValue())) {
          found.accept(
              new Verdict.Broken(
                  Rule.LOST_WRITE,
                  String.format(
                      "%s was told that its append of %s to %s committed, but %s, which began"
                          + " later, does not show it, nor does any other read",
                      writer.name(), write.getValue(), write.getKey(), reader.name()),
                  List.of(writer.operation(), reader.operation())));
        }
      }
    }
  }
}
