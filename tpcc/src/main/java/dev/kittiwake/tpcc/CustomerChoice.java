package dev.kittiwake.tpcc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * How Payment and Order-Status name their customer (clauses 2.5.1.2 and 2.6.1.2): 60 % by last
 * name, 40 % by number.
 */
sealed interface CustomerChoice {
  /** C_ID in the given district. */
  int find(Session session, int warehouse, int district) throws SQLException;

  static CustomerChoice draw(TpccRandom random) {
    return random.chance(60) ? new ByName(random.lastName()) : new ByNumber(random.customer());
  }

  record ByNumber(int customer) implements CustomerChoice {
    @Override
    public int find(Session session, int warehouse, int district) {
      return customer;
    }
  }

  record ByName(String lastName) implements CustomerChoice {
    static final String CUSTOMERS_BY_NAME =
        "SELECT c_id FROM customer WHERE c_w_id = ? AND c_d_id = ? AND c_last = ? ORDER BY c_first";

    /** Clause 2.5.2.2, case 2: of n customers ordered by first name the one at n/2, rounded up. */
    @Override
    public int find(Session session, int warehouse, int district) throws SQLException {
      List<Integer> found = new ArrayList<>();
      try (ResultSet rows = session.query(CUSTOMERS_BY_NAME, warehouse, district, lastName)) {
        while (rows.next()) {
          found.add(rows.getInt(1));
        }
      }
      if (found.isEmpty()) {
        throw new Session.UnexpectedRows(CUSTOMERS_BY_NAME + " (" + lastName + ")", 0);
      }
      return found.get((found.size() - 1) / 2);
    }
  }
}
