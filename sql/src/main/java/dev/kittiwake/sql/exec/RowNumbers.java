package dev.kittiwake.sql.exec;

/** Gives out numbers for hidden row ids and identity columns. Thread-safe. */
public interface RowNumbers {
  /** A number that the table has never had; rising within this process. */
  long next(long tableId);

  /** From now on numbers are above {@code used}. */
  void skipTo(long tableId, long used);
}
