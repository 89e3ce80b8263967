package dev.kittiwake.tpcc;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.JDBCType;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One connection without autocommit, which prepares each statement text once and keeps it. Owned by
 * one thread. A result set is valid until its statement runs again.
 */
final class Session implements AutoCloseable {
  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new LinkedHashMap<>();

  Session(Connection connection) {
    this.connection = connection;
  }

  Connection connection() {
    return connection;
  }

  ResultSet query(String sql, Object... values) throws SQLException {
    return bind(prepare(sql), values).executeQuery();
  }

  /** A query whose many rows are to be streamed, not gathered, by drivers that can. */
  ResultSet stream(String sql, Object... values) throws SQLException {
    PreparedStatement statement = prepare(sql);
    statement.setFetchSize(2_000);
    return bind(statement, values).executeQuery();
  }

  /** Reads a row for its own sake: a terminal would show it. It must be there. */
  void show(String sql, Object... key) throws SQLException {
    try (ResultSet row = query(sql, key)) {
      if (!row.next()) {
        throw new UnexpectedRows(sql, 0);
      }
    }
  }

  /** Rows changed. */
  int update(String sql, Object... values) throws SQLException {
    return bind(prepare(sql), values).executeUpdate();
  }

  /**
   * An update that must hit exactly one row; anything else means that the database lost or doubled
   * a row.
   */
  void updateOne(String sql, Object... values) throws SQLException {
    int rows = update(sql, values);
    if (rows != 1) {
      throw new UnexpectedRows(sql, rows);
    }
  }

  /** Runs the statement once for each row, as one JDBC batch. */
  void batch(String sql, Iterable<Object[]> rows) throws SQLException {
    PreparedStatement statement = prepare(sql);
    statement.clearBatch(); // a batch that failed before it ran may still be there
    int size = 0;
    for (Object[] row : rows) {
      bind(statement, row).addBatch();
      size++;
    }
    if (size == 0) {
      return;
    }
    for (int count : statement.executeBatch()) {
      if (count != 1 && count != Statement.SUCCESS_NO_INFO) {
        throw new UnexpectedRows(sql, count);
      }
    }
  }

  void commit() throws SQLException {
    connection.commit();
  }

  void rollback() throws SQLException {
    connection.rollback();
  }

  private PreparedStatement prepare(String sql) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    return statement;
  }

  /** A {@link JDBCType} as value stands for NULL of that type. */
  private static PreparedStatement bind(PreparedStatement statement, Object... values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      int at = i + 1;
      if (value instanceof Integer number) {
        statement.setInt(at, number);
      } else if (value instanceof String text) {
        statement.setString(at, text);
      } else if (value instanceof BigDecimal decimal) {
        statement.setBigDecimal(at, decimal);
      } else if (value instanceof Timestamp timestamp) {
        statement.setTimestamp(at, timestamp);
      } else if (value instanceof JDBCType type) {
        statement.setNull(at, type.getVendorTypeNumber());
      } else {
        throw new IllegalArgumentException("no binding for parameter " + at + ": " + value);
      }
    }
    return statement;
  }

  /** Gives the connection back; the pool closes its statements. */
  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /** A statement by primary key that did not find exactly its row. */
  static final class UnexpectedRows extends SQLException {
    private static final long serialVersionUID = 1;

    UnexpectedRows(String sql, int rows) {
      super(rows + " rows instead of one: " + sql, "TPCC1");
    }
  }
}
