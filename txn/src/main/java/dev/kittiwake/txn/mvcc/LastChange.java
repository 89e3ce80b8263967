package dev.kittiwake.txn.mvcc;

/**
 * A hint left by other implementations of the format: where the newest change of the value is, seen
 * from a record that changed nothing. Kept when records are re-written, not used for reading.
 *
 * @param versions how many records lie between; 0 with {@code ts} 0 means unknown
 */
public record LastChange(long ts, long versions) {
  public static final LastChange UNKNOWN = new LastChange(0, 0);
}
