package dev.kittiwake.jdbc;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.StatementDescription;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.URL;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.JDBCType;
import java.sql.NClob;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLWarning;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Calendar;
import java.util.List;

/**
 * A statement with parameters. Preparing is local: the session sees the text with the first
 * execution, or when metadata is asked for.
 */
final class JdbcPreparedStatement extends JdbcStatement implements PreparedStatement {
  private static final Object UNSET = new Object();

  private final PreparedText text;
  private final KeyRequest keyRequest;
  private final Object[] values; // UNSET where no value was given yet
  private final List<List<Object>> batch = new ArrayList<>();
  private StatementDescription description; // null until asked for

  JdbcPreparedStatement(
      JdbcConnection connection,
      PreparedText text,
      KeyRequest keyRequest,
      int resultSetType,
      int holdability,
      SQLWarning warnings)
      throws SQLException {
    super(connection, resultSetType, holdability, warnings);
    this.text = text;
    this.keyRequest = keyRequest;
    this.values = new Object[text.parameterCount()];
    Arrays.fill(values, UNSET);
  }

  private void set(int parameter, Object value) throws SQLException {
    checkOpen();
    if (parameter < 1 || parameter > values.length) {
      throw SQLExceptions.of(
          SQLExceptions.INVALID_INDEX,
          "parameter " + parameter + " does not exist; the statement has " + values.length);
    }
    values[parameter - 1] = value;
  }

  private static String place(int parameter) {
    return "parameter " + parameter;
  }

  private List<Object> parameters() throws SQLException {
    for (int i = 0; i < values.length; i++) {
      if (values[i] == UNSET) {
        throw SQLExceptions.of(
            SQLExceptions.INVALID_INDEX,
            "parameter " + (i + 1) + " of " + values.length + " is not set");
      }
    }
    return values.length == 0 ? List.of() : Arrays.asList(values.clone());
  }

  @Override
  void checkNotPrepared() throws SQLException {
    throw SQLExceptions.of(
        SQLExceptions.FUNCTION_SEQUENCE,
        "a prepared statement has its SQL already; call the method without a statement text");
  }

  @Override
  public ResultSet executeQuery() throws SQLException {
    checkKind(text, true, "executeQuery");
    execute();
    return getResultSet();
  }

  @Override
  public int executeUpdate() throws SQLException {
    return toInt(executeLargeUpdate());
  }

  @Override
  public long executeLargeUpdate() throws SQLException {
    checkKind(text, false, "executeUpdate");
    execute();
    return getLargeUpdateCount();
  }

  @Override
  public boolean execute() throws SQLException {
    checkOpen();
    return run(text, parameters(), keyRequest);
  }

  @Override
  public void addBatch() throws SQLException {
    checkOpen();
    checkKind(text, false, "addBatch");
    batch.add(parameters());
  }

  @Override
  public void clearBatch() throws SQLException {
    checkOpen();
    batch.clear();
  }

  @Override
  public long[] executeLargeBatch() throws SQLException {
    checkOpen();
    List<List<Object>> rows = List.copyOf(batch);
    batch.clear();
    return runBatch(text, rows, keyRequest);
  }

  @Override
  public void clearParameters() throws SQLException {
    checkOpen();
    Arrays.fill(values, UNSET);
  }

  private StatementDescription description() throws SQLException {
    connection().lock();
    try {
      checkOpen();
      if (description == null) {
        connection().detachOpenRows();
        description = connection().session().describe(text.sql());
      }
      return description;
    } catch (SqlError e) {
      throw SQLExceptions.of(e);
    } finally {
      connection().unlock();
    }
  }

  @Override
  public ResultSetMetaData getMetaData() throws SQLException {
    checkOpen();
    if (!text.returnsRows()) {
      return null; // what JDBC wants for statements without rows
    }
    return new JdbcResultSetMetadata(description().columns());
  }

  @Override
  public ParameterMetaData getParameterMetaData() throws SQLException {
    return new JdbcParameterMetadata(description().parameters());
  }

  @Override
  public void setNull(int parameter, int type) throws SQLException {
    set(parameter, null);
  }

  @Override
  public void setNull(int parameter, int type, String typeName) throws SQLException {
    set(parameter, null);
  }

  @Override
  public void setBoolean(int parameter, boolean value) throws SQLException {
    set(parameter, value);
  }

  @Override
  public void setByte(int parameter, byte value) throws SQLException {
    set(parameter, (short) value);
  }

  @Override
  public void setShort(int parameter, short value) throws SQLException {
    set(parameter, value);
  }

  @Override
  public void setInt(int parameter, int value) throws SQLException {
    set(parameter, value);
  }

  @Override
  public void setLong(int parameter, long value) throws SQLException {
    set(parameter, value);
  }

  @Override
  public void setFloat(int parameter, float value) throws SQLException {
    set(parameter, value);
  }

  @Override
  public void setDouble(int parameter, double value) throws SQLException {
    set(parameter, value);
  }

  @Override
  public void setBigDecimal(int parameter, BigDecimal value) throws SQLException {
    set(parameter, value);
  }

  @Override
  public void setString(int parameter, String value) throws SQLException {
    set(parameter, value);
  }

  @Override
  public void setNString(int parameter, String value) throws SQLException {
    set(parameter, value);
  }

  @Override
  public void setBytes(int parameter, byte[] value) throws SQLException {
    set(parameter, value == null ? null : value.clone());
  }

  @Override
  public void setDate(int parameter, Date value) throws SQLException {
    set(parameter, ParameterValues.ofDate(value, null));
  }

  @Override
  public void setDate(int parameter, Date value, Calendar calendar) throws SQLException {
    set(parameter, ParameterValues.ofDate(value, calendar));
  }

