package dev.kittiwake.sql;

import java.util.Objects;

/**
 * How a session starts.
 *
 * @param schema schema of unqualified names
 * @param isolation isolation of its transactions
 * @param autoCommit whether each statement is a transaction of its own
 * @param readOnly whether writes are refused with 25006
 * @param serializableAsSnapshot whether SERIALIZABLE may be asked for and then means snapshot
 *     isolation; otherwise it is refused with 0A000
 * @param lockWaitMillis longest wait for a row lock before 55P03
 */
public record SessionOptions(
    String schema,
    Isolation isolation,
    boolean autoCommit,
    boolean readOnly,
    boolean serializableAsSnapshot,
    long lockWaitMillis) {
  /** The schema that exists in every new cluster. */
  public static final String DEFAULT_SCHEMA = "public";

  public static final SessionOptions DEFAULT =
      new SessionOptions(DEFAULT_SCHEMA, Isolation.REPEATABLE_READ, true, false, false, 10_000);

  public SessionOptions {
    Objects.requireNonNull(schema, "schema");
    Objects.requireNonNull(isolation, "isolation");
    if (lockWaitMillis < 0) {
      throw new IllegalArgumentException("lockWaitMillis must not be negative: " + lockWaitMillis);
    }
  }

  public SessionOptions withSchema(String name) {
    return new SessionOptions(
        name, isolation, autoCommit, readOnly, serializableAsSnapshot, lockWaitMillis);
  }

  public SessionOptions withIsolation(Isolation level) {
    return new SessionOptions(
        schema, level, autoCommit, readOnly, serializableAsSnapshot, lockWaitMillis);
  }

  public SessionOptions withSerializableAsSnapshot(boolean mapped) {
    return new SessionOptions(schema, isolation, autoCommit, readOnly, mapped, lockWaitMillis);
  }

  public SessionOptions withLockWaitMillis(long millis) {
    return new SessionOptions(
        schema, isolation, autoCommit, readOnly, serializableAsSnapshot, millis);
  }
}
