package dev.kittiwake.sql.row;

/**
 * How a column's values are stored.
 *
 * @param precision digits of a decimal, fraction digits of a time; else 0
 * @param scale digits behind the point of a decimal
 */
public record StorageType(Kind kind, int precision, int scale) {
  /** The families of encodings. */
  public enum Kind {
    INTEGER,
    BOOLEAN,
    DOUBLE,
    DECIMAL,
    STRING,
    BYTES,
    DATE,
    TIME,
    TIMESTAMP
  }

  public static StorageType of(Kind kind) {
    return new StorageType(kind, 0, 0);
  }

  public static StorageType decimal(int precision, int scale) {
    return new StorageType(Kind.DECIMAL, precision, scale);
  }
}
