package dev.kittiwake.sql;

import java.util.List;

/**
 * One connection: settings and at most one open transaction. Used by one thread at a time, except
 * {@link #cancel}. Every method may throw {@link SqlError}; after {@link #close} all but {@link
 * #close} and {@link #cancel} throw 08003.
 *
 * <p>Setters and {@link #commit} without work done are local: they cost no round trip.
 */
public interface SqlSession extends AutoCloseable {
  /** Columns and parameters of a statement, without executing it. */
  StatementDescription describe(String sql);

  /**
   * Executes one statement. A {@link Result.Rows} streams from the cluster and should be closed;
   * other statements may run while it is open, the end of its transaction ends it.
   *
   * @param parameters one value for each {@code ?} in order
   */
  Result execute(String sql, List<Object> parameters, ExecuteOptions options);

  /**
   * Executes one modifying statement for each row of parameters as one unit: in autocommit mode one
   * transaction; if a row fails, nothing of the batch stays.
   */
  BatchResult executeBatch(String sql, List<List<Object>> parameterRows, ExecuteOptions options);

  boolean autoCommit();

  /** Switching autocommit on commits an open transaction. */
  void setAutoCommit(boolean autoCommit);

  Isolation isolation();

  /**
   * Isolation of the next transaction.
   *
   * @throws SqlError 25001 inside a transaction; 0A000 for SERIALIZABLE unless mapped to snapshot
   */
  void setIsolation(Isolation isolation);

  boolean readOnly();

  /**
   * @throws SqlError 25001 inside a transaction
   */
  void setReadOnly(boolean readOnly);

  String schema();

  void setSchema(String schema);

  /** Whether a transaction is open (it opens with the first statement that needs one). */
  boolean inTransaction();

  /**
   * Commits the open transaction, if any.
   *
   * @throws SqlError 40001 conflict (nothing was written, run the transaction again); 08007 the
   *     outcome is unknown; 23505 a key deferred to commit exists
   */
  void commit();

  /** Rolls the open transaction back, if any. */
  void rollback();

  /**
   * Marks this point of the transaction; opens one if needed.
   *
   * @param name for messages and for {@code ROLLBACK TO name}; null for an unnamed one
   * @throws SqlError 25P01 in autocommit mode
   */
  SessionSavepoint savepoint(String name);

  /** Undoes what was written after {@code savepoint}; locks stay. */
  void rollbackTo(SessionSavepoint savepoint);

  void release(SessionSavepoint savepoint);

  /** Tables and columns for metadata; what is committed now. */
  CatalogView catalog();

  /**
   * The longest a call may wait for the network before the session counts as broken (08006); 0 = no
   * limit. Without effect where no network lies between.
   */
  default void setNetworkTimeout(long millis) {}

  /** Asks the running statement to end with 57014. Any thread; harmless if none runs. */
  void cancel();

  boolean isClosed();

  /** Rolls back an open transaction and ends the session. Repeating it is harmless. */
  @Override
  void close();
}
