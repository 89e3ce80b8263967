package dev.kittiwake.sql.exec;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import dev.kittiwake.sql.expr.Row;
import java.math.BigDecimal;

/** Bytes that one statement keeps, estimated and bounded. One thread. */
final class MemoryAccount {
  private static final int ROW = 32;
  private final long limit;
  private long used; // <= limit

  MemoryAccount(long limit) {
    this.limit = limit;
  }

  /**
   * @throws SqlError 53200 above the limit
   */
  void add(long bytes) {
    used += bytes;
    if (used > limit) {
      throw SqlError.of(
          SqlStates.OUT_OF_MEMORY,
          "the statement needs more memory than the "
              + limit / (1024 * 1024)
              + " MB it may use; let it sort, group or join fewer rows");
    }
  }

  void release(long bytes) {
    used -= bytes;
  }

  /** Accounts for a row that stays; returns its size. */
  long keep(Row row) {
    long bytes = sizeOf(row);
    add(bytes);
    return bytes;
  }

  long sizeOf(Row row) {
    long bytes = ROW;
    for (int i = 0; i < row.width(); i++) {
      bytes += size(row.value(i));
    }
    return bytes;
  }

  static long size(Object value) {
    if (value instanceof String text) {
      return 56 + text.length();
    }
    if (value instanceof byte[] bytes) {
      return 24 + bytes.length;
    }
    return value == null ? 8 : value instanceof BigDecimal ? 48 : 32;
  }
}
