package dev.kittiwake.sql.row;

import java.util.Arrays;

/**
 * Index entries. An entry of a unique index whose columns hold no NULL has the columns as its key
 * and the handle as its value: a second row with the same columns would need the same key. Any
 * other entry has the handle at the end of its key; so NULLs never collide, as SQL wants.
 *
 * <p>Values: {@code '0'} without handle; 8 bytes for an integer handle; for a common handle {@code
 * tail length, 7F, length (2 bytes), handle}, padded to at least 10 bytes.
 */
public final class IndexCodec {
  private static final byte[] NO_HANDLE = {'0'};
  private static final int COMMON_HANDLE = 0x7F;
  private static final int SHORTEST_NEW = 10;

  private IndexCodec() {}

  /** An entry to put or delete. */
  public record Entry(byte[] key, byte[] value, boolean unique) {}

  /** The entry of {@code index} for a row with these values (by position) and handle. */
  public static Entry entry(TableLayout table, IndexLayout index, Object[] values, byte[] handle) {
    KeyWriter out = new KeyWriter(TableKeys.INDEX_COLUMNS_OFFSET + 9 * index.columns().length + 24);
    TableKeys.writeIndexPrefix(table.id, index.id(), out);
    boolean distinct = index.unique();
    for (int column : index.columns()) {
      distinct &= values[column] != null;
      DatumCodec.encode(values[column], table.columns[column].type(), out);
    }
    if (distinct) {
      return new Entry(out.toBytes(), handleValue(table, handle), true);
    }
    if (table.hasIntegerHandle()) {
      out.writeByte(DatumCodec.INT);
    }
    out.writeBytes(handle);
    return new Entry(out.toBytes(), NO_HANDLE, false);
  }

  private static byte[] handleValue(TableLayout table, byte[] handle) {
    if (table.hasIntegerHandle()) {
      return handleAsUnsigned(handle);
    }
    int tail = Math.max(0, SHORTEST_NEW - (4 + handle.length));
    byte[] value = new byte[4 + handle.length + tail];
    value[0] = (byte) tail;
    value[1] = COMMON_HANDLE;
    value[2] = (byte) (handle.length >> 8);
    value[3] = (byte) handle.length;
    System.arraycopy(handle, 0, value, 4, handle.length);
    return value;
  }

  /** Values hold the plain integer, keys hold it with the sign flipped. */
  private static byte[] handleAsUnsigned(byte[] handle) {
    byte[] flipped = handle.clone();
    flipped[0] ^= (byte) 0x80;
    return flipped;
  }

  /** The handle (as in row keys) that an entry leads to. */
  public static byte[] handle(TableLayout table, IndexLayout index, byte[] key, byte[] value) {
    if (value.length == 8) {
      return handleAsUnsigned(value);
    }
    if (value.length >= SHORTEST_NEW && value[1] == COMMON_HANDLE) {
      int length = (value[2] & 0xFF) << 8 | value[3] & 0xFF;
      return Arrays.copyOfRange(value, 4, 4 + length);
    }
    int at = TableKeys.INDEX_COLUMNS_OFFSET;
    for (int i = 0; i < index.columns().length; i++) {
      at += DatumCodec.lengthAt(key, at);
    }
    return Arrays.copyOfRange(key, table.hasIntegerHandle() ? at + 1 : at, key.length);
  }

  /**
   * Fills the columns that an entry holds, its own and those of the primary key, into {@code into}
   * (by position).
   */
  public static void decode(
      TableLayout table, IndexLayout index, byte[] key, byte[] value, Object[] into) {
    int at = TableKeys.INDEX_COLUMNS_OFFSET;
    for (int column : index.columns()) {
      into[column] = DatumCodec.decode(key, at, table.columns[column].type());
      at += DatumCodec.lengthAt(key, at);
    }
    RowCodec.decodeHandle(table, handle(table, index, key, value), into);
  }
}
