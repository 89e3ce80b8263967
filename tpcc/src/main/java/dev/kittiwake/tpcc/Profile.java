package dev.kittiwake.tpcc;

import java.sql.SQLException;
import java.sql.Timestamp;

/**
 * One business transaction with its input already drawn, so that another try does the same again.
 * Implementations are immutable.
 */
sealed interface Profile permits NewOrder, Payment, OrderStatus, Delivery, StockLevel {
  TransactionType type();

  /**
   * Does the work in the session's open transaction and leaves it open: the caller commits or, on
   * {@link Outcome.RolledBack}, rolls back.
   *
   * @param now the time to write into rows
   */
  Outcome execute(Session session, Timestamp now) throws SQLException;

  /** How the work ended when the database did all it was asked. */
  sealed interface Outcome {
    /** To be committed; {@code skipped} districts had nothing to deliver (clause 2.7.4.2). */
    record Done(int skipped) implements Outcome {}

    /** To be committed, and an order the client may count on afterwards. */
    record Ordered(Ledger.Order order) implements Outcome {}

    /** Clause 2.4.1.4: the input was wrong on purpose; to be rolled back. */
    record RolledBack() implements Outcome {}
  }
}
