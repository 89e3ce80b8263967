package dev.kittiwake.sql;

/** The SQLStates that Kittiwake reports. */
public final class SqlStates {
  public static final String CANNOT_CONNECT = "08001";
  public static final String SESSION_CLOSED = "08003";
  public static final String CONNECTION_FAILURE = "08006";
  public static final String OUTCOME_UNKNOWN = "08007";
  public static final String NOT_SUPPORTED = "0A000";
  public static final String CARDINALITY = "21000";
  public static final String STRING_TOO_LONG = "22001";
  public static final String NUMBER_OUT_OF_RANGE = "22003";
  public static final String INVALID_DATETIME = "22007";
  public static final String DIVISION_BY_ZERO = "22012";
  public static final String INVALID_CAST = "22018";
  public static final String INVALID_PARAMETER = "22023";
  public static final String INVALID_ESCAPE = "22025";
  public static final String NOT_NULL = "23502";
  public static final String UNIQUE = "23505";
  public static final String CHECK = "23514";
  public static final String TRANSACTION_OPEN = "25001";
  public static final String READ_ONLY = "25006";
  public static final String NO_TRANSACTION = "25P01";
  public static final String NO_SAVEPOINT = "3B001";
  public static final String CONFLICT = "40001";
  public static final String SYNTAX = "42601";
  public static final String DUPLICATE_TABLE = "42S01";
  public static final String UNKNOWN_TABLE = "42S02";
  public static final String DUPLICATE_INDEX = "42S11";
  public static final String UNKNOWN_INDEX = "42S12";
  public static final String DUPLICATE_COLUMN = "42S21";
  public static final String UNKNOWN_COLUMN = "42S22";
  public static final String TOO_LARGE = "54000";
  public static final String OUT_OF_MEMORY = "53200";
  public static final String LOCK_NOT_AVAILABLE = "55P03";
  public static final String CANCELLED = "57014";
  public static final String TIMEOUT = "HYT00";
  public static final String INTERNAL = "XX000";

  private SqlStates() {}
}
