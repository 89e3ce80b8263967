package dev.kittiwake.client.txn;

/**
 * How to scan.
 *
 * @param limitHint the caller will probably not read more pairs than this; 0 if unknown. Only the
 *     size of fetches depends on it, the scan itself goes on.
 * @param batchSize pairs per fetch; 0 for the client's default
 */
public record ScanOptions(int limitHint, boolean reverse, boolean keyOnly, int batchSize) {
  public static final ScanOptions FORWARD = new ScanOptions(0, false, false, 0);
  public static final ScanOptions REVERSE = new ScanOptions(0, true, false, 0);

  public ScanOptions {
    if (limitHint < 0 || batchSize < 0) {
      throw new IllegalArgumentException(
          "limitHint " + limitHint + " and batchSize " + batchSize + " must not be negative");
    }
  }

  public ScanOptions withLimitHint(int rows) {
    return new ScanOptions(rows, reverse, keyOnly, batchSize);
  }

  public ScanOptions withKeyOnly(boolean only) {
    return new ScanOptions(limitHint, reverse, only, batchSize);
  }

  public ScanOptions withBatchSize(int rows) {
    return new ScanOptions(limitHint, reverse, keyOnly, rows);
  }
}
