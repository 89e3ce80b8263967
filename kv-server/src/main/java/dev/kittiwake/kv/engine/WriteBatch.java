package dev.kittiwake.kv.engine;

import java.util.Arrays;

/**
 * Changes that become visible together, in the order in which they were added. Confined to one
 * thread.
 *
 * <p>The bytes are kept in the record format of RocksDB's write batches, so that a batch reaches
 * RocksDB by one call and so that the records of a batch ({@link #fragment}) can be stored in the
 * raft log and appended to another batch later without being decoded:
 *
 * <pre>
 * batch    = sequence (8 bytes, zero) count (4 bytes, little endian) record*
 * record   = 0x05 family key value      put
 *          | 0x04 family key            delete
 *          | 0x0E family from to        delete the range [from, to)
 * family   = varint;  key, value, from, to = varint length, bytes
 * </pre>
 */
public final class WriteBatch {
  static final int HEADER_BYTES = 12;
  private static final byte PUT = 0x05;
  private static final byte DELETE = 0x04;
  private static final byte DELETE_RANGE = 0x0E;

  private byte[] bytes;
  private int length = HEADER_BYTES;
  private int count;

  public WriteBatch() {
    this(256);
  }

  /** An empty batch with room for about {@code bytes} of records. */
  public WriteBatch(int bytes) {
    this.bytes = new byte[HEADER_BYTES + bytes];
  }

  /** Receives the records of a batch. */
  public interface Visitor {
    void onPut(Family family, byte[] key, byte[] value);

    void onDelete(Family family, byte[] key);

    void onDeleteRange(Family family, byte[] from, byte[] to);
  }

  /** Learns the sizes of the records of a batch. */
  public interface Meter {
    void onPut(Family family, int keyBytes, int valueBytes);

    void onDelete(Family family, int keyBytes);

    void onDeleteRange(Family family);
  }

  public WriteBatch put(Family family, byte[] key, byte[] value) {
    start(PUT, family, key.length + value.length + 16);
    appendBytes(key);
    appendBytes(value);
    return this;
  }

  /** Like {@link #put(Family, byte[], byte[])} with the key {@code prefix ‖ key}, saving a copy. */
  public WriteBatch put(Family family, byte prefix, byte[] key, byte[] value) {
    start(PUT, family, key.length + value.length + 17);
    appendPrefixed(prefix, key);
    appendBytes(value);
    return this;
  }

  public WriteBatch delete(Family family, byte[] key) {
    start(DELETE, family, key.length + 8);
    appendBytes(key);
    return this;
  }

  /** Like {@link #delete(Family, byte[])} with the key {@code prefix ‖ key}. */
  public WriteBatch delete(Family family, byte prefix, byte[] key) {
    start(DELETE, family, key.length + 9);
    appendPrefixed(prefix, key);
    return this;
  }

  /** Deletes every key with {@code from <= key < to}; both bounds are given. */
  public WriteBatch deleteRange(Family family, byte[] from, byte[] to) {
    start(DELETE_RANGE, family, from.length + to.length + 16);
    appendBytes(from);
    appendBytes(to);
    return this;
  }

  /** Adds the records of a {@link #fragment}: {@code count} records at {@code source[from, to)}. */
  public WriteBatch append(byte[] source, int from, int to, int fragmentCount) {
    ensure(to - from);
    System.arraycopy(source, from, bytes, length, to - from);
    length += to - from;
    count += fragmentCount;
    return this;
  }

  public WriteBatch append(WriteBatch other) {
    return append(other.bytes, HEADER_BYTES, other.length, other.count);
  }

  /** How many records there are. */
  public int count() {
    return count;
  }

  public boolean isEmpty() {
    return count == 0;
  }

  /** The bytes of all records. */
  public int sizeBytes() {
    return length - HEADER_BYTES;
  }

  /** A copy of the records, without a header. */
  public byte[] fragment() {
    return Arrays.copyOfRange(bytes, HEADER_BYTES, length);
  }

  /** Copies the records into {@code target} at {@code offset}. */
  public void copyFragment(byte[] target, int offset) {
    System.arraycopy(bytes, HEADER_BYTES, target, offset, length - HEADER_BYTES);
  }

  /** Empties the batch for another use; its buffer stays. */
  public void clear() {
    length = HEADER_BYTES;
    count = 0;
  }

  /** Shows every record to {@code visitor} in order. */
  public void visit(Visitor visitor) {
    visit(bytes, HEADER_BYTES, length, visitor);
  }

