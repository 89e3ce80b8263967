package dev.kittiwake.tpcc;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The New-Order transaction (clause 2.4): enters an order of five to fifteen lines. The lines are
 * sorted by stock key, as the order of work is free: so two orders seldom wait for each other's
 * stock. The items of all lines are read by one statement, and the stock of all lines of a
 * warehouse by one: a round trip to a server costs more than the row. The district, which every
 * tenth order wants, is locked after them, for the shortest time.
 */
record NewOrder(int warehouse, int district, int customer, List<Line> lines) implements Profile {
  static final String CUSTOMER =
      "SELECT c_discount, c_last, c_credit FROM customer WHERE c_w_id = ? AND c_d_id = ? AND c_id = ?";
  static final String WAREHOUSE = "SELECT w_tax FROM warehouse WHERE w_id = ?";
  static final String DISTRICT =
      "SELECT d_next_o_id, d_tax FROM district WHERE d_w_id = ? AND d_id = ? FOR UPDATE";
  static final String NEXT_ORDER =
      "UPDATE district SET d_next_o_id = ? WHERE d_w_id = ? AND d_id = ?";
  static final String INSERT_ORDER =
      "INSERT INTO orders (o_w_id, o_d_id, o_id, o_c_id, o_entry_d, o_ol_cnt, o_all_local) VALUES (?, ?, ?, ?, ?, ?, ?)";
  static final String INSERT_NEW_ORDER =
      "INSERT INTO new_order (no_w_id, no_d_id, no_o_id) VALUES (?, ?, ?)";
  private static final int MOST_LINES = 15;
  static final String ITEMS =
      "SELECT i_id, i_price, i_name, i_data FROM item WHERE i_id IN (" + marks() + ")";

  /** One text for each district, because the column read depends on it. */
  static final List<String> STOCK = stockStatements();

  static final String UPDATE_STOCK =
      "UPDATE stock SET s_quantity = ?, s_ytd = s_ytd + ?, s_order_cnt = s_order_cnt + 1,"
          + " s_remote_cnt = s_remote_cnt + ? WHERE s_w_id = ? AND s_i_id = ?";
  static final String INSERT_LINE =
      "INSERT INTO order_line (ol_w_id, ol_d_id, ol_o_id, ol_number, ol_i_id, ol_supply_w_id, ol_quantity, ol_amount,"
          + " ol_dist_info) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";

  /** One wanted item; an item number above the catalogue's last one does not exist. */
  record Line(int item, int supplier, int quantity) {}

  NewOrder {
    lines = List.copyOf(lines);
  }

