package dev.kittiwake.txn.mvcc;

import java.util.List;

/**
 * What few locks carry.
 *
 * @param rollbackTs start timestamps of other transactions rolled back on this key while the lock
 *     was there, should the lock commit at exactly such a timestamp
 * @param lockedWithConflict the lock was forced although a newer version existed
 * @param generation the flush that wrote the lock; 0 if not pipelined
 */
public record LockMarks(
    List<Long> rollbackTs,
    LastChange lastChange,
    long txnSource,
    boolean lockedWithConflict,
    long generation) {
  public static final LockMarks NONE = new LockMarks(List.of(), LastChange.UNKNOWN, 0, false, 0);

  public LockMarks {
    rollbackTs = List.copyOf(rollbackTs);
  }
}
