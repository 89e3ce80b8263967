package dev.kittiwake.pd.meta;

import dev.kittiwake.proto.pdstore.BarrierRecord;

/**
 * Holds the safe points at or below {@code ts} while it lives: a backup, a change feed, a long
 * transaction.
 *
 * @param expiresMillis since 1970; 0: never
 * @param global counts for all keyspaces
 */
public record Barrier(String id, long ts, long expiresMillis, boolean global) {
  static Barrier of(BarrierRecord record) {
    return new Barrier(
        record.getId(), record.getTs(), record.getExpiresMillis(), record.getGlobal());
  }

  BarrierRecord record() {
    return BarrierRecord.newBuilder()
        .setId(id)
        .setTs(ts)
        .setExpiresMillis(expiresMillis)
        .setGlobal(global)
        .build();
  }

  public boolean isLive(long nowMillis) {
    return expiresMillis == 0 || expiresMillis > nowMillis;
  }

  /** Whole seconds left to live, at least 1 for a live one; {@code Long.MAX_VALUE}: for ever. */
  public long ttlSeconds(long nowMillis) {
    return expiresMillis == 0
        ? Long.MAX_VALUE
        : Math.max(0, (expiresMillis - nowMillis + 999) / 1000);
  }
}
