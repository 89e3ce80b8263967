package dev.kittiwake.jdbc;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Blob;
import java.sql.SQLException;
import java.util.Arrays;

/** Bytes in memory; positions count from 1. Changing it does not change the row it came from. */
final class MemoryBlob implements Blob {
  private byte[] bytes; // null after free

  MemoryBlob(byte[] bytes) {
    this.bytes = bytes;
  }

  private byte[] bytes() throws SQLException {
    if (bytes == null) {
      throw SQLExceptions.of(SQLExceptions.FUNCTION_SEQUENCE, "the blob is freed");
    }
    return bytes;
  }

  @Override
  public long length() throws SQLException {
    return bytes().length;
  }

  @Override
  public byte[] getBytes(long position, int length) throws SQLException {
    Positions.check(position, length, bytes().length);
    int start = (int) (position - 1);
    return Arrays.copyOfRange(bytes, start, Math.min(bytes.length, start + length));
  }

  @Override
  public InputStream getBinaryStream() throws SQLException {
    return new ByteArrayInputStream(bytes());
  }

  @Override
  public InputStream getBinaryStream(long position, long length) throws SQLException {
    return new ByteArrayInputStream(getBytes(position, (int) length));
  }

  @Override
  public long position(byte[] pattern, long start) throws SQLException {
    Positions.check(start, 0, bytes().length);
    for (int at = (int) start - 1; at + pattern.length <= bytes.length; at++) {
      if (Arrays.equals(bytes, at, at + pattern.length, pattern, 0, pattern.length)) {
        return at + 1L;
      }
    }
    return -1;
  }

  @Override
  public long position(Blob pattern, long start) throws SQLException {
    return position(pattern.getBytes(1, (int) pattern.length()), start);
  }

  @Override
  public int setBytes(long position, byte[] from) throws SQLException {
    return setBytes(position, from, 0, from.length);
  }

  @Override
  public int setBytes(long position, byte[] from, int offset, int length) throws SQLException {
    Positions.check(position, length, bytes().length);
    int start = (int) position - 1;
    if (start + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, start + length);
    }
    System.arraycopy(from, offset, bytes, start, length);
    return length;
  }

  @Override
  public OutputStream setBinaryStream(long position) throws SQLException {
    Positions.check(position, 0, bytes().length);
    return new ByteArrayOutputStream() {
      private int written; // bytes of this stream that are in the blob

      @Override
      public synchronized void write(int b) {
        super.write(b);
        carryOver();
      }

      @Override
      public synchronized void write(byte[] from, int offset, int length) {
        super.write(from, offset, length);
        carryOver();
      }

      private void carryOver() {
        try {
          setBytes(position + written, buf, written, count - written);
          written = count;
        } catch (SQLException e) {
          throw new IllegalStateException(e.getMessage(), e);
        }
      }
    };
  }

  @Override
  public void truncate(long length) throws SQLException {
    Positions.check(1, length, bytes().length);
    bytes = Arrays.copyOf(bytes, (int) Math.min(length, bytes.length));
  }

  @Override
  public void free() {
    bytes = null;
  }
}
