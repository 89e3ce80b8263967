package dev.kittiwake.sql.exec;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.sql.catalog.SqlType;
import dev.kittiwake.sql.expr.ArrayRow;
import dev.kittiwake.sql.expr.EvalContext;
import dev.kittiwake.sql.expr.Expression;
import dev.kittiwake.sql.expr.ExpressionCompiler;
import dev.kittiwake.sql.expr.Row;
import dev.kittiwake.sql.expr.Values;
import dev.kittiwake.sql.plan.KeyRange;
import dev.kittiwake.sql.row.DatumCodec;
import dev.kittiwake.sql.row.KeyWriter;
import dev.kittiwake.sql.row.StorageType;
import dev.kittiwake.sql.row.TableKeys;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Turns the ranges of a plan into ranges of bytes. Immutable, shared. */
final class RangeEncoder {
  private static final int FIRST_NOT_NULL = 1; // flag bytes of values are at least this

  /** From start (inclusive) to end (exclusive). */
  record Bytes(byte[] start, byte[] end) {}

  /** One range, its expressions compiled. */
  private record Compiled(
      List<Expression> prefix,
      Expression lower,
      boolean lowerInclusive,
      Expression upper,
      boolean upperInclusive) {}

  private final byte[] base;
  private final boolean plainInteger; // an integer handle: 8 bytes without flag
  private final List<SqlType> types;
  private final List<StorageType> storage;
  private final List<Compiled> ranges = new ArrayList<>();

  /**
   * @param base what all keys begin with
   * @param types of the key columns
   */
  RangeEncoder(byte[] base, boolean plainInteger, List<SqlType> types, List<KeyRange> plan) {
    this.base = base;
    this.plainInteger = plainInteger;
    this.types = types;
    this.storage = types.stream().map(Layouts::storage).toList();
    for (KeyRange range : plan) {
      ranges.add(
          new Compiled(
              ExpressionCompiler.compileAll(range.prefix()),
              range.lower().map(b -> ExpressionCompiler.compile(b.value())).orElse(null),
              range.lower().map(KeyRange.Bound::inclusive).orElse(false),
              range.upper().map(b -> ExpressionCompiler.compile(b.value())).orElse(null),
              range.upper().map(KeyRange.Bound::inclusive).orElse(false)));
    }
  }

  /** The ranges for this execution: sorted, merged, none empty. */
  List<Bytes> encode(EvalContext context) {
    List<Bytes> encoded = new ArrayList<>(ranges.size());
    for (Compiled range : ranges) {
      Bytes bytes = encode(range, context);
      if (bytes != null && Key.wrap(bytes.start).compareTo(Key.wrap(bytes.end)) < 0) {
        encoded.add(bytes);
      }
    }
    return encoded.size() < 2 ? encoded : merge(encoded);
  }

  private static List<Bytes> merge(List<Bytes> ranges) {
    ranges.sort(Comparator.comparing(range -> Key.wrap(range.start)));
    List<Bytes> merged = new ArrayList<>();
    Bytes last = ranges.get(0);
    for (Bytes next : ranges.subList(1, ranges.size())) {
      Key end = Key.wrap(last.end);
      if (Key.wrap(next.start).compareTo(end) <= 0) {
        last = new Bytes(last.start, Key.wrap(next.end).compareTo(end) > 0 ? next.end : last.end);
      } else {
        merged.add(last);
        last = next;
      }
    }
    merged.add(last);
    return merged;
  }

  private Bytes encode(Compiled range, EvalContext context) {
    KeyWriter out = new KeyWriter(base.length + 40);
    out.writeBytes(base);
    if (!writePrefix(range.prefix, ArrayRow.EMPTY, context, out)) {
      return null;
    }
    byte[] prefix = out.toBytes();
    int column = range.prefix.size();
    byte[] start = prefix;
    byte[] end = TableKeys.prefixEnd(prefix);
    if (range.upper != null) {
      start = plainInteger ? prefix : appended(prefix, FIRST_NOT_NULL);
    }
    if (range.lower != null) {
      start =
          bound(
              prefix,
              column,
              range.lower.eval(ArrayRow.EMPTY, context),
              range.lowerInclusive,
              true);
    }
    if (range.upper != null) {
      end =
          bound(
              prefix,
              column,
              range.upper.eval(ArrayRow.EMPTY, context),
              range.upperInclusive,
              false);
    }
    return start == null || end == null ? null : new Bytes(start, end);
  }

  /** Appends the values to a key; false if one is NULL or can equal no stored value. */
  boolean writePrefix(List<Expression> values, Row row, EvalContext context, KeyWriter out) {
    for (int i = 0; i < values.size(); i++) {
      Object value =
          KeyValues.stored(values.get(i).eval(row, context), types.get(i), storage.get(i));
      if (value == null || value == KeyValues.NONE) {
        return false;
      }
      write(i, value, out);
    }
    return true;
  }

  private void write(int column, Object value, KeyWriter out) {
    if (plainInteger) {
      out.writeLong((Long) value ^ Long.MIN_VALUE);
    } else {
      DatumCodec.encode(value, storage.get(column), out);
    }
  }

  /** The key at which a bound begins (lower) or ends (upper); null if nothing can be inside. */
  private byte[] bound(byte[] prefix, int column, Object asked, boolean inclusive, boolean lower) {
    if (asked == null) {
      return null;
    }
    Object value = KeyValues.stored(asked, types.get(column), storage.get(column));
    boolean included = inclusive;
    if (value == KeyValues.NONE) {
      // between two stored values: the one below, which is outside for a lower bound
      BigDecimal number = Values.toDecimal(asked);
      included = !lower;
      value = below(number, storage.get(column));
      if (value == null) {
        boolean everything = number.signum() > 0 != lower;
        byte[] all = lower ? appended(prefix, FIRST_NOT_NULL) : TableKeys.prefixEnd(prefix);
        return everything ? (lower && plainInteger ? prefix : all) : null;
      }
    }
    KeyWriter out = new KeyWriter(prefix.length + 16);
    write(column, value, out.writeBytes(prefix));
    byte[] key = out.toBytes();
    return lower == included ? key : TableKeys.prefixEnd(key);
  }

  /** The largest stored value not above; null if all stored values are on one side. */
  private static Object below(BigDecimal number, StorageType storage) {
    if (storage.kind() == StorageType.Kind.INTEGER) {
      BigDecimal whole = number.setScale(0, RoundingMode.FLOOR);
      return whole.precision() > 18 ? null : (Object) whole.longValueExact();
    }
    BigDecimal scaled = number.setScale(storage.scale(), RoundingMode.FLOOR);
    return scaled.precision() > storage.precision() ? null : scaled;
  }

  private static byte[] appended(byte[] prefix, int last) {
    byte[] key = java.util.Arrays.copyOf(prefix, prefix.length + 1);
    key[prefix.length] = (byte) last;
    return key;
  }
}
