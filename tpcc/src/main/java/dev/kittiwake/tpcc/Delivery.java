package dev.kittiwake.tpcc;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.OptionalInt;

/**
 * The Delivery transaction (clause 2.7): delivers the oldest outstanding order of each of the ten
 * districts, all in one database transaction (clause 2.7.4.1 allows it). Districts are visited in
 * order, so two deliveries cannot deadlock.
 */
record Delivery(int warehouse, int carrier) implements Profile {
  static final String OLDEST =
      "SELECT no_o_id FROM new_order WHERE no_w_id = ? AND no_d_id = ? ORDER BY no_o_id LIMIT 1 FOR UPDATE";
  static final String DELETE_NEW_ORDER =
      "DELETE FROM new_order WHERE no_w_id = ? AND no_d_id = ? AND no_o_id = ?";
  static final String CUSTOMER =
      "SELECT o_c_id FROM orders WHERE o_w_id = ? AND o_d_id = ? AND o_id = ? FOR UPDATE";
  static final String UPDATE_ORDER =
      "UPDATE orders SET o_carrier_id = ? WHERE o_w_id = ? AND o_d_id = ? AND o_id = ?";
  static final String UPDATE_LINES =
      "UPDATE order_line SET ol_delivery_d = ? WHERE ol_w_id = ? AND ol_d_id = ? AND ol_o_id = ?";
  static final String AMOUNT =
      "SELECT SUM(ol_amount) FROM order_line WHERE ol_w_id = ? AND ol_d_id = ? AND ol_o_id = ?";
  static final String UPDATE_CUSTOMER =
      "UPDATE customer SET c_balance = c_balance + ?, c_delivery_cnt = c_delivery_cnt + 1"
          + " WHERE c_w_id = ? AND c_d_id = ? AND c_id = ?";

  /**
   * How often another terminal may snatch the oldest order before this one calls the district
   * empty.
   */
  private static final int LOOKS = 3;

  /** Clause 2.7.1: input data. */
  static Delivery draw(Seat seat, TpccRandom random) {
    return new Delivery(seat.warehouse(), random.uniform(1, 10));
  }

  @Override
  public TransactionType type() {
    return TransactionType.DELIVERY;
  }

  /** Clause 2.7.4.2. */
  @Override
  public Outcome execute(Session session, Timestamp now) throws SQLException {
    int skipped = 0;
    for (int district = 1; district <= Scale.DISTRICTS; district++) {
      OptionalInt order = takeOldest(session, district);
      if (order.isPresent()) {
        deliver(session, district, order.getAsInt(), now);
      } else {
        skipped++;
      }
    }
    return new Outcome.Done(skipped);
  }

  /**
   * Removes the oldest outstanding order. Under read committed another delivery may take it while
   * this one waits for its lock: then the query finds nothing, or the row is gone when it is to be
   * deleted, and a second look finds the next.
   */
  private OptionalInt takeOldest(Session session, int district) throws SQLException {
    for (int look = 0; look < LOOKS; look++) {
      int order;
      try (ResultSet row = session.query(OLDEST, warehouse, district)) {
        if (!row.next()) {
          continue;
        }
        order = row.getInt(1);
      }
      if (session.update(DELETE_NEW_ORDER, warehouse, district, order) == 1) {
        return OptionalInt.of(order);
      }
    }
    return OptionalInt.empty();
  }

  private void deliver(Session session, int district, int order, Timestamp now)
      throws SQLException {
    int customer;
    try (ResultSet row = session.query(CUSTOMER, warehouse, district, order)) {
      if (!row.next()) {
        throw new Session.UnexpectedRows(CUSTOMER, 0);
      }
      customer = row.getInt(1);
    }
    session.updateOne(UPDATE_ORDER, carrier, warehouse, district, order);
    int lines = session.update(UPDATE_LINES, now, warehouse, district, order);
    if (lines < 5 || lines > 15) {
      throw new Session.UnexpectedRows(UPDATE_LINES, lines);
    }
    BigDecimal amount;
    try (ResultSet row = session.query(AMOUNT, warehouse, district, order)) {
      row.next();
      amount = row.getBigDecimal(1);
    }
    session.updateOne(UPDATE_CUSTOMER, amount, warehouse, district, customer);
  }
}
