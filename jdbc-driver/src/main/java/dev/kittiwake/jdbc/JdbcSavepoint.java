package dev.kittiwake.jdbc;

import dev.kittiwake.sql.SessionSavepoint;
import java.sql.SQLException;
import java.sql.Savepoint;

/** A savepoint of one connection. Immutable. */
record JdbcSavepoint(JdbcConnection connection, SessionSavepoint mark) implements Savepoint {
  @Override
  public int getSavepointId() throws SQLException {
    if (mark.name() != null) {
      throw SQLExceptions.invalidArgument("savepoint " + mark.name() + " has a name, no id");
    }
    return mark.id();
  }

  @Override
  public String getSavepointName() throws SQLException {
    if (mark.name() == null) {
      throw SQLExceptions.invalidArgument("savepoint " + mark.id() + " has no name");
    }
    return mark.name();
  }
}
