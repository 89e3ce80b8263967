package dev.kittiwake.tpcc;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The twelve consistency conditions of clause 3.3.2, each a pure comparison within the books. */
enum Condition {
  /** Clause 3.3.2.1. */
  C01("w_ytd = sum(d_ytd) of each warehouse") {
    @Override
    void examine(Books books, Scale scale, Evidence evidence) {
      Map<Key, BigDecimal> districts = books.districts().sumByWarehouse(0);
      for (Key key : Facts.union(books.warehouses().keys(), districts.keySet())) {
        evidence.expectEqual(
            key, "w_ytd", books.warehouses().value(key, 0), "sum(d_ytd)", districts.get(key));
      }
    }
  },

  /** Clause 3.3.2.2: said of NEW_ORDER only where it has rows. */
  C02("d_next_o_id - 1 = max(o_id) = max(no_o_id) of each district") {
    @Override
    void examine(Books books, Scale scale, Evidence evidence) {
      Map<Key, TreeSet<Integer>> orders = books.orders().numbersByDistrict();
      Map<Key, TreeSet<Integer>> waiting = books.newOrders().numbersByDistrict();
      for (Key key : Facts.union(books.districts().keys(), orders.keySet(), waiting.keySet())) {
        BigDecimal next = books.districts().value(key, 1);
        BigDecimal last = next == null ? null : next.subtract(BigDecimal.ONE);
        evidence.expectEqual(key, "d_next_o_id - 1", last, "max(o_id)", highest(orders.get(key)));
        if (waiting.containsKey(key)) {
          evidence.expectEqual(
              key, "d_next_o_id - 1", last, "max(no_o_id)", highest(waiting.get(key)));
        }
      }
    }
  },

  /** Clause 3.3.2.3. */
  C03("max(no_o_id) - min(no_o_id) + 1 = rows of new_order of each district") {
    @Override
    void examine(Books books, Scale scale, Evidence evidence) {
      books
          .newOrders()
          .numbersByDistrict()
          .forEach(
              (key, numbers) -> {
                int range = numbers.last() - numbers.first() + 1;
                evidence.expectEqual(
                    key,
                    "range of no_o_id",
                    BigDecimal.valueOf(range),
                    "rows",
                    BigDecimal.valueOf(numbers.size()));
              });
    }
  },

  /** Clause 3.3.2.4. */
  C04("sum(o_ol_cnt) = rows of order_line of each district") {
    @Override
    void examine(Books books, Scale scale, Evidence evidence) {
      Map<Key, BigDecimal> promised = books.orders().sumByDistrict(1);
      Map<Key, BigDecimal> found = books.lines().sumByDistrict(0);
      for (Key key : Facts.union(promised.keySet(), found.keySet())) {
        evidence.expectEqual(
            key, "sum(o_ol_cnt)", promised.get(key), "order lines", found.get(key));
      }
    }
  },

  /** Clause 3.3.2.5. */
  C05("o_carrier_id is null exactly where new_order has a row") {
    @Override
    void examine(Books books, Scale scale, Evidence evidence) {
      for (Key key : Facts.union(books.orders().keys(), books.newOrders().keys())) {
        boolean waiting = books.newOrders().has(key);
        if (!books.orders().has(key)) {
          evidence.expect(false, () -> key + ": in new_order, but there is no such order");
          continue;
        }
        boolean carried = books.orders().value(key, 2) != null;
        evidence.expect(
            carried != waiting,
            () ->
                key
                    + (carried
                        ? ": has a carrier and is in new_order"
                        : ": has no carrier and is not in new_order"));
      }
    }
  },

  /** Clause 3.3.2.6. */
  C06("o_ol_cnt = rows of order_line of each order") {
    @Override
    void examine(Books books, Scale scale, Evidence evidence) {
      for (Key key : Facts.union(books.orders().keys(), books.lines().keys())) {
        evidence.expectEqual(
            key,
            "o_ol_cnt",
            books.orders().value(key, 1),
            "order lines",
            books.lines().value(key, 0));
      }
    }
  },

  /** Clause 3.3.2.7. Lines without an order are told by the sixth condition. */
  C07("ol_delivery_d is null exactly where the order's o_carrier_id is null") {
    @Override
    void examine(Books books, Scale scale, Evidence evidence) {
      for (Key key : books.lines().keys()) {
        if (!books.orders().has(key)) {
          continue;
        }
        BigDecimal carrier = books.orders().value(key, 2);
        BigDecimal wanted = carrier == null ? BigDecimal.ZERO : books.lines().value(key, 0);
        evidence.expectEqual(
            key,
            carrier == null ? "no carrier, so delivered lines" : "carrier, so delivered lines",
            wanted,
            "found",
            books.lines().value(key, 1));
      }
    }
  },

