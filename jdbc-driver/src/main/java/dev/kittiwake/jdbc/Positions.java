package dev.kittiwake.jdbc;

import java.sql.SQLException;

/** Checks of positions in large objects, which count from 1. */
final class Positions {
  private Positions() {}

  /** {@code position} may be one past the end. */
  static void check(long position, long length, long size) throws SQLException {
    if (position < 1 || position > size + 1) {
      throw SQLExceptions.invalidArgument(
          "position " + position + " is not between 1 and " + (size + 1));
    }
    if (length < 0 || length > Integer.MAX_VALUE - 8) {
      throw SQLExceptions.invalidArgument("length " + length + " is not between 0 and 2^31 - 9");
    }
  }
}
