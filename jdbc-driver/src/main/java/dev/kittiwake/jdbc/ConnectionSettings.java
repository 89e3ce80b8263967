package dev.kittiwake.jdbc;

import dev.kittiwake.sql.Isolation;
import dev.kittiwake.sql.SessionOptions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * The options of one connection, checked.
 *
 * @param url as {@code DatabaseMetaData.getURL} shows it: without a password
 * @param ignored keys of {@code Properties} that mean nothing to us; they become warnings, because
 *     tools pass properties of their own
 */
record ConnectionSettings(
    String url,
    Target target,
    List<String> ignored,
    SessionOptions session,
    Map<ConnectionOption, String> values) {

  /** A parameter of the URL wins over a property of the same name. */
  static ConnectionSettings of(String url, Properties properties) throws SQLException {
    KittiwakeUrl parsed = KittiwakeUrl.parse(url);
    Map<ConnectionOption, String> values = new EnumMap<>(ConnectionOption.class);
    List<String> ignored = new ArrayList<>();
    for (String key : properties.stringPropertyNames().stream().sorted().toList()) {
      ConnectionOption option = ConnectionOption.named(key);
      if (option == null) {
        ignored.add(key);
      } else {
        values.put(option, properties.getProperty(key));
      }
    }
    values.putAll(parsed.parameters());
    for (ConnectionOption option : ConnectionOption.values()) {
      values.putIfAbsent(option, option.byDefault());
      check(option, values.get(option));
    }
    ConnectionSettings settings =
        new ConnectionSettings(
            KittiwakeUrl.withoutPassword(url), parsed.target(), ignored, session(values), values);
    settings.checkNumbers();
    return settings;
  }

  private static void check(ConnectionOption option, String value) throws SQLException {
    if (!option.choices().isEmpty() && !option.choices().contains(value)) {
      throw SQLExceptions.wrongUrl(
          "parameter "
              + option.key()
              + "="
              + value
              + " must be one of "
              + String.join(", ", option.choices()));
    }
  }

  private static SessionOptions session(Map<ConnectionOption, String> values) throws SQLException {
    return new SessionOptions(
        values.get(ConnectionOption.SCHEMA),
        values.get(ConnectionOption.ISOLATION).equals("read-committed")
            ? Isolation.READ_COMMITTED
            : Isolation.REPEATABLE_READ,
        true,
        values.get(ConnectionOption.READ_ONLY).equals("true"),
        values.get(ConnectionOption.SERIALIZABLE_AS_SNAPSHOT).equals("true"),
        number(values, ConnectionOption.LOCK_WAIT_MILLIS, 0, Long.MAX_VALUE));
  }

  private static long number(
      Map<ConnectionOption, String> values, ConnectionOption option, long least, long most)
      throws SQLException {
    String text = values.get(option);
    try {
      long number = Long.parseLong(text.trim());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // the same answer as for a number out of range
    }
    throw SQLExceptions.wrongUrl(
        "parameter "
            + option.key()
            + "="
            + text
            + " must be a whole number "
            + (most == Long.MAX_VALUE
                ? "of at least " + least
                : "between " + least + " and " + most));
  }

  private void checkNumbers() throws SQLException {
    stores();
    connectTimeoutMillis();
    networkTimeoutMillis();
    queryTimeoutSeconds();
    fetchSize();
    statementCacheSize();
    bufferRows();
  }

  private int integer(ConnectionOption option, int least) throws SQLException {
    return (int) number(values, option, least, Integer.MAX_VALUE);
  }

  String user() {
    return values.get(ConnectionOption.USER);
  }

  /** Empty if the product's own name shall be shown. */
  String productName() {
    return values.get(ConnectionOption.COMPATIBILITY_PRODUCT_NAME);
  }

  boolean keep() {
    return values.get(ConnectionOption.KEEP).equals("true");
  }

  int stores() throws SQLException {
    return (int) number(values, ConnectionOption.STORES, 1, 16);
  }

  int connectTimeoutMillis() throws SQLException {
    return integer(ConnectionOption.CONNECT_TIMEOUT_MILLIS, 1);
  }

  int networkTimeoutMillis() throws SQLException {
    return integer(ConnectionOption.NETWORK_TIMEOUT_MILLIS, 0);
  }

  int queryTimeoutSeconds() throws SQLException {
    return integer(ConnectionOption.QUERY_TIMEOUT_SECONDS, 0);
  }

  int fetchSize() throws SQLException {
    return integer(ConnectionOption.FETCH_SIZE, 0);
  }

  int statementCacheSize() throws SQLException {
    return integer(ConnectionOption.STATEMENT_CACHE_SIZE, 0);
  }

  int bufferRows() throws SQLException {
    return integer(ConnectionOption.BUFFER_ROWS, 1);
  }
}