  /** Clause 2.4.1: input data. */
  static NewOrder draw(Seat seat, TpccRandom random, Scale scale) {
    int count = random.uniform(5, MOST_LINES);
    boolean wrong = random.chance(1);
    List<Line> lines = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int supplier = random.chance(1) ? seat.otherWarehouse(random) : seat.warehouse();
      lines.add(new Line(random.item(), supplier, random.uniform(1, 10)));
    }
    lines.sort(Comparator.comparingInt(Line::supplier).thenComparingInt(Line::item));
    if (wrong) { // clause 2.4.1.5: the last line asks for an item that does not exist
      Line last = lines.remove(count - 1);
      lines.add(new Line(scale.items() + 1, last.supplier(), last.quantity()));
    }
    return new NewOrder(
        seat.warehouse(), random.uniform(1, Scale.DISTRICTS), random.customer(), lines);
  }

  @Override
  public TransactionType type() {
    return TransactionType.NEW_ORDER;
  }

  /** Clause 2.4.2.2. */
  @Override
  public Outcome execute(Session session, Timestamp now) throws SQLException {
    session.show(CUSTOMER, warehouse, district, customer);
    session.show(WAREHOUSE, warehouse);
    Map<Integer, BigDecimal> prices = prices(session);
    Map<StockKey, Stock> stock = stock(session);
    if (lines.stream().anyMatch(line -> !prices.containsKey(line.item()))) {
      return new Outcome.RolledBack(); // clause 2.4.2.3
    }
    int order;
    try (ResultSet row = session.query(DISTRICT, warehouse, district)) {
      require(row, DISTRICT);
      order = row.getInt(1);
    }
    session.updateOne(NEXT_ORDER, order + 1, warehouse, district);
    session.updateOne(
        INSERT_ORDER, warehouse, district, order, customer, now, lines.size(), allLocal() ? 1 : 0);
    session.updateOne(INSERT_NEW_ORDER, warehouse, district, order);
    Basket basket = new Basket(order);
    for (Line line : lines) {
      basket.add(line, prices.get(line.item()), stock);
    }
    session.batch(UPDATE_STOCK, basket.stockRows);
    session.batch(INSERT_LINE, basket.lineRows);
    return new Outcome.Ordered(
        new Ledger.Order(warehouse, district, order, customer, lines.size(), basket.sum));
  }

  private boolean allLocal() {
    return lines.stream().allMatch(line -> line.supplier() == warehouse);
  }

  private static void require(ResultSet row, String sql) throws SQLException {
    if (!row.next()) {
      throw new Session.UnexpectedRows(sql, 0);
    }
  }

  private Map<Integer, BigDecimal> prices(Session session) throws SQLException {
    Map<Integer, BigDecimal> prices = new LinkedHashMap<>();
    Object[] items = new Object[MOST_LINES];
    fill(items, 0, lines);
    try (ResultSet rows = session.query(ITEMS, items)) {
      while (rows.next()) {
        prices.put(rows.getInt(1), rows.getBigDecimal(2));
      }
    }
    return prices;
  }

  /** Locks the stock of all lines whose item exists, and reads it. */
  private Map<StockKey, Stock> stock(Session session) throws SQLException {
    Map<Integer, List<Line>> bySupplier = new TreeMap<>();
    for (Line line : lines) {
      bySupplier.computeIfAbsent(line.supplier(), none -> new ArrayList<>()).add(line);
    }
    Map<StockKey, Stock> stock = new LinkedHashMap<>();
    for (Map.Entry<Integer, List<Line>> group : bySupplier.entrySet()) {
      Object[] key = new Object[1 + MOST_LINES];
      key[0] = group.getKey();
      fill(key, 1, group.getValue());
      try (ResultSet rows = session.query(STOCK.get(district - 1), key)) {
        while (rows.next()) {
          stock.put(
              new StockKey(group.getKey(), rows.getInt(1)),
              new Stock(rows.getInt(2), rows.getString(4)));
        }
      }
    }
    return stock;
  }

  /** The items of {@code some}; the last again and again, so that one text does for any number. */
  private static void fill(Object[] values, int from, List<Line> some) {
    for (int i = from; i < values.length; i++) {
      values[i] = some.get(Math.min(i - from, some.size() - 1)).item();
    }
  }

  private static String marks() {
    return String.join(", ", Collections.nCopies(MOST_LINES, "?"));
  }

  private static List<String> stockStatements() {
    List<String> statements = new ArrayList<>();
    for (int district = 1; district <= Scale.DISTRICTS; district++) {
      statements.add(
          "SELECT s_i_id, s_quantity, s_data, s_dist_"
              + (district < 10 ? "0" + district : district)
              + " FROM stock WHERE s_w_id = ? AND s_i_id IN ("
              + marks()
              + ") FOR UPDATE");
    }
    return List.copyOf(statements);
  }

  private record StockKey(int supplier, int item) {}

  private record Stock(int quantity, String districtText) {}

  /** The lines worked so far, and the rows to write for them. */
  private final class Basket {
    private final int order;
    private final List<Object[]> stockRows = new ArrayList<>();
    private final List<Object[]> lineRows = new ArrayList<>();
    private BigDecimal sum = BigDecimal.ZERO;

    Basket(int order) {
      this.order = order;
    }

    /**
     * @param stock as it is after the lines before, and after this one when it returns: an order
     *     may ask for an item twice
     */
    void add(Line line, BigDecimal price, Map<StockKey, Stock> stock) throws SQLException {
      StockKey key = new StockKey(line.supplier(), line.item());
      Stock found = stock.get(key);
      if (found == null) {
        throw new Session.UnexpectedRows(STOCK.get(district - 1), 0);
      }
      int left = found.quantity() - line.quantity();
      left = left >= 10 ? left : left + 91;
      stock.put(key, new Stock(left, found.districtText()));
      BigDecimal amount = price.multiply(BigDecimal.valueOf(line.quantity()));
      sum = sum.add(amount);
      stockRows.add(
          new Object[] {
            left,
            line.quantity(),
            line.supplier() == warehouse ? 0 : 1,
            line.supplier(),
            line.item()
          });
      lineRows.add(
          new Object[] {
            warehouse,
            district,
            order,
            lineRows.size() + 1,
            line.item(),
            line.supplier(),
            line.quantity(),
            amount,
            found.districtText()
          });
    }
  }
}
