package dev.kittiwake.tpcc;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;

/**
 * The Payment transaction (clause 2.5). The order of work is free, so the two rows that everybody
 * wants, district and warehouse, are changed last and are locked for the shortest time.
 */
record Payment(
    int warehouse,
    int district,
    int customerWarehouse,
    int customerDistrict,
    CustomerChoice choice,
    BigDecimal amount)
    implements Profile {
  static final String WAREHOUSE =
      "SELECT w_name, w_street_1, w_street_2, w_city, w_state, w_zip FROM warehouse WHERE w_id = ?";
  static final String DISTRICT =
      "SELECT d_name, d_street_1, d_street_2, d_city, d_state, d_zip FROM district WHERE d_w_id = ? AND d_id = ?";
  static final String CUSTOMER =
      "SELECT c_first, c_middle, c_last, c_street_1, c_street_2, c_city, c_state, c_zip, c_phone, c_since, c_credit,"
          + " c_credit_lim, c_discount, c_balance, c_ytd_payment, c_payment_cnt FROM customer"
          + " WHERE c_w_id = ? AND c_d_id = ? AND c_id = ? FOR UPDATE";
  static final String CUSTOMER_TEXT =
      "SELECT c_data FROM customer WHERE c_w_id = ? AND c_d_id = ? AND c_id = ?";
  static final String UPDATE_CUSTOMER =
      "UPDATE customer SET c_balance = ?, c_ytd_payment = ?, c_payment_cnt = ?"
          + " WHERE c_w_id = ? AND c_d_id = ? AND c_id = ?";
  static final String UPDATE_BAD_CUSTOMER =
      "UPDATE customer SET c_balance = ?, c_ytd_payment = ?, c_payment_cnt = ?, c_data = ?"
          + " WHERE c_w_id = ? AND c_d_id = ? AND c_id = ?";
  static final String INSERT_HISTORY =
      "INSERT INTO history (h_c_id, h_c_d_id, h_c_w_id, h_d_id, h_w_id, h_date, h_amount, h_data)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
  static final String UPDATE_DISTRICT =
      "UPDATE district SET d_ytd = d_ytd + ? WHERE d_w_id = ? AND d_id = ?";
  static final String UPDATE_WAREHOUSE = "UPDATE warehouse SET w_ytd = w_ytd + ? WHERE w_id = ?";

  /** Clause 2.5.1: input data; 15 % of the customers live in another warehouse's area. */
  static Payment draw(Seat seat, TpccRandom random) {
    int district = random.uniform(1, Scale.DISTRICTS);
    boolean remote = seat.warehouses() > 1 && random.chance(15);
    return new Payment(
        seat.warehouse(),
        district,
        remote ? seat.otherWarehouse(random) : seat.warehouse(),
        remote ? random.uniform(1, Scale.DISTRICTS) : district,
        CustomerChoice.draw(random),
        random.decimal(100, 500_000, 2));
  }

  @Override
  public TransactionType type() {
    return TransactionType.PAYMENT;
  }

  /** Clause 2.5.2.2. */
  @Override
  public Outcome execute(Session session, Timestamp now) throws SQLException {
    int customer = choice.find(session, customerWarehouse, customerDistrict);
    payBy(session, customer);
    String place =
        name(session, WAREHOUSE, warehouse) + "    " + name(session, DISTRICT, warehouse, district);
    session.updateOne(
        INSERT_HISTORY,
        customer,
        customerDistrict,
        customerWarehouse,
        district,
        warehouse,
        now,
        amount,
        place);
    session.updateOne(UPDATE_DISTRICT, amount, warehouse, district);
    session.updateOne(UPDATE_WAREHOUSE, amount, warehouse);
    return new Outcome.Done(0);
  }

  private void payBy(Session session, int customer) throws SQLException {
    BigDecimal balance;
    BigDecimal paid;
    int payments;
    boolean badCredit;
    try (ResultSet row = session.query(CUSTOMER, customerWarehouse, customerDistrict, customer)) {
      if (!row.next()) {
        throw new Session.UnexpectedRows(CUSTOMER, 0);
      }
      badCredit = "BC".equals(row.getString(11));
      balance = row.getBigDecimal(14).subtract(amount);
      paid = row.getBigDecimal(15).add(amount);
      payments = row.getInt(16) + 1;
    }
    if (!badCredit) {
      session.updateOne(
          UPDATE_CUSTOMER, balance, paid, payments, customerWarehouse, customerDistrict, customer);
      return;
    }
    String text = name(session, CUSTOMER_TEXT, customerWarehouse, customerDistrict, customer);
    session.updateOne(
        UPDATE_BAD_CUSTOMER,
        balance,
        paid,
        payments,
        noted(customer, text),
        customerWarehouse,
        customerDistrict,
        customer);
  }

  /**
   * Clause 2.5.2.2: the payment is noted in front of what is known of the customer, 500 characters
   * at most.
   */
  private String noted(int customer, String text) {
    String note =
        "%d %d %d %d %d %s|"
            .formatted(
                customer,
                customerDistrict,
                customerWarehouse,
                district,
                warehouse,
                amount.toPlainString());
    String all = note + text;
    return all.substring(0, Math.min(500, all.length()));
  }

  private static String name(Session session, String sql, Object... key) throws SQLException {
    try (ResultSet row = session.query(sql, key)) {
      if (!row.next()) {
        throw new Session.UnexpectedRows(sql, 0);
      }
      return row.getString(1);
    }
  }
}
