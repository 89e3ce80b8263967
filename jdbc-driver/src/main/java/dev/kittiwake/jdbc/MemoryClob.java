package dev.kittiwake.jdbc;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.sql.Clob;
import java.sql.NClob;
import java.sql.SQLException;

/** Text in memory; positions count from 1. Changing it does not change the row it came from. */
final class MemoryClob implements NClob {
  private StringBuilder text; // null after free

  MemoryClob(String text) {
    this.text = new StringBuilder(text);
  }

  private StringBuilder text() throws SQLException {
    if (text == null) {
      throw SQLExceptions.of(SQLExceptions.FUNCTION_SEQUENCE, "the clob is freed");
    }
    return text;
  }

  @Override
  public long length() throws SQLException {
    return text().length();
  }

  @Override
  public String getSubString(long position, int length) throws SQLException {
    Positions.check(position, length, text().length());
    int start = (int) position - 1;
    return text.substring(start, Math.min(text.length(), start + length));
  }

  @Override
  public Reader getCharacterStream() throws SQLException {
    return new StringReader(text().toString());
  }

  @Override
  public Reader getCharacterStream(long position, long length) throws SQLException {
    return new StringReader(getSubString(position, (int) length));
  }

  @Override
  public InputStream getAsciiStream() throws SQLException {
    return new ByteArrayInputStream(text().toString().getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public long position(String pattern, long start) throws SQLException {
    Positions.check(start, 0, text().length());
    int found = text.indexOf(pattern, (int) start - 1);
    return found < 0 ? -1 : found + 1L;
  }

  @Override
  public long position(Clob pattern, long start) throws SQLException {
    return position(pattern.getSubString(1, (int) pattern.length()), start);
  }

  @Override
  public int setString(long position, String from) throws SQLException {
    return setString(position, from, 0, from.length());
  }

  @Override
  public int setString(long position, String from, int offset, int length) throws SQLException {
    Positions.check(position, length, text().length());
    int start = (int) position - 1;
    text.replace(
        start, Math.min(text.length(), start + length), from.substring(offset, offset + length));
    return length;
  }

  @Override
  public OutputStream setAsciiStream(long position) throws SQLException {
    Positions.check(position, 0, text().length());
    return new ByteArrayOutputStream() {
      @Override
      public void close() {
        put(position, toString(StandardCharsets.US_ASCII));
      }
    };
  }

  @Override
  public Writer setCharacterStream(long position) throws SQLException {
    Positions.check(position, 0, text().length());
    return new StringWriter() {
      @Override
      public void close() {
        put(position, toString());
      }
    };
  }

  private void put(long position, String written) {
    try {
      setString(position, written);
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  @Override
  public void truncate(long length) throws SQLException {
    Positions.check(1, length, text().length());
    text.setLength((int) Math.min(length, text.length()));
  }

  @Override
  public void free() {
    text = null;
  }
}
