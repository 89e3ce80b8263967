package dev.kittiwake.sql.row;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;

/**
 * Writes rows in TiDB's format v2, all numbers little-endian:
 *
 * <pre>
 * 80 | flags (1 = large) | count of values (2) | count of NULLs (2)
 *    | ids of the values, rising, then of the NULLs, rising (1 byte each; large: 4)
 *    | end offset of each value (2; large: 4) | values
 * </pre>
 *
 * Integers take 1, 2, 4 or 8 bytes, strings are UTF-8, decimals and doubles as in keys, times
 * packed and then trimmed like unsigned integers. Large form: an id above 255 or more than 65535
 * bytes.
 *
 * <p>Worked example: column 2 = 300 (integer), column 3 = "ab", column 4 = NULL is {@code 80 00 02
 * 00 01 00 | 02 03 04 | 02 00 04 00 | 2C 01 61 62}.
 */
public final class RowCodec {
  static final int VERSION = 128;
  static final int LARGE = 1;
  static final int HEADER = 6;

  private RowCodec() {}

  /** The row's value; primary key columns are left out, for the key holds them. */
  public static byte[] encode(TableLayout table, Object[] values) {
    int[] order = table.storedOrder;
    KeyWriter data = new KeyWriter(256);
    int[] ends = new int[order.length];
    int present = 0;
    for (int column : order) {
      if (values[column] != null) {
        writeValue(values[column], table.columns[column].type(), data);
        ends[present++] = data.length();
      }
    }
    boolean large = table.largeIds || data.length() > 0xFFFF;
    int idSize = large ? 4 : 1;
    int endSize = large ? 4 : 2;
    int length = HEADER + order.length * idSize + present * endSize + data.length();
    byte[] row = new byte[length];
    row[0] = (byte) VERSION;
    row[1] = (byte) (large ? LARGE : 0);
    putLittle(row, 2, 2, present);
    putLittle(row, 4, 2, order.length - present);
    int valueId = HEADER;
    int nullId = HEADER + present * idSize;
    for (int column : order) {
      if (values[column] != null) {
        putLittle(row, valueId, idSize, table.columns[column].id());
        valueId += idSize;
      } else {
        putLittle(row, nullId, idSize, table.columns[column].id());
        nullId += idSize;
      }
    }
    int at = HEADER + order.length * idSize;
    for (int i = 0; i < present; i++, at += endSize) {
      putLittle(row, at, endSize, ends[i]);
    }
    System.arraycopy(data.buffer(), 0, row, at, data.length());
    return row;
  }

  private static void writeValue(Object value, StorageType type, KeyWriter out) {
    switch (type.kind()) {
      case INTEGER -> writeTrimmed((Long) value, out);
      case BOOLEAN -> out.writeByte((Boolean) value ? 1 : 0);
      case DOUBLE -> out.writeLong(DatumCodec.sortableBits((Double) value));
      case DECIMAL -> DecimalCodec.encode((BigDecimal) value, type.precision(), type.scale(), out);
      case STRING -> out.writeBytes(((String) value).getBytes(StandardCharsets.UTF_8));
      case BYTES -> out.writeBytes((byte[]) value);
      case DATE -> writeTrimmedUnsigned(TimeCodec.pack((LocalDate) value), out);
      case TIMESTAMP -> writeTrimmedUnsigned(TimeCodec.pack((LocalDateTime) value), out);
      case TIME -> writeTrimmed(TimeCodec.pack((LocalTime) value), out);
    }
  }

  private static void writeTrimmed(long value, KeyWriter out) {
    int size =
        value == (byte) value ? 1 : value == (short) value ? 2 : value == (int) value ? 4 : 8;
    putLittle(out, size, value);
  }

  private static void writeTrimmedUnsigned(long value, KeyWriter out) {
    int size = value >>> 8 == 0 ? 1 : value >>> 16 == 0 ? 2 : value >>> 32 == 0 ? 4 : 8;
    putLittle(out, size, value);
  }

  private static void putLittle(KeyWriter out, int size, long value) {
    int at = out.reserve(size);
    putLittle(out.buffer(), at, size, value);
  }

  private static void putLittle(byte[] bytes, int at, int size, long value) {
    for (int i = 0; i < size; i++) {
      bytes[at + i] = (byte) (value >> (8 * i));
    }
  }

  /** Fills the key columns from a handle. */
  public static void decodeHandle(TableLayout table, byte[] handle, Object[] into) {
    if (table.handleKind == TableLayout.HandleKind.INTEGER) {
      into[table.keyColumns[0]] = KeyWriter.readLong(handle, 0) ^ DatumCodec.SIGN;
    } else {
      int at = 0;
      for (int column : table.keyColumns) {
        into[column] = DatumCodec.decode(handle, at, table.columns[column].type());
        at += DatumCodec.lengthAt(handle, at);
      }
    }
  }

  /** All columns of a row, by position. */
  public static Object[] decode(TableLayout table, byte[] rowKey, byte[] row) {
    RowView view = new RowView(table);
    view.reset(rowKey, row);
    Object[] values = new Object[table.columns.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = view.value(i);
    }
    return values;
  }
}
