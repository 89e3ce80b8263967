package dev.kittiwake.jdbc;

import java.sql.SQLException;

/** {@code java.sql.Wrapper}, the same for every class: an object wraps nothing but itself. */
final class Wrappers {
  private Wrappers() {}

  static <T> T unwrap(Object object, Class<T> type) throws SQLException {
    if (type.isInstance(object)) {
      return type.cast(object);
    }
    throw SQLExceptions.invalidArgument(
        object.getClass().getName() + " does not wrap a " + type.getName());
  }
}
