package dev.kittiwake.jdbc;

import dev.kittiwake.sql.ColumnDescription;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.JDBCType;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.ResultSetMetaData;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import java.util.List;
import java.util.Map;

/** The half of a result set that reads columns of the current row. */
abstract class TypedResultSet extends ReadOnlyResultSet {
  private final ColumnIndex index;
  private final List<ColumnDescription> columns;
  private final int maxFieldSize; // 0 = no limit
  private boolean wasNull;

  TypedResultSet(ColumnIndex index, int maxFieldSize) {
    this.index = index;
    this.columns = index.columns();
    this.maxFieldSize = maxFieldSize;
  }

  /** The value of the current row; {@code column} counts from 0 and exists. */
  abstract Object value(int column) throws SQLException;

  abstract boolean isNull(int column) throws SQLException;

  /** The value of a column of an integer type; 0 for NULL. Saves boxing. */
  abstract long longValue(int column) throws SQLException;

  /**
   * @throws SQLException if the result set is closed or stands on no row
   */
  abstract void checkRow() throws SQLException;

  abstract void checkOpen() throws SQLException;

  final List<ColumnDescription> columns() {
    return columns;
  }

  private int at(int column) throws SQLException {
    if (column < 1 || column > columns.size()) {
      throw SQLExceptions.of(
          SQLExceptions.INVALID_INDEX,
          "column " + column + " does not exist; the result has " + columns.size());
    }
    checkRow();
    return column - 1;
  }

  /** For messages. */
  private String place(int column) {
    return "column " + column + " (" + columns.get(column - 1).label() + ")";
  }

  /** The value, or null; remembers which. */
  private Object read(int column) throws SQLException {
    Object value = value(at(column));
    wasNull = value == null;
    return value;
  }

  private static boolean isInteger(JDBCType type) {
    return type == JDBCType.INTEGER
        || type == JDBCType.BIGINT
        || type == JDBCType.SMALLINT
        || type == JDBCType.TINYINT;
  }

  private long whole(int column, long least, long most) throws SQLException {
    int at = at(column);
    if (isInteger(columns.get(at).type())) {
      wasNull = isNull(at);
      long value = wasNull ? 0 : longValue(at);
      if (value < least || value > most) {
        throw Conversions.outOfRange(value, place(column), least, most);
      }
      return value;
    }
    Object value = read(column);
    return value == null ? 0 : Conversions.toLong(value, least, most, place(column));
  }

  @Override
  public int findColumn(String label) throws SQLException {
    checkOpen();
    int found = label == null ? -1 : index.find(label);
    if (found < 0) {
      throw SQLExceptions.of(
          "42S22",
          "the result has no column \""
              + label
              + "\"; it has "
              + String.join(", ", columns.stream().map(ColumnDescription::label).toList()));
    }
    return found + 1;
  }

  @Override
  public boolean wasNull() throws SQLException {
    checkOpen();
    return wasNull;
  }

  @Override
  public ResultSetMetaData getMetaData() throws SQLException {
    checkOpen();
    return new JdbcResultSetMetadata(columns);
  }

  @Override
  public String getString(int column) throws SQLException {
    Object value = read(column);
    if (value == null) {
      return null;
    }
    String text = Conversions.toText(value);
    boolean cut = maxFieldSize > 0 && value instanceof String && text.length() > maxFieldSize;
    return cut ? text.substring(0, maxFieldSize) : text;
  }

  @Override
  public boolean getBoolean(int column) throws SQLException {
    Object value = read(column);
    return value != null && Conversions.toBoolean(value, place(column));
  }

  @Override
  public byte getByte(int column) throws SQLException {
    return (byte) whole(column, Byte.MIN_VALUE, Byte.MAX_VALUE);
  }

  @Override
  public short getShort(int column) throws SQLException {
    return (short) whole(column, Short.MIN_VALUE, Short.MAX_VALUE);
  }