  @Override
  public void setTime(int parameter, Time value) throws SQLException {
    set(parameter, ParameterValues.ofTime(value, null));
  }

  @Override
  public void setTime(int parameter, Time value, Calendar calendar) throws SQLException {
    set(parameter, ParameterValues.ofTime(value, calendar));
  }

  @Override
  public void setTimestamp(int parameter, Timestamp value) throws SQLException {
    set(parameter, ParameterValues.ofTimestamp(value, null));
  }

  @Override
  public void setTimestamp(int parameter, Timestamp value, Calendar calendar) throws SQLException {
    set(parameter, ParameterValues.ofTimestamp(value, calendar));
  }

  @Override
  public void setObject(int parameter, Object value) throws SQLException {
    set(parameter, ParameterValues.of(value, place(parameter)));
  }

  @Override
  public void setObject(int parameter, Object value, int type) throws SQLException {
    setObject(parameter, value, type, -1);
  }

  @Override
  public void setObject(int parameter, Object value, int type, int scale) throws SQLException {
    JDBCType wanted;
    try {
      wanted = JDBCType.valueOf(type);
    } catch (IllegalArgumentException e) {
      throw SQLExceptions.invalidArgument(
          place(parameter) + ": type " + type + " is no constant of java.sql.Types");
    }
    setObject(parameter, value, wanted, scale);
  }

  @Override
  public void setObject(int parameter, Object value, SQLType type) throws SQLException {
    setObject(parameter, value, type, -1);
  }

  @Override
  public void setObject(int parameter, Object value, SQLType type, int scale) throws SQLException {
    set(parameter, ParameterValues.of(value, type, scale, place(parameter)));
  }

  @Override
  public void setAsciiStream(int parameter, InputStream value) throws SQLException {
    setAsciiStream(parameter, value, -1L);
  }

  @Override
  public void setAsciiStream(int parameter, InputStream value, int length) throws SQLException {
    setAsciiStream(parameter, value, (long) length);
  }

  @Override
  public void setAsciiStream(int parameter, InputStream value, long length) throws SQLException {
    set(parameter, ParameterValues.ofAscii(value, length, place(parameter)));
  }

  @Override
  @Deprecated
  public void setUnicodeStream(int parameter, InputStream value, int length) throws SQLException {
    byte[] bytes = ParameterValues.ofStream(value, length, place(parameter));
    set(
        parameter,
        bytes == null ? null : new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
  }

  @Override
  public void setBinaryStream(int parameter, InputStream value) throws SQLException {
    setBinaryStream(parameter, value, -1L);
  }

  @Override
  public void setBinaryStream(int parameter, InputStream value, int length) throws SQLException {
    setBinaryStream(parameter, value, (long) length);
  }

  @Override
  public void setBinaryStream(int parameter, InputStream value, long length) throws SQLException {
    set(parameter, ParameterValues.ofStream(value, length, place(parameter)));
  }

  @Override
  public void setCharacterStream(int parameter, Reader value) throws SQLException {
    setCharacterStream(parameter, value, -1L);
  }

  @Override
  public void setCharacterStream(int parameter, Reader value, int length) throws SQLException {
    setCharacterStream(parameter, value, (long) length);
  }

  @Override
  public void setCharacterStream(int parameter, Reader value, long length) throws SQLException {
    set(parameter, ParameterValues.ofReader(value, length, place(parameter)));
  }

  @Override
  public void setNCharacterStream(int parameter, Reader value) throws SQLException {
    setCharacterStream(parameter, value, -1L);
  }

  @Override
  public void setNCharacterStream(int parameter, Reader value, long length) throws SQLException {
    setCharacterStream(parameter, value, length);
  }

  @Override
  public void setBlob(int parameter, Blob value) throws SQLException {
    set(parameter, ParameterValues.ofBlob(value));
  }

  @Override
  public void setBlob(int parameter, InputStream value) throws SQLException {
    setBinaryStream(parameter, value, -1L);
  }

  @Override
  public void setBlob(int parameter, InputStream value, long length) throws SQLException {
    setBinaryStream(parameter, value, length);
  }

  @Override
  public void setClob(int parameter, Clob value) throws SQLException {
    set(parameter, ParameterValues.ofClob(value));
  }

  @Override
  public void setClob(int parameter, Reader value) throws SQLException {
    setCharacterStream(parameter, value, -1L);
  }

  @Override
  public void setClob(int parameter, Reader value, long length) throws SQLException {
    setCharacterStream(parameter, value, length);
  }

  @Override
  public void setNClob(int parameter, NClob value) throws SQLException {
    set(parameter, ParameterValues.ofClob(value));
  }

  @Override
  public void setNClob(int parameter, Reader value) throws SQLException {
    setCharacterStream(parameter, value, -1L);
  }

  @Override
  public void setNClob(int parameter, Reader value, long length) throws SQLException {
    setCharacterStream(parameter, value, length);
  }

  @Override
  public void setURL(int parameter, URL value) throws SQLException {
    set(parameter, value == null ? null : value.toExternalForm());
  }

  @Override
  public void setArray(int parameter, Array value) throws SQLException {
    throw SQLExceptions.notSupported("arrays are not");
  }

  @Override
  public void setRef(int parameter, Ref value) throws SQLException {
    throw SQLExceptions.notSupported("REF values are not");
  }

  @Override
  public void setRowId(int parameter, RowId value) throws SQLException {
    throw SQLExceptions.notSupported("row ids are not");
  }

  @Override
  public void setSQLXML(int parameter, SQLXML value) throws SQLException {
    throw SQLExceptions.notSupported("XML values are not");
  }

  @Override
  public String toString() {
    return text.sql();
  }
}
