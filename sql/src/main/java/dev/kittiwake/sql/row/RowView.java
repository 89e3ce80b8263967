package dev.kittiwake.sql.row;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads single columns out of a row's bytes, decoding only what is asked for. A view is moved from
 * row to row by {@link #reset}. Not thread-safe.
 */
public final class RowView {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int ABSENT = -1;
  private static final int NULL = -2;

  private final TableLayout table;
  private byte[] key;
  private byte[] row;
  private boolean large;
  private int present; // count of values
  private int nulls; // count of NULLs
  private int offsetsAt;
  private int dataAt;
  private int start; // of the value found last
  private int end;

  public RowView(TableLayout table) {
    this.table = table;
  }

  /**
   * @throws IllegalArgumentException if {@code row} is not in format v2
   */
  public void reset(byte[] rowKey, byte[] rowValue) {
    if (rowValue.length < RowCodec.HEADER || (rowValue[0] & 0xFF) != RowCodec.VERSION) {
      throw new IllegalArgumentException(
          "table " + table.id + ": a row of " + rowValue.length + " bytes is not in format v2");
    }
    this.key = rowKey;
    this.row = rowValue;
    this.large = (rowValue[1] & RowCodec.LARGE) != 0;
    this.present = (short) SHORT.get(rowValue, 2) & 0xFFFF;
    this.nulls = (short) SHORT.get(rowValue, 4) & 0xFFFF;
    this.offsetsAt = RowCodec.HEADER + (present + nulls) * (large ? 4 : 1);
    this.dataAt = offsetsAt + present * (large ? 4 : 2);
  }

  public TableLayout table() {
    return table;
  }

  public byte[] key() {
    return key;
  }

  public byte[] row() {
    return row;
  }

  public boolean isNull(int column) {
    if (table.keyPosition[column] >= 0) {
      return false;
    }
    int found = find(column);
    return found == NULL || found == ABSENT && table.columns[column].missing() == null;
  }

  /** The value of an integer column; 0 for NULL. */
  public long longValue(int column) {
    if (table.keyPosition[column] >= 0) {
      return table.handleKind == TableLayout.HandleKind.INTEGER
          ? KeyWriter.readLong(key, TableKeys.HANDLE_OFFSET) ^ DatumCodec.SIGN
          : DatumCodec.decodeLong(key, keyOffset(column));
    }
    int found = find(column);
    if (found >= 0) {
      return signed();
    }
    Object missing = found == ABSENT ? table.columns[column].missing() : null;
    return missing == null ? 0 : (Long) missing;
  }

  /** The value, or null. */
  public Object value(int column) {
    StorageType type = table.columns[column].type();
    if (table.keyPosition[column] >= 0) {
      return table.handleKind == TableLayout.HandleKind.INTEGER
          ? (Object) longValue(column)
          : DatumCodec.decode(key, keyOffset(column), type);
    }
    int found = find(column);
    if (found < 0) {
      return found == ABSENT ? table.columns[column].missing() : null;
    }
    return switch (type.kind()) {
      case INTEGER -> signed();
      case BOOLEAN -> row[start] != 0;
      case DOUBLE -> DatumCodec.fromSortableBits(KeyWriter.readLong(row, start));
      case DECIMAL -> DecimalCodec.decode(row, start);
      case STRING -> new String(row, start, end - start, StandardCharsets.UTF_8);
      case BYTES -> java.util.Arrays.copyOfRange(row, start, end);
      case DATE -> TimeCodec.date(unsigned());
      case TIMESTAMP -> TimeCodec.dateTime(unsigned());
      case TIME -> TimeCodec.time(signed());
    };
  }

  private int keyOffset(int column) {
    int at = TableKeys.HANDLE_OFFSET;
    for (int i = table.keyPosition[column]; i > 0; i--) {
      at += DatumCodec.lengthAt(key, at);
    }
    return at;
  }

  /** Sets start and end to the column's value; returns its place, or NULL, or ABSENT. */
  private int find(int column) {
    int id = table.columns[column].id();
    int guess = table.storedIndex[column];
    int place =
        guess < present && idAt(guess) == id ? guess : search(id, 0, Math.min(guess, present));
    if (place >= 0) {
      start = dataAt + (place == 0 ? 0 : endAt(place - 1));
      end = dataAt + endAt(place);
      return place;
    }
    return search(id, present, present + nulls) >= 0 ? NULL : searchLater(id, guess);
  }

  /** Rows of another schema version may hold the id where this version would not expect it. */
  private int searchLater(int id, int guess) {
    int place = search(id, Math.min(guess, present), present);
    if (place < 0) {
      return ABSENT;
    }
    start = dataAt + (place == 0 ? 0 : endAt(place - 1));
    end = dataAt + endAt(place);
    return place;
  }

  private int search(int id, int from, int to) {
    int low = from;
    int high = to - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int found = idAt(middle);
      if (found == id) {
        return middle;
      }
      if (found < id) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return ABSENT;
  }

  private int idAt(int place) {
    return large
        ? (int) INT.get(row, RowCodec.HEADER + place * 4)
        : row[RowCodec.HEADER + place] & 0xFF;
  }

  private int endAt(int place) {
    return large
        ? (int) INT.get(row, offsetsAt + place * 4)
        : (short) SHORT.get(row, offsetsAt + place * 2) & 0xFFFF;
  }

  private long signed() {
    return switch (end - start) {
      case 1 -> row[start];
      case 2 -> (short) SHORT.get(row, start);
      case 4 -> (int) INT.get(row, start);
      default -> (long) LONG.get(row, start);
    };
  }

  private long unsigned() {
    return switch (end - start) {
      case 1 -> row[start] & 0xFF;
      case 2 -> (short) SHORT.get(row, start) & 0xFFFF;
      case 4 -> (int) INT.get(row, start) & 0xFFFF_FFFFL;
      default -> (long) LONG.get(row, start);
    };
  }
}
