package dev.kittiwake.tpcc;

import java.math.BigDecimal;
import java.sql.JDBCType;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;

/** The rows of the initial population, drawn as clause 4.3.3.1 says. Owned by one thread. */
final class Population {
  static final String INSERT_ITEM = insert("item", "i_id, i_im_id, i_name, i_price, i_data");
  static final String INSERT_WAREHOUSE =
      insert(
          "warehouse",
          "w_id, w_name, w_street_1, w_street_2, w_city, w_state, w_zip, w_tax, w_ytd");
  static final String INSERT_STOCK =
      insert(
          "stock",
          "s_w_id, s_i_id, s_quantity, s_dist_01, s_dist_02, s_dist_03, s_dist_04, s_dist_05, s_dist_06, s_dist_07,"
              + " s_dist_08, s_dist_09, s_dist_10, s_ytd, s_order_cnt, s_remote_cnt, s_data");
  static final String INSERT_DISTRICT =
      insert(
          "district",
          "d_w_id, d_id, d_name, d_street_1, d_street_2, d_city, d_state, d_zip, d_tax, d_ytd, d_next_o_id");
  static final String INSERT_CUSTOMER =
      insert(
          "customer",
          "c_w_id, c_d_id, c_id, c_first, c_middle, c_last, c_street_1, c_street_2, c_city, c_state, c_zip, c_phone,"
              + " c_since, c_credit, c_credit_lim, c_discount, c_balance, c_ytd_payment, c_payment_cnt, c_delivery_cnt,"
              + " c_data");
  static final String INSERT_HISTORY =
      insert("history", "h_c_id, h_c_d_id, h_c_w_id, h_d_id, h_w_id, h_date, h_amount, h_data");
  static final String INSERT_ORDER =
      insert(
          "orders", "o_w_id, o_d_id, o_id, o_c_id, o_entry_d, o_carrier_id, o_ol_cnt, o_all_local");
  static final String INSERT_LINE =
      insert(
          "order_line",
          "ol_w_id, ol_d_id, ol_o_id, ol_number, ol_i_id, ol_supply_w_id, ol_delivery_d, ol_quantity, ol_amount,"
              + " ol_dist_info");
  static final String INSERT_NEW_ORDER = insert("new_order", "no_w_id, no_d_id, no_o_id");

  private static final BigDecimal FIRST_PAYMENT = new BigDecimal("10.00");

  private final TpccRandom random;
  private final Scale scale;
  private final Timestamp now;

  Population(TpccRandom random, Scale scale, Timestamp now) {
    this.random = random;
    this.scale = scale;
    this.now = now;
  }

  Object[] item(int id) {
    return new Object[] {
      id,
      random.uniform(1, 10_000),
      random.text(14, 24),
      random.decimal(100, 10_000, 2),
      random.dataMaybeOriginal()
    };
  }

  Object[] warehouse(int id) {
    List<Object> row = new ArrayList<>(List.of(id, random.text(6, 10)));
    row.addAll(address());
    row.add(random.decimal(0, 2_000, 4));
    row.add(FIRST_PAYMENT.multiply(BigDecimal.valueOf((long) Scale.DISTRICTS * scale.customers())));
    return row.toArray();
  }

  Object[] stock(int warehouse, int item) {
    List<Object> row = new ArrayList<>(List.of(warehouse, item, random.uniform(10, 100)));
    for (int district = 1; district <= Scale.DISTRICTS; district++) {
      row.add(random.text(24, 24));
    }
    row.addAll(List.of(0, 0, 0, random.dataMaybeOriginal()));
    return row.toArray();
  }

  Object[] district(int warehouse, int id) {
    List<Object> row = new ArrayList<>(List.of(warehouse, id, random.text(6, 10)));
    row.addAll(address());
    row.add(random.decimal(0, 2_000, 4));
    row.add(FIRST_PAYMENT.multiply(BigDecimal.valueOf(scale.customers())));
    row.add(scale.customers() + 1);
    return row.toArray();
  }

  /** The first thousand customers have all last names in turn, the others draw theirs. */
  Object[] customer(int warehouse, int district, int id) {
    String last = id <= scale.lastNames() ? TpccRandom.lastName(id - 1) : random.lastName();
    List<Object> row =
        new ArrayList<>(List.of(warehouse, district, id, random.text(8, 16), "OE", last));
    row.addAll(address());
    row.add(random.digits(16));
    row.add(now);
    row.add(random.chance(10) ? "BC" : "GC");
    row.add(new BigDecimal("50000.00"));
    row.add(random.decimal(0, 5_000, 4));
    row.add(FIRST_PAYMENT.negate());
    row.add(FIRST_PAYMENT);
    row.addAll(List.of(1, 0, random.text(300, 500)));
    return row.toArray();
  }

  Object[] history(int warehouse, int district, int customer) {
    return new Object[] {
      customer, district, warehouse, district, warehouse, now, FIRST_PAYMENT, random.text(12, 24)
    };
  }

  /** Customer numbers of a district in random order: each has exactly one order. */
  List<Integer> customersOfOrders() {
    List<Integer> customers = new ArrayList<>(scale.customers());
    for (int id = 1; id <= scale.customers(); id++) {
      customers.add(id);
    }
    random.shuffle(customers);
    return customers;
  }

  Object[] order(int warehouse, int district, int id, int customer, int lines) {
    Object carrier = delivered(id) ? random.uniform(1, 10) : JDBCType.SMALLINT;
    return new Object[] {warehouse, district, id, customer, now, carrier, lines, 1};
  }

  int lineCount() {
    return random.uniform(5, 15);
  }

  Object[] line(int warehouse, int district, int order, int number) {
    boolean delivered = delivered(order);
    return new Object[] {
      warehouse,
      district,
      order,
      number,
      random.uniform(1, scale.items()),
      warehouse,
      delivered ? now : JDBCType.TIMESTAMP,
      5,
      delivered ? new BigDecimal("0.00") : random.decimal(1, 999_999, 2),
      random.text(24, 24)
    };
  }

  /** The last three tenths of the orders wait for their delivery: 2,101 to 3,000. */
  boolean delivered(int order) {
    return order <= scale.deliveredOrders();
  }

  private List<Object> address() {
    return List.of(
        random.text(10, 20),
        random.text(10, 20),
        random.text(10, 20),
        random.text(2, 2),
        random.zip());
  }

  private static String insert(String table, String columns) {
    String marks = "?, ".repeat(columns.split(",").length - 1) + "?";
    return "INSERT INTO " + table + " (" + columns + ") VALUES (" + marks + ")";
  }
}
