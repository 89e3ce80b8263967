package dev.kittiwake.tpcc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;

/** The Stock-Level transaction (clause 2.8): how many recently sold items run low; reads only. */
record StockLevel(int warehouse, int district, int threshold) implements Profile {
  static final String NEXT_ORDER = "SELECT d_next_o_id FROM district WHERE d_w_id = ? AND d_id = ?";
  static final String LOW_STOCK =
      "SELECT COUNT(DISTINCT s_i_id) FROM order_line JOIN stock ON s_i_id = ol_i_id"
          + " WHERE ol_w_id = ? AND ol_d_id = ? AND ol_o_id >= ? AND ol_o_id < ? AND s_w_id = ? AND s_quantity < ?";

  /** Clause 2.8.1: input data. */
  static StockLevel draw(Seat seat, TpccRandom random) {
    return new StockLevel(seat.warehouse(), seat.district(), random.uniform(10, 20));
  }

  @Override
  public TransactionType type() {
    return TransactionType.STOCK_LEVEL;
  }

  /** Clause 2.8.2.2: the last twenty orders of the terminal's district. */
  @Override
  public Outcome execute(Session session, Timestamp now) throws SQLException {
    int next;
    try (ResultSet row = session.query(NEXT_ORDER, warehouse, district)) {
      if (!row.next()) {
        throw new Session.UnexpectedRows(NEXT_ORDER, 0);
      }
      next = row.getInt(1);
    }
    session.show(LOW_STOCK, warehouse, district, next - 20, next, warehouse, threshold);
    return new Outcome.Done(0);
  }
}
