package dev.kittiwake.tpcc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;

/** The Order-Status transaction (clause 2.6): a customer's last order and its lines; reads only. */
record OrderStatus(int warehouse, int district, CustomerChoice choice) implements Profile {
  static final String CUSTOMER =
      "SELECT c_first, c_middle, c_last, c_balance FROM customer WHERE c_w_id = ? AND c_d_id = ? AND c_id = ?";
  static final String LAST_ORDER =
      "SELECT o_id, o_entry_d, o_carrier_id FROM orders WHERE o_w_id = ? AND o_d_id = ? AND o_c_id = ?"
          + " ORDER BY o_id DESC LIMIT 1";
  static final String LINES =
      "SELECT ol_i_id, ol_supply_w_id, ol_quantity, ol_amount, ol_delivery_d FROM order_line"
          + " WHERE ol_w_id = ? AND ol_d_id = ? AND ol_o_id = ?";

  /** Clause 2.6.1: input data. */
  static OrderStatus draw(Seat seat, TpccRandom random) {
    return new OrderStatus(
        seat.warehouse(), random.uniform(1, Scale.DISTRICTS), CustomerChoice.draw(random));
  }

  @Override
  public TransactionType type() {
    return TransactionType.ORDER_STATUS;
  }

  /** Clause 2.6.2.2. */
  @Override
  public Outcome execute(Session session, Timestamp now) throws SQLException {
    int customer = choice.find(session, warehouse, district);
    session.show(CUSTOMER, warehouse, district, customer);
    int order;
    try (ResultSet row = session.query(LAST_ORDER, warehouse, district, customer)) {
      if (!row.next()) { // every customer has an order from the beginning, and none is ever removed
        throw new Session.UnexpectedRows(LAST_ORDER, 0);
      }
      order = row.getInt(1);
    }
    int lines = 0;
    try (ResultSet rows = session.query(LINES, warehouse, district, order)) {
      while (rows.next()) {
        lines++;
      }
    }
    if (lines < 5 || lines > 15) {
      throw new Session.UnexpectedRows(LINES, lines);
    }
    return new Outcome.Done(0);
  }
}