  /**
   * Shows the records at {@code source[from, to)} to {@code visitor} and answers their number.
   *
   * @throws IllegalArgumentException if the bytes are no records
   */
  public static int visit(byte[] source, int from, int to, Visitor visitor) {
    Reader reader = new Reader(source, from, to);
    int seen = 0;
    while (reader.position < to) {
      byte tag = source[reader.position++];
      Family family = Family.ofId(reader.varint());
      if (tag == PUT) {
        visitor.onPut(family, reader.bytes(), reader.bytes());
      } else if (tag == DELETE) {
        visitor.onDelete(family, reader.bytes());
      } else if (tag == DELETE_RANGE) {
        visitor.onDeleteRange(family, reader.bytes(), reader.bytes());
      } else {
        throw new IllegalArgumentException("unknown record tag " + tag + " in a write batch");
      }
      seen++;
    }
    return seen;
  }

  /**
   * Shows those records at {@code source[from, to)} to {@code visitor} that concern {@code only}.
   *
   * @throws IllegalArgumentException if the bytes are no records
   */
  public static void visit(byte[] source, int from, int to, Family only, Visitor visitor) {
    Reader reader = new Reader(source, from, to);
    while (reader.position < to) {
      byte tag = source[reader.position++];
      boolean shown = Family.ofId(reader.varint()) == only;
      if (!shown) {
        reader.skip();
        if (tag != DELETE) {
          reader.skip();
        }
      } else if (tag == PUT) {
        visitor.onPut(only, reader.bytes(), reader.bytes());
      } else if (tag == DELETE) {
        visitor.onDelete(only, reader.bytes());
      } else if (tag == DELETE_RANGE) {
        visitor.onDeleteRange(only, reader.bytes(), reader.bytes());
      } else {
        throw new IllegalArgumentException("unknown record tag " + tag + " in a write batch");
      }
    }
  }

  /**
   * Tells the sizes of the records at {@code source[from, to)}, without copying them.
   *
   * @throws IllegalArgumentException if the bytes are no records
   */
  public static void measure(byte[] source, int from, int to, Meter meter) {
    Reader reader = new Reader(source, from, to);
    while (reader.position < to) {
      byte tag = source[reader.position++];
      Family family = Family.ofId(reader.varint());
      int keyBytes = reader.skip();
      if (tag == PUT) {
        meter.onPut(family, keyBytes, reader.skip());
      } else if (tag == DELETE) {
        meter.onDelete(family, keyBytes);
      } else if (tag == DELETE_RANGE) {
        reader.skip();
        meter.onDeleteRange(family);
      } else {
        throw new IllegalArgumentException("unknown record tag " + tag + " in a write batch");
      }
    }
  }

  /** The whole batch as RocksDB reads it. */
  byte[] toRocks() {
    bytes[8] = (byte) count;
    bytes[9] = (byte) (count >>> 8);
    bytes[10] = (byte) (count >>> 16);
    bytes[11] = (byte) (count >>> 24);
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  private void start(byte tag, Family family, int room) {
    ensure(room + 2);
    bytes[length++] = tag;
    bytes[length++] = (byte) family.id();
    count++;
  }

  private void appendBytes(byte[] value) {
    varint(value.length);
    System.arraycopy(value, 0, bytes, length, value.length);
    length += value.length;
  }

  private void appendPrefixed(byte prefix, byte[] key) {
    varint(key.length + 1);
    bytes[length++] = prefix;
    System.arraycopy(key, 0, bytes, length, key.length);
    length += key.length;
  }

  private void varint(int value) {
    int rest = value;
    while ((rest & ~0x7F) != 0) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
  }

  private void ensure(int room) {
    if (bytes.length - length < room) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + room));
    }
  }

  private static final class Reader {
    private final byte[] source;
    private final int end;
    private int position;

    Reader(byte[] source, int from, int end) {
      this.source = source;
      this.position = from;
      this.end = end;
    }

    int varint() {
      int value = 0;
      for (int shift = 0; shift < 32; shift += 7) {
        if (position >= end) {
          throw new IllegalArgumentException("a write batch ends within a number");
        }
        byte next = source[position++];
        value |= (next & 0x7F) << shift;
        if (next >= 0) {
          return value;
        }
      }
      throw new IllegalArgumentException("a number of a write batch is too long");
    }

    byte[] bytes() {
      int size = skip();
      return Arrays.copyOfRange(source, position - size, position);
    }

    /** Passes over some bytes and answers how many they are. */
    int skip() {
      int size = varint();
      if (size < 0 || size > end - position) {
        throw new IllegalArgumentException("a write batch ends within a record");
      }
      position += size;
      return size;
    }
  }
}
