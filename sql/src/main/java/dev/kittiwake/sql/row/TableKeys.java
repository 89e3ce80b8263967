package dev.kittiwake.sql.row;

import dev.kittiwake.proto.key.Key;
import java.util.Arrays;

/**
 * Keys of rows and the bounds of tables and indexes.
 *
 * <p>Worked example: row 7 of table 41 is {@code 74 80 00 00 00 00 00 00 29 5F 72 80 00 00 00 00 00
 * 00 07}, in characters {@code t········)_r········}.
 */
public final class TableKeys {
  /** Length of {@code t{table}_r}: the handle begins here. */
  public static final int HANDLE_OFFSET = 11;

  /** Length of {@code t{table}_i{index}}: the columns begin here. */
  public static final int INDEX_COLUMNS_OFFSET = 19;

  private TableKeys() {}

  static void writeRowPrefix(long tableId, KeyWriter out) {
    out.writeByte('t').writeLong(tableId ^ DatumCodec.SIGN).writeByte('_').writeByte('r');
  }

  static void writeIndexPrefix(long tableId, long indexId, KeyWriter out) {
    out.writeByte('t').writeLong(tableId ^ DatumCodec.SIGN).writeByte('_').writeByte('i');
    out.writeLong(indexId ^ DatumCodec.SIGN);
  }

  public static byte[] rowPrefix(long tableId) {
    KeyWriter out = new KeyWriter(HANDLE_OFFSET);
    writeRowPrefix(tableId, out);
    return out.toBytes();
  }

  public static byte[] indexPrefix(long tableId, long indexId) {
    KeyWriter out = new KeyWriter(INDEX_COLUMNS_OFFSET);
    writeIndexPrefix(tableId, indexId, out);
    return out.toBytes();
  }

  /** Everything of a table, rows and indexes: {@code t{table}}. */
  public static byte[] tablePrefix(long tableId) {
    return new KeyWriter(9).writeByte('t').writeLong(tableId ^ DatumCodec.SIGN).toBytes();
  }

  /** The smallest key above all that start with {@code prefix}. */
  public static byte[] prefixEnd(byte[] prefix) {
    return Key.wrap(prefix).prefixEnd().unsafeBytes();
  }

  public static byte[] rowKey(long tableId, byte[] handle) {
    KeyWriter out = new KeyWriter(HANDLE_OFFSET + handle.length);
    writeRowPrefix(tableId, out);
    return out.writeBytes(handle).toBytes();
  }

  public static byte[] rowKey(long tableId, long handle) {
    KeyWriter out = new KeyWriter(HANDLE_OFFSET + 8);
    writeRowPrefix(tableId, out);
    return out.writeLong(handle ^ DatumCodec.SIGN).toBytes();
  }

  /** The handle within a row's key. */
  public static byte[] handleOf(byte[] rowKey) {
    return Arrays.copyOfRange(rowKey, HANDLE_OFFSET, rowKey.length);
  }

  public static byte[] integerHandle(long handle) {
    return new KeyWriter(8).writeLong(handle ^ DatumCodec.SIGN).toBytes();
  }

  /** The key of the row with these values (by position). */
  public static byte[] rowKey(TableLayout table, Object[] values) {
    KeyWriter out = new KeyWriter(HANDLE_OFFSET + 9 * table.keyColumns.length);
    writeRowPrefix(table.id, out);
    for (int column : table.keyColumns) {
      writeHandleDatum(table, column, values[column], out);
    }
    return out.toBytes();
  }

  /** Appends one primary key column as the handle holds it. */
  public static void writeHandleDatum(TableLayout table, int column, Object value, KeyWriter out) {
    if (table.handleKind == TableLayout.HandleKind.INTEGER) {
      out.writeLong((Long) value ^ DatumCodec.SIGN);
    } else {
      DatumCodec.encode(value, table.columns[column].type(), out);
    }
  }
}
