package dev.kittiwake.sql;

import java.math.BigDecimal;
import java.util.Locale;

/** What SET changes in a session. One thread. */
final class SessionSettings {
  static final String NAMES =
      "transaction_isolation, transaction_read_only, autocommit, schema, lock_wait_timeout,"
          + " statement_timeout, serializable_as_snapshot, batch_insert_check";

  private Isolation isolation;
  private boolean readOnly;
  private String schema;
  private boolean serializableAsSnapshot;
  private long lockWaitMillis;
  private long statementTimeoutMillis; // 0 = none
  private boolean deferBatchInserts = true;

  SessionSettings(SessionOptions options) {
    this.serializableAsSnapshot = options.serializableAsSnapshot();
    this.readOnly = options.readOnly();
    this.schema = options.schema();
    this.lockWaitMillis = options.lockWaitMillis();
    setIsolation(options.isolation());
  }

  Isolation isolation() {
    return isolation;
  }

  /**
   * @throws SqlError 0A000 for SERIALIZABLE unless the session takes snapshot isolation for it
   */
  void setIsolation(Isolation wanted) {
    if (wanted == Isolation.SERIALIZABLE && !serializableAsSnapshot) {
      throw SqlError.of(
          SqlStates.NOT_SUPPORTED,
          "isolation SERIALIZABLE is not offered; use REPEATABLE READ (snapshot isolation), or SET"
              + " serializable_as_snapshot = TRUE to take that for it");
    }
    isolation = wanted;
  }

  boolean readOnly() {
    return readOnly;
  }

  void setReadOnly(boolean only) {
    readOnly = only;
  }

  String schema() {
    return schema;
  }

  void setSchema(String name) {
    schema = name;
  }

  long lockWaitMillis() {
    return lockWaitMillis;
  }

  long statementTimeoutMillis() {
    return statementTimeoutMillis;
  }

  /** Whether the keys of a batch of INSERTs are first checked at commit, without locks. */
  boolean deferBatchInserts() {
    return deferBatchInserts;
  }

  /** The name of a setting without quotes, with underscores. */
  static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replace('.', '_').strip();
  }

  /**
   * Sets what needs nothing but this session; {@code transaction_isolation} and others are the
   * session's.
   *
   * @throws SqlError 42704 unknown name; 22023 bad value
   */
  void set(String name, Object value) {
    switch (name) {
      case "lock_wait_timeout" -> lockWaitMillis = millis(name, value);
      case "statement_timeout" -> statementTimeoutMillis = millis(name, value);
      case "serializable_as_snapshot" -> serializableAsSnapshot = truth(name, value);
      case "batch_insert_check" -> deferBatchInserts = deferred(value);
      default ->
          throw SqlError.of("42704", "there is no setting " + name + "; there are: " + NAMES);
    }
  }

  private static boolean deferred(Object value) {
    return switch (String.valueOf(value).toLowerCase(Locale.ROOT)) {
      case "deferred" -> true;
      case "immediate" -> false;
      default -> throw bad("batch_insert_check", value, "'deferred' or 'immediate'");
    };
  }

  private static long millis(String name, Object value) {
    if (value instanceof BigDecimal number && number.signum() >= 0 && number.precision() <= 15) {
      return number.longValue();
    }
    throw bad(name, value, "a number of milliseconds");
  }

  static boolean truth(String name, Object value) {
    if (value instanceof Boolean truth) {
      return truth;
    }
    return switch (String.valueOf(value).toLowerCase(Locale.ROOT)) {
      case "true", "on", "1" -> true;
      case "false", "off", "0" -> false;
      default -> throw bad(name, value, "TRUE or FALSE");
    };
  }

  static Isolation isolation(Object value) {
    String text =
        String.valueOf(value).toUpperCase(Locale.ROOT).replace('-', ' ').replace('_', ' ').strip();
    return switch (text) {
      case "READ COMMITTED", "READ UNCOMMITTED" -> Isolation.READ_COMMITTED;
      case "REPEATABLE READ", "SNAPSHOT" -> Isolation.REPEATABLE_READ;
      case "SERIALIZABLE" -> Isolation.SERIALIZABLE;
      default ->
          throw bad(
              "transaction_isolation", value, "READ COMMITTED, REPEATABLE READ or SERIALIZABLE");
    };
  }

  private static SqlError bad(String name, Object value, String wanted) {
    return SqlError.of(
        SqlStates.INVALID_PARAMETER, name + " must be " + wanted + ", not '" + value + "'");
  }
}
