package dev.kittiwake.txn.command;

import java.util.List;

/** One result per target, in the request's order. */
public record PessimisticLockResult(List<KeyResult> keys) {
  public PessimisticLockResult {
    keys = List.copyOf(keys);
  }

  /**
   * @param value null if the key has none, or values were not asked for
   * @param exists whether the key has a value; false if neither values nor existence were asked for
   * @param lockedWithConflictTs non-zero: the key was locked although a version with this commit ts
   *     is newer than the for_update_ts asked for
   */
  public record KeyResult(byte[] value, boolean exists, long lockedWithConflictTs) {
    static final KeyResult LOCKED = new KeyResult(null, false, 0);
  }
}
