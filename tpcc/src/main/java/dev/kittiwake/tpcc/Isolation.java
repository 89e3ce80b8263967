package dev.kittiwake.tpcc;

import java.sql.Connection;

/** The isolation level the terminals ask for. */
public enum Isolation {
  /** Whatever the database gives when nothing is asked. */
  DEFAULT(Connection.TRANSACTION_NONE),
  READ_COMMITTED(Connection.TRANSACTION_READ_COMMITTED),
  REPEATABLE_READ(Connection.TRANSACTION_REPEATABLE_READ),
  SERIALIZABLE(Connection.TRANSACTION_SERIALIZABLE);

  private final int jdbcLevel;

  Isolation(int jdbcLevel) {
    this.jdbcLevel = jdbcLevel;
  }

  /** The constant of {@link Connection}; meaningless for {@link #DEFAULT}. */
  int jdbcLevel() {
    return jdbcLevel;
  }
}
