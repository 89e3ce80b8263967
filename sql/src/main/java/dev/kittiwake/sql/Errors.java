package dev.kittiwake.sql;

import dev.kittiwake.client.error.AlreadyExistsException;
import dev.kittiwake.client.error.CancelledException;
import dev.kittiwake.client.error.DeadlineExceededException;
import dev.kittiwake.client.error.DeadlockException;
import dev.kittiwake.client.error.KvException;
import dev.kittiwake.client.error.LockTimeoutException;
import dev.kittiwake.client.error.PdUnavailableException;
import dev.kittiwake.client.error.RegionUnavailableException;
import dev.kittiwake.client.error.TransactionConflictException;
import dev.kittiwake.client.error.TransactionTooLargeException;
import dev.kittiwake.client.error.UndeterminedException;
import dev.kittiwake.client.error.ValueTooLargeException;
import dev.kittiwake.sql.catalog.Catalog;
import dev.kittiwake.sql.exec.Constraints;
import dev.kittiwake.sql.exec.Interrupt;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From the client's exceptions to SQLStates: the one place. */
final class Errors {
  private static final Logger LOG = LoggerFactory.getLogger(Errors.class);

  private Errors() {}

  /**
   * @param catalog to name a key that exists already; not asked for anything else, as it may ask a
   *     cluster that is away
   * @param interrupt of the running statement, or null
   */
  static SqlError of(RuntimeException error, Supplier<Catalog> catalog, Interrupt interrupt) {
    if (error instanceof SqlError sql) {
      return sql;
    }
    if (error instanceof KvException kv) {
      return ofKv(kv, catalog, interrupt);
    }
    LOG.error("a statement failed with an internal error", error);
    return SqlError.of(
        SqlStates.INTERNAL,
        "internal error, described in the log"
            + (error.getMessage() == null ? "" : ": " + error.getMessage()),
        error);
  }

  private static SqlError ofKv(KvException error, Supplier<Catalog> catalog, Interrupt interrupt) {
    if (error instanceof AlreadyExistsException exists) {
      return duplicate(exists, catalog);
    }
    if (error instanceof CancelledException) {
      return Interrupt.cancelledError();
    }
    if (error instanceof DeadlineExceededException) {
      return interrupt != null && interrupt.hasDeadline()
          ? interrupt.timeoutError()
          : SqlError.of(SqlStates.TIMEOUT, error.getMessage(), error);
    }
    return SqlError.of(state(error), text(error), error);
  }

  private static SqlError duplicate(AlreadyExistsException error, Supplier<Catalog> catalog) {
    Catalog known;
    try {
      known = catalog.get();
    } catch (KvException e) {
      return SqlError.of(SqlStates.UNIQUE, "duplicate key " + error.key(), error);
    }
    return Constraints.duplicate(error.key().unsafeBytes(), known, error);
  }

  private static String state(KvException error) {
    if (error instanceof TransactionConflictException) {
      return SqlStates.CONFLICT;
    }
    if (error instanceof LockTimeoutException) {
      return SqlStates.LOCK_NOT_AVAILABLE;
    }
    if (error instanceof UndeterminedException) {
      return SqlStates.OUTCOME_UNKNOWN;
    }
    if (error instanceof PdUnavailableException) {
      return SqlStates.CANNOT_CONNECT;
    }
    if (error instanceof RegionUnavailableException) {
      return SqlStates.CONNECTION_FAILURE;
    }
    if (error instanceof TransactionTooLargeException || error instanceof ValueTooLargeException) {
      return SqlStates.TOO_LARGE;
    }
    return SqlStates.INTERNAL;
  }

  private static String text(KvException error) {
    if (error instanceof DeadlockException) {
      return "deadlock: the transaction was rolled back so that others can go on; run it again ("
          + error.getMessage()
          + ")";
    }
    if (error instanceof TransactionConflictException) {
      return "another transaction changed the same rows first; run this one again ("
          + error.getMessage()
          + ")";
    }
    if (error instanceof LockTimeoutException) {
      return "a row is locked by another transaction (" + error.getMessage() + ")";
    }
    if (error instanceof UndeterminedException) {
      return "the outcome of the commit is unknown: it may or may not have happened ("
          + error.getMessage()
          + ")";
    }
    return error.getMessage();
  }
}
