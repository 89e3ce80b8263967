package dev.kittiwake.sql;

import java.util.Objects;

/**
 * Every failure a user can see: one clear line and a SQLState. The driver maps the state to an
 * exception class of {@code java.sql}.
 */
public final class SqlError extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String sqlState;
  private final int vendorCode;
  private final int position;

  private SqlError(String sqlState, int vendorCode, int position, String message, Throwable cause) {
    super(message, cause);
    this.sqlState = Objects.requireNonNull(sqlState, "sqlState");
    this.vendorCode = vendorCode;
    this.position = position;
  }

  public static SqlError of(String sqlState, String message) {
    return new SqlError(sqlState, 0, 0, message, null);
  }

  public static SqlError of(String sqlState, String message, Throwable cause) {
    return new SqlError(sqlState, 0, 0, message, cause);
  }

  /** An error at a place of the statement's text; {@code position} counts characters from 1. */
  public static SqlError at(String sqlState, int position, String message) {
    return new SqlError(sqlState, 0, position, message, null);
  }

  /** As it came from a remote session. */
  public static SqlError remote(String sqlState, int vendorCode, int position, String message) {
    return new SqlError(sqlState, vendorCode, position, message, null);
  }

  public String sqlState() {
    return sqlState;
  }

  /** 0 unless a tool expects another number. */
  public int vendorCode() {
    return vendorCode;
  }

  /** Character of the statement's text that the error is about, from 1; 0 if unknown. */
  public int position() {
    return position;
  }
}
