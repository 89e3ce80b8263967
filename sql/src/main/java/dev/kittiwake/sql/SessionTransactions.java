package dev.kittiwake.sql;

import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.client.txn.TransactionOptions;
import dev.kittiwake.client.txn.TransactionOptions.CommitOrder;
import dev.kittiwake.sql.exec.Interrupt;
import java.time.Duration;

/**
 * Where a session stands: no transaction, an open one, or a dead one that waits for its rollback.
 * Used by the one who has the session's turn.
 */
final class SessionTransactions {
  private final SqlEngine engine;
  private final SessionSettings settings;
  private boolean autoCommit;
  private boolean begun; // BEGIN was said while in autocommit mode
  private boolean beginReadOnly; // of the transaction that BEGIN opened
  private SessionTransaction current; // null: none open
  private SqlError failure; // why the transaction is dead and waits for its rollback; else null
  private int savepoints;

  SessionTransactions(SqlEngine engine, SessionSettings settings, boolean autoCommit) {
    this.engine = engine;
    this.settings = settings;
    this.autoCommit = autoCommit;
  }

  /** Whether statements run in a transaction; refuses while a dead one waits for its rollback. */
  boolean transactional() {
    if (failure != null) {
      throw SqlError.of(
          "25P02",
          "the transaction was rolled back (" + failure.getMessage() + "); roll back to go on",
          failure);
    }
    return !autoCommit || begun;
  }

  /**
   * A transaction that is not the session's, for one statement alone: what ended before the
   * statement came also ended before its start timestamp, which is all the order there is.
   */
  Transaction beginAlone(boolean pessimistic, Interrupt interrupt) {
    TransactionOptions options =
        pessimistic ? TransactionOptions.pessimistic() : TransactionOptions.optimistic();
    return begin(options.withOrder(CommitOrder.CAUSAL), interrupt);
  }

  private Transaction begin(TransactionOptions options, Interrupt interrupt) {
    Transaction transaction =
        engine.client().begin(options.withLockWait(Duration.ofMillis(settings.lockWaitMillis())));
    watch(transaction, interrupt);
    return transaction;
  }

  private static void watch(Transaction transaction, Interrupt interrupt) {
    transaction.resume(); // a cancel that came too late was meant for the statement before
    interrupt.watch(transaction::cancel);
    interrupt.check();
    transaction.setDeadline(timeLeft(interrupt));
  }

  static Duration timeLeft(Interrupt interrupt) {
    return interrupt.hasDeadline() ? Duration.ofMillis(interrupt.remainingMillis()) : null;
  }

  /** The session's transaction, begun now if none is open. */
  SessionTransaction openTransaction(Interrupt interrupt) {
    if (current == null) {
      current =
          new SessionTransaction(
              begin(TransactionOptions.pessimistic(), interrupt),
              settings.isolation() == Isolation.READ_COMMITTED,
              isReadOnly());
    } else {
      watch(current.transaction, interrupt);
    }
    current.beginStatement();
    return current;
  }

  /** The error for the user; a transaction that the store gave up is rolled back here too. */
  SqlError failed(RuntimeException error, Interrupt interrupt) {
    SqlError shown = Errors.of(error, engine::catalog, interrupt);
    boolean dead =
        shown.sqlState().equals(SqlStates.CONFLICT)
            || current != null && !current.transaction.isOpen();
    if (current != null && dead && failure == null) {
      failure = shown;
      giveUp(endTransaction(), shown);
    }
    return shown;
  }

  /**
   * What cannot be rolled back now, for the cluster is away too, is left to whom its locks stop.
   */
  private static void giveUp(SessionTransaction dead, SqlError reason) {
    try {
      dead.transaction.rollback();
    } catch (RuntimeException alsoFailed) {
      reason.addSuppressed(alsoFailed);
    }
  }

  /** Takes the transaction from the session. */
  private SessionTransaction endTransaction() {
    SessionTransaction ended = current;
    current = null;
    ended.cutCursors();
    return ended;
  }

  /** BEGIN. */
  void begin(boolean readOnlyTransaction) {
    if (current != null || begun) {
      throw SqlError.of(SqlStates.TRANSACTION_OPEN, "a transaction is open already");
    }
    begun = true;
    beginReadOnly = readOnlyTransaction;
  }

  void commit() {
    begun = false;
    beginReadOnly = false;
    if (failure != null) {
      SqlError why = failure;
      failure = null;
      throw SqlError.of(why.sqlState(), "nothing was committed: " + why.getMessage(), why);
    }
    if (current == null) {
      return;
    }
    SessionTransaction ended = endTransaction();
    try {
      ended.transaction.resume();
      ended.transaction.setDeadline(null);
      if (!ended.written.isEmpty()) {
        engine.confirm(ended.written.values());
      }
      ended.transaction.commit();
    } catch (RuntimeException e) {
      throw Errors.of(e, engine::catalog, null);
    } finally {
      ended.transaction.close();
    }
  }

  void rollback() {
    begun = false;
    beginReadOnly = false;
    failure = null;
    if (current != null) {
      SessionTransaction ended = endTransaction();
      try {
        ended.transaction.resume();
        ended.transaction.setDeadline(null);
        ended.transaction.rollback();
      } catch (RuntimeException e) {
        throw Errors.of(e, engine::catalog, null);
      }
    }
  }

  SessionSavepoint savepoint(String name) {
    if (!transactional()) {
      throw SqlError.of(
          SqlStates.NO_TRANSACTION, "a savepoint needs a transaction: autocommit is on");
    }
    SessionSavepoint savepoint = new SessionSavepoint(++savepoints, name);
    SessionTransaction open = current;
    if (open == null) {
      open = openTransaction(new Interrupt(engine.runtime().nanos(), 0));
    }
    open.mark(savepoint);
    return savepoint;
  }

  /** The open transaction, for what makes sense only in one. */
  SessionTransaction inOpenTransaction() {
    if (!transactional() || current == null) {
      throw SqlError.of(SqlStates.NO_TRANSACTION, "no transaction is open");
    }
    return current;
  }

  boolean isReadOnly() {
    return current != null ? current.readOnly : settings.readOnly() || begun && beginReadOnly;
  }

  /** Refuses what changes something, in a read-only transaction. */
  void requireWritable() {
    if (isReadOnly()) {
      throw SqlError.of(SqlStates.READ_ONLY, "the transaction is read-only");
    }
  }

  /** Refuses to change {@code what} while a transaction is open. */
  void requireNone(String what) {
    if (current != null) {
      throw SqlError.of(
          SqlStates.TRANSACTION_OPEN, what + " cannot be changed while a transaction is open");
    }
  }

  /** Whether one is open, or dead and not yet rolled back. */
  boolean isIn() {
    return current != null || failure != null;
  }

  boolean autoCommit() {
    return autoCommit;
  }

  void setAutoCommit(boolean on) {
    autoCommit = on;
  }
}