  /** Clause 3.3.2.8. */
  C08("w_ytd = sum(h_amount) of each warehouse") {
    @Override
    void examine(Books books, Scale scale, Evidence evidence) {
      Map<Key, BigDecimal> paid = books.paymentsByDistrict().sumByWarehouse(0);
      for (Key key : Facts.union(books.warehouses().keys(), paid.keySet())) {
        evidence.expectEqual(
            key, "w_ytd", books.warehouses().value(key, 0), "sum(h_amount)", paid.get(key));
      }
    }
  },

  /** Clause 3.3.2.9. */
  C09("d_ytd = sum(h_amount) of each district") {
    @Override
    void examine(Books books, Scale scale, Evidence evidence) {
      Facts paid = books.paymentsByDistrict();
      for (Key key : Facts.union(books.districts().keys(), paid.keys())) {
        evidence.expectEqual(
            key, "d_ytd", books.districts().value(key, 0), "sum(h_amount)", paid.value(key, 0));
      }
    }
  },

  /** Clause 3.3.2.10. */
  C10("c_balance = sum(delivered ol_amount) - sum(h_amount) of each customer") {
    @Override
    void examine(Books books, Scale scale, Evidence evidence) {
      Map<Key, BigDecimal> delivered = deliveredByCustomer(books);
      Facts paid = books.paymentsByCustomer();
      for (Key key : Facts.union(books.customers().keys(), delivered.keySet(), paid.keys())) {
        BigDecimal expected =
            delivered.getOrDefault(key, BigDecimal.ZERO).subtract(paid.sum(key, 0));
        evidence.expectEqual(
            key, "c_balance", books.customers().value(key, 0), "delivered - paid", expected);
      }
    }
  },

  /**
   * Clause 3.3.2.11, which counts 2,100 delivered orders in a district just loaded. Every delivery
   * adds one, to a customer's c_delivery_cnt too, so this form holds after any run and is the
   * specification's before the first.
   */
  C11("orders - new orders = loaded as delivered + sum(c_delivery_cnt) of each district") {
    @Override
    void examine(Books books, Scale scale, Evidence evidence) {
      Map<Key, TreeSet<Integer>> orders = books.orders().numbersByDistrict();
      Map<Key, TreeSet<Integer>> waiting = books.newOrders().numbersByDistrict();
      Map<Key, BigDecimal> deliveries = books.customers().sumByDistrict(2);
      for (Key key : Facts.union(books.districts().keys(), orders.keySet(), waiting.keySet())) {
        int rest = size(orders.get(key)) - size(waiting.get(key));
        BigDecimal expected =
            deliveries
                .getOrDefault(key, BigDecimal.ZERO)
                .add(BigDecimal.valueOf(scale.deliveredOrders()));
        evidence.expectEqual(
            key, "orders - new orders", BigDecimal.valueOf(rest), "delivered", expected);
      }
    }
  },

  /** Clause 3.3.2.12. */
  C12("c_balance + c_ytd_payment = sum(delivered ol_amount) of each customer") {
    @Override
    void examine(Books books, Scale scale, Evidence evidence) {
      Map<Key, BigDecimal> delivered = deliveredByCustomer(books);
      for (Key key : Facts.union(books.customers().keys(), delivered.keySet())) {
        evidence.expectEqual(
            key,
            "c_balance + c_ytd_payment",
            books.customers().sum(key, 0).add(books.customers().sum(key, 1)),
            "delivered",
            delivered.getOrDefault(key, BigDecimal.ZERO));
      }
    }
  };

  private final String title;

  Condition(String title) {
    this.title = title;
  }

  abstract void examine(Books books, Scale scale, Evidence evidence);

  /** Such as "3.3.2.7". */
  String clause() {
    return "3.3.2." + (ordinal() + 1);
  }

  String title() {
    return title;
  }

  static List<Condition> all() {
    return List.of(values());
  }

  private static Map<Key, BigDecimal> deliveredByCustomer(Books books) {
    Map<Key, BigDecimal> sums = new TreeMap<>();
    Set<Key> orders = books.orders().keys();
    for (Key key : orders) {
      Key customer =
          new Key(key.warehouse(), key.district(), books.orders().value(key, 0).intValue());
      sums.merge(customer, books.lines().sum(key, 3), BigDecimal::add);
    }
    return sums;
  }

  private static BigDecimal highest(TreeSet<Integer> numbers) {
    return numbers == null ? null : BigDecimal.valueOf(numbers.last());
  }

  private static int size(TreeSet<Integer> numbers) {
    return numbers == null ? 0 : numbers.size();
  }
}