  @Override
  public int getInt(int column) throws SQLException {
    return (int) whole(column, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  @Override
  public long getLong(int column) throws SQLException {
    return whole(column, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  @Override
  public float getFloat(int column) throws SQLException {
    Object value = read(column);
    return value == null ? 0 : (float) Conversions.toDouble(value, place(column));
  }

  @Override
  public double getDouble(int column) throws SQLException {
    Object value = read(column);
    return value == null ? 0 : Conversions.toDouble(value, place(column));
  }

  @Override
  public BigDecimal getBigDecimal(int column) throws SQLException {
    Object value = read(column);
    return value == null ? null : Conversions.toDecimal(value, place(column));
  }

  @Override
  @Deprecated
  public BigDecimal getBigDecimal(int column, int scale) throws SQLException {
    BigDecimal value = getBigDecimal(column);
    return value == null ? null : value.setScale(scale, RoundingMode.HALF_UP);
  }

  @Override
  public byte[] getBytes(int column) throws SQLException {
    Object value = read(column);
    if (value == null) {
      return null;
    }
    byte[] bytes = Conversions.toBytes(value, place(column));
    boolean cut = maxFieldSize > 0 && bytes.length > maxFieldSize;
    return cut ? java.util.Arrays.copyOf(bytes, maxFieldSize) : bytes;
  }

  @Override
  public Date getDate(int column) throws SQLException {
    return getDate(column, null);
  }

  @Override
  public Date getDate(int column, Calendar calendar) throws SQLException {
    Object value = read(column);
    return value == null ? null : Conversions.toDate(value, calendar, place(column));
  }

  @Override
  public Time getTime(int column) throws SQLException {
    return getTime(column, null);
  }

  @Override
  public Time getTime(int column, Calendar calendar) throws SQLException {
    Object value = read(column);
    return value == null ? null : Conversions.toTime(value, calendar, place(column));
  }

  @Override
  public Timestamp getTimestamp(int column) throws SQLException {
    return getTimestamp(column, null);
  }

  @Override
  public Timestamp getTimestamp(int column, Calendar calendar) throws SQLException {
    Object value = read(column);
    return value == null ? null : Conversions.toTimestamp(value, calendar, place(column));
  }

  @Override
  public Object getObject(int column) throws SQLException {
    Object value = read(column);
    return value == null ? null : Conversions.toStandard(value);
  }

  @Override
  public Object getObject(int column, Map<String, Class<?>> classes) throws SQLException {
    if (classes != null && !classes.isEmpty()) {
      throw SQLExceptions.notSupported("user-defined types are not");
    }
    return getObject(column);
  }

  @Override
  public <T> T getObject(int column, Class<T> type) throws SQLException {
    if (type == null) {
      throw SQLExceptions.invalidArgument("the wanted class is null");
    }
    Object value = read(column);
    if (value == null) {
      return null;
    }
    @SuppressWarnings("unchecked") // toClass answers the class it is asked for
    T converted = (T) Conversions.toClass(value, type, place(column));
    return converted;
  }

  @Override
  public InputStream getAsciiStream(int column) throws SQLException {
    String text = getString(column);
    return text == null ? null : new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  @Deprecated
  public InputStream getUnicodeStream(int column) throws SQLException {
    String text = getString(column);
    return text == null ? null : new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public InputStream getBinaryStream(int column) throws SQLException {
    byte[] bytes = getBytes(column);
    return bytes == null ? null : new ByteArrayInputStream(bytes);
  }

  @Override
  public Reader getCharacterStream(int column) throws SQLException {
    String text = getString(column);
    return text == null ? null : new StringReader(text);
  }

  @Override
  public Blob getBlob(int column) throws SQLException {
    byte[] bytes = getBytes(column);
    return bytes == null ? null : new MemoryBlob(bytes);
  }

  @Override
  public Clob getClob(int column) throws SQLException {
    return getNClob(column);
  }

  @Override
  public NClob getNClob(int column) throws SQLException {
    String text = getString(column);
    return text == null ? null : new MemoryClob(text);
  }

  @Override
  public String getNString(int column) throws SQLException {
    return getString(column);
  }

  @Override
  public Reader getNCharacterStream(int column) throws SQLException {
    return getCharacterStream(column);
  }

  @Override
  public URL getURL(int column) throws SQLException {
    String text = getString(column);
    try {
      return text == null ? null : new URL(text);
    } catch (MalformedURLException e) {
      throw SQLExceptions.of("22018", 0, place(column) + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Array getArray(int column) throws SQLException {
    throw SQLExceptions.notSupported("arrays are not");
  }

  @Override
  public Ref getRef(int column) throws SQLException {
    throw SQLExceptions.notSupported("REF values are not");
  }

  @Override
  public RowId getRowId(int column) throws SQLException {
    throw SQLExceptions.notSupported("row ids are not");
  }

  @Override
  public SQLXML getSQLXML(int column) throws SQLException {
    throw SQLExceptions.notSupported("XML values are not");
  }

  @Override
  public String getString(String label) throws SQLException {
    return getString(findColumn(label));
  }

  @Override
  public boolean getBoolean(String label) throws SQLException {
    return getBoolean(findColumn(label));
  }

  @Override
  public byte getByte(String label) throws SQLException {
    return getByte(findColumn(label));
  }

  @Override
  public short getShort(String label) throws SQLException {
    return getShort(findColumn(label));
  }

  @Override
  public int getInt(String label) throws SQLException {
    return getInt(findColumn(label));
  }

  @Override
  public long getLong(String label) throws SQLException {
    return getLong(findColumn(label));
  }

  @Override
  public float getFloat(String label) throws SQLException {
    return getFloat(findColumn(label));
  }

  @Override
  public double getDouble(String label) throws SQLException {
    return getDouble(findColumn(label));
  }

  @Override
  public BigDecimal getBigDecimal(String label) throws SQLException {
    return getBigDecimal(findColumn(label));
  }

  @Override
  public byte[] getBytes(String label) throws SQLException {
    return getBytes(findColumn(label));
  }

  @Override
  public Date getDate(String label) throws SQLException {
    return getDate(findColumn(label));
  }

  @Override
  public Date getDate(String label, Calendar calendar) throws SQLException {
    return getDate(findColumn(label), calendar);
  }

  @Override
  public Time getTime(String label) throws SQLException {
    return getTime(findColumn(label));
  }

  @Override
  public Time getTime(String label, Calendar calendar) throws SQLException {
    return getTime(findColumn(label), calendar);
  }

  @Override
  public Timestamp getTimestamp(String label) throws SQLException {
    return getTimestamp(findColumn(label));
  }

  @Override
  public Timestamp getTimestamp(String label, Calendar calendar) throws SQLException {
    return getTimestamp(findColumn(label), calendar);
  }

  @Override
  public Object getObject(String label) throws SQLException {
    return getObject(findColumn(label));
  }

  @Override
  public Object getObject(String label, Map<String, Class<?>> classes) throws SQLException {
    return getObject(findColumn(label), classes);
  }

  @Override
  public InputStream getAsciiStream(String label) throws SQLException {
    return getAsciiStream(findColumn(label));
  }

  @Override
  public InputStream getBinaryStream(String label) throws SQLException {
    return getBinaryStream(findColumn(label));
  }

  @Override
  public Reader getCharacterStream(String label) throws SQLException {
    return getCharacterStream(findColumn(label));
  }

  @Override
  public Blob getBlob(String label) throws SQLException {
    return getBlob(findColumn(label));
  }

  @Override
  public Clob getClob(String label) throws SQLException {
    return getClob(findColumn(label));
  }

  @Override
  public NClob getNClob(String label) throws SQLException {
    return getNClob(findColumn(label));
  }

  @Override
  public String getNString(String label) throws SQLException {
    return getNString(findColumn(label));
  }

  @Override
  public Reader getNCharacterStream(String label) throws SQLException {
    return getNCharacterStream(findColumn(label));
  }

  @Override
  public URL getURL(String label) throws SQLException {
    return getURL(findColumn(label));
  }

  @Override
  public Array getArray(String label) throws SQLException {
    return getArray(findColumn(label));
  }

  @Override
  public Ref getRef(String label) throws SQLException {
    return getRef(findColumn(label));
  }

  @Override
  public RowId getRowId(String label) throws SQLException {
    return getRowId(findColumn(label));
  }

  @Override
  public SQLXML getSQLXML(String label) throws SQLException {
    return getSQLXML(findColumn(label));
  }

  @Override
  @Deprecated
  public BigDecimal getBigDecimal(String label, int scale) throws SQLException {
    return getBigDecimal(findColumn(label), scale);
  }

  @Override
  @Deprecated
  public InputStream getUnicodeStream(String label) throws SQLException {
    return getUnicodeStream(findColumn(label));
  }

  @Override
  public <T> T getObject(String label, Class<T> type) throws SQLException {
    return getObject(findColumn(label), type);
  }
}
