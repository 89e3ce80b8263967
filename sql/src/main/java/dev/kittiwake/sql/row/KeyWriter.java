package dev.kittiwake.sql.row;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A growing buffer of bytes. Not thread-safe. */
public final class KeyWriter {
  private static final VarHandle LONG_BE =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes;
  private int length;

  public KeyWriter() {
    this(64);
  }

  public KeyWriter(int capacity) {
    this.bytes = new byte[capacity];
  }

  private void ensure(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }

  public KeyWriter writeByte(int value) {
    ensure(1);
    bytes[length++] = (byte) value;
    return this;
  }

  /** 8 bytes, big-endian. */
  public KeyWriter writeLong(long value) {
    ensure(8);
    LONG_BE.set(bytes, length, value);
    length += 8;
    return this;
  }

  public KeyWriter writeShort(int value) {
    ensure(2);
    bytes[length++] = (byte) (value >> 8);
    bytes[length++] = (byte) value;
    return this;
  }

  public KeyWriter writeBytes(byte[] value) {
    return writeBytes(value, 0, value.length);
  }

  public KeyWriter writeBytes(byte[] value, int offset, int count) {
    ensure(count);
    System.arraycopy(value, offset, bytes, length, count);
    length += count;
    return this;
  }

  /**
   * Room for {@code count} bytes, which the caller fills in {@link #buffer} from the offset
   * returned.
   */
  int reserve(int count) {
    ensure(count);
    int at = length;
    length += count;
    return at;
  }

  byte[] buffer() {
    return bytes;
  }

  public int length() {
    return length;
  }

  /** Forgets what lies behind {@code newLength}. */
  public void truncate(int newLength) {
    length = newLength;
  }

  public byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  static long readLong(byte[] bytes, int offset) {
    return (long) LONG_BE.get(bytes, offset);
  }
}
