package dev.kittiwake.tpcc;

import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;

/**
 * Holds the books against the ledger. Pure; call it once for each part of the database, then ask
 * for the finding.
 */
final class LedgerCheck {
  private final Evidence evidence = new Evidence();
  private final TreeMap<Key, Ledger.Order> acknowledged = new TreeMap<>();
  private final TreeMap<Key, Ledger.Order> undetermined = new TreeMap<>();
  private final Ledger ledger;
  private long committed; // undetermined orders found in the database

  LedgerCheck(Ledger ledger) {
    this.ledger = ledger;
    for (Ledger.Order order : ledger.acknowledged()) {
      boolean first = acknowledged.put(order.key(), order) == null;
      if (!first) {
        evidence.expect(false, () -> order.key() + ": acknowledged twice");
      }
    }
    for (Ledger.Order order : ledger.undetermined()) {
      undetermined.put(order.key(), order);
    }
  }

  /** Examines the warehouses {@code low} to {@code high}, which the books are about. */
  void examine(Books books, int low, int high) {
    for (Ledger.Order order : between(acknowledged, low, high).values()) {
      evidence.expect(
          books.orders().has(order.key()),
          () -> order.key() + ": acknowledged, but the order is missing");
      if (books.orders().has(order.key())) {
        evidence.expect(
            same(books, order),
            () ->
                order.key() + ": acknowledged as " + order + ", but another order is found there");
      }
    }
    for (Ledger.Order order : between(undetermined, low, high).values()) {
      if (!acknowledged.containsKey(order.key()) && same(books, order)) {
        committed++;
      }
    }
    for (Ledger.Span span : ledger.spans()) {
      if (span.warehouse() >= low && span.warehouse() <= high) {
        for (int number = span.first(); number < span.end(); number++) {
          expectKnown(books, new Key(span.warehouse(), span.district(), number));
        }
      }
    }
  }

  /**
   * Inside a span every order found was acknowledged or left open: nothing refused may have
   * happened after all.
   */
  private void expectKnown(Books books, Key key) {
    evidence.expect(
        !books.orders().has(key) || acknowledged.containsKey(key) || undetermined.containsKey(key),
        () -> key + ": in the database, but its transaction was reported as not committed");
  }

  private static boolean same(Books books, Ledger.Order order) {
    Key key = order.key();
    return books.orders().has(key)
        && books.orders().value(key, 0).intValue() == order.customer()
        && books.orders().value(key, 1).intValue() == order.lines()
        && books.lines().sum(key, 0).compareTo(BigDecimal.valueOf(order.lines())) == 0
        && books.lines().sum(key, 2).compareTo(order.amount()) == 0;
  }

  private static Map<Key, Ledger.Order> between(
      TreeMap<Key, Ledger.Order> orders, int low, int high) {
    return orders.subMap(new Key(low, 0, 0), new Key(high + 1, 0, 0));
  }

  Finding finding() {
    String title =
        "every acknowledged order is there, and no refused one (%d acknowledged; %d undetermined, %d of them committed)"
            .formatted(acknowledged.size(), undetermined.size(), committed);
    return evidence.finding("ledger", title);
  }
}
