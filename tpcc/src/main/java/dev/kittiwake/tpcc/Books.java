package dev.kittiwake.tpcc;

import java.sql.SQLException;

/**
 * All that the twelve conditions compare, for a range of warehouses: each table is read once, the
 * large ones already aggregated by the database along their primary keys. Column numbers beside
 * each fact count from 0 after the key.
 *
 * @param warehouses by warehouse: 0 w_ytd
 * @param districts by district: 0 d_ytd, 1 d_next_o_id
 * @param customers by customer: 0 c_balance, 1 c_ytd_payment, 2 c_delivery_cnt
 * @param orders by order: 0 o_c_id, 1 o_ol_cnt, 2 o_carrier_id
 * @param newOrders by order, without values
 * @param lines by order: 0 lines, 1 delivered lines, 2 amount, 3 delivered amount
 * @param paymentsByDistrict by district that took the payment: 0 amount
 * @param paymentsByCustomer by customer who paid: 0 amount
 */
record Books(
    Facts warehouses,
    Facts districts,
    Facts customers,
    Facts orders,
    Facts newOrders,
    Facts lines,
    Facts paymentsByDistrict,
    Facts paymentsByCustomer) {

  static final String ALL_WAREHOUSES = "SELECT w_id FROM warehouse ORDER BY w_id";
  static final String WAREHOUSES = "SELECT w_id, w_ytd FROM warehouse WHERE w_id BETWEEN ? AND ?";
  static final String DISTRICTS =
      "SELECT d_w_id, d_id, d_ytd, d_next_o_id FROM district WHERE d_w_id BETWEEN ? AND ?";
  static final String CUSTOMERS =
      "SELECT c_w_id, c_d_id, c_id, c_balance, c_ytd_payment, c_delivery_cnt FROM customer"
          + " WHERE c_w_id BETWEEN ? AND ?";
  static final String ORDERS =
      "SELECT o_w_id, o_d_id, o_id, o_c_id, o_ol_cnt, o_carrier_id FROM orders WHERE o_w_id BETWEEN ? AND ?";
  static final String NEW_ORDERS =
      "SELECT no_w_id, no_d_id, no_o_id FROM new_order WHERE no_w_id BETWEEN ? AND ?";
  static final String LINES =
      "SELECT ol_w_id, ol_d_id, ol_o_id, COUNT(*), COUNT(ol_delivery_d), SUM(ol_amount),"
          + " SUM(CASE WHEN ol_delivery_d IS NULL THEN 0 ELSE ol_amount END) FROM order_line"
          + " WHERE ol_w_id BETWEEN ? AND ? GROUP BY ol_w_id, ol_d_id, ol_o_id";
  static final String PAYMENTS_BY_DISTRICT =
      "SELECT h_w_id, h_d_id, SUM(h_amount) FROM history WHERE h_w_id BETWEEN ? AND ? GROUP BY h_w_id, h_d_id";
  static final String PAYMENTS_BY_CUSTOMER =
      "SELECT h_c_w_id, h_c_d_id, h_c_id, SUM(h_amount) FROM history WHERE h_c_w_id BETWEEN ? AND ?"
          + " GROUP BY h_c_w_id, h_c_d_id, h_c_id";

  /**
   * Reads the books of warehouses {@code low} to {@code high}, both included, in the session's open
   * transaction.
   */
  static Books read(Session session, int low, int high) throws SQLException {
    return new Books(
        Facts.read(session, 1, WAREHOUSES, low, high),
        Facts.read(session, 2, DISTRICTS, low, high),
        Facts.read(session, 3, CUSTOMERS, low, high),
        Facts.read(session, 3, ORDERS, low, high),
        Facts.read(session, 3, NEW_ORDERS, low, high),
        Facts.read(session, 3, LINES, low, high),
        Facts.read(session, 2, PAYMENTS_BY_DISTRICT, low, high),
        Facts.read(session, 3, PAYMENTS_BY_CUSTOMER, low, high));
  }
}
