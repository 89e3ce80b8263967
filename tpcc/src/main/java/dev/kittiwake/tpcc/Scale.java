package dev.kittiwake.tpcc;

/**
 * How large one warehouse is. Only {@link #FULL} is TPC-C (clause 1.2); smaller ones are for tests.
 *
 * @param items rows of ITEM, and of STOCK for each warehouse
 * @param customers customers of a district, which is also the number of orders a district starts
 *     with
 */
public record Scale(int items, int customers) {
  /** Clause 1.2.1: districts of a warehouse, at every scale. */
  public static final int DISTRICTS = 10;

  /** Clause 4.3.3.1: 100,000 items, 3,000 customers and orders for each district. */
  public static final Scale FULL = new Scale(100_000, 3_000);

  public Scale {
    if (items < 20) {
      throw new IllegalArgumentException("items must be at least 20, not " + items);
    }
    if (customers < 10 || customers % 10 != 0) {
      throw new IllegalArgumentException("customers must be a multiple of ten, not " + customers);
    }
  }

  /** Orders of a district that are delivered from the beginning: 2,100 of 3,000. */
  int deliveredOrders() {
    return customers / 10 * 7;
  }

  /** Different last names in use; every one of them has at least one customer (clause 4.3.3.1). */
  int lastNames() {
    return Math.min(1000, customers);
  }

  /** Rows that a load writes, about: order lines are five to fifteen for each order. */
  long rows(int warehouses) {
    long district = 1 + customers * 2L + customers * 11L + (customers - deliveredOrders());
    return items + warehouses * (1 + items + DISTRICTS * district);
  }
}
