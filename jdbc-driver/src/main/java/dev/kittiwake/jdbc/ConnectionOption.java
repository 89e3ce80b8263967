package dev.kittiwake.jdbc;

import java.util.ArrayList;
import java.util.List;

/** Every parameter that a URL, {@code Properties} or a data source may carry. */
enum ConnectionOption {
  USER("user", "", "name reported by getUserName; there are no accounts yet"),
  PASSWORD("password", "", "accepted for tools that always send one; not checked"),
  SCHEMA("schema", "public", "schema of unqualified names"),
  ISOLATION(
      "isolation",
      "repeatable-read",
      "isolation of transactions",
      "repeatable-read",
      "read-committed"),
  READ_ONLY("readOnly", "false", "refuse writes with SQLState 25006", "false", "true"),
  SERIALIZABLE_AS_SNAPSHOT(
      "serializableAsSnapshot",
      "false",
      "accept SERIALIZABLE and run it as snapshot isolation",
      "false",
      "true"),
  LOCK_WAIT_MILLIS("lockWaitMillis", "10000", "longest wait for a row lock, then SQLState 55P03"),
  CONNECT_TIMEOUT_MILLIS("connectTimeoutMillis", "10000", "longest wait for a server to answer"),
  NETWORK_TIMEOUT_MILLIS("networkTimeoutMillis", "0", "as setNetworkTimeout; 0 = no limit"),
  QUERY_TIMEOUT_SECONDS("queryTimeoutSeconds", "0", "setQueryTimeout of new statements; 0 = none"),
  FETCH_SIZE("fetchSize", "0", "setFetchSize of new statements; 0 = chosen by the session"),
  STATEMENT_CACHE_SIZE("statementCacheSize", "256", "closed prepared statements kept, by SQL text"),
  BUFFER_ROWS(
      "bufferRows",
      "100000",
      "most rows kept in memory for a scrollable result set, or for one that is still open when"
          + " the connection runs another statement"),
  COMPATIBILITY_PRODUCT_NAME(
      "compatibilityProductName",
      "",
      "what getDatabaseProductName answers, for tools that know a fixed list only"),
  KEEP("keep", "false", "keep the database open after the last connection", "false", "true"),
  STORES("stores", "1", "stores of a cluster in this JVM (mem and file)");

  private final String key;
  private final String byDefault;
  private final String meaning;
  private final List<String> choices;

  ConnectionOption(String key, String byDefault, String meaning, String... choices) {
    this.key = key;
    this.byDefault = byDefault;
    this.meaning = meaning;
    this.choices = List.of(choices);
  }

  /** The option called {@code key}, or null. Case matters not. */
  static ConnectionOption named(String key) {
    for (ConnectionOption option : values()) {
      if (option.key.equalsIgnoreCase(key)) {
        return option;
      }
    }
    return null;
  }

  /** For error messages: every key in order. */
  static String known() {
    List<String> keys = new ArrayList<>();
    for (ConnectionOption option : values()) {
      keys.add(option.key);
    }
    return String.join(", ", keys);
  }

  String key() {
    return key;
  }

  String byDefault() {
    return byDefault;
  }

  String meaning() {
    return meaning;
  }

  /** The values that may be given; empty = any. */
  List<String> choices() {
    return choices;
  }
}
