package dev.kittiwake.client.txn;

import dev.kittiwake.proto.key.Key;
import java.time.Duration;
import java.util.Set;

/**
 * How to lock.
 *
 * @param returnValues answer the current values of all locked keys, and remember them so that
 *     {@link Transaction#get} of these keys sees them
 * @param mustNotExist those of the keys that must be absent; otherwise {@link
 *     dev.kittiwake.client.error.AlreadyExistsException}
 * @param onlyIfExists leave absent keys unlocked; implies {@code returnValues}
 * @param waitMillis how long to wait for locks of others; {@link #DEFAULT_WAIT} or {@link #NO_WAIT}
 */
public record LockOptions(
    boolean returnValues, Set<Key> mustNotExist, boolean onlyIfExists, long waitMillis) {
  /** As the transaction's options say. */
  public static final long DEFAULT_WAIT = 0;

  /** Fail at once. */
  public static final long NO_WAIT = -1;

  public static final LockOptions PLAIN = new LockOptions(false, Set.of(), false, DEFAULT_WAIT);
  public static final LockOptions VALUES = new LockOptions(true, Set.of(), false, DEFAULT_WAIT);

  public LockOptions {
    if (waitMillis < NO_WAIT) {
      throw new IllegalArgumentException("waitMillis " + waitMillis + " is negative");
    }
    mustNotExist = Set.copyOf(mustNotExist);
    returnValues |= onlyIfExists;
  }

  public LockOptions withMustNotExist(Set<Key> keys) {
    return new LockOptions(returnValues, keys, onlyIfExists, waitMillis);
  }

  public LockOptions withOnlyIfExists(boolean only) {
    return new LockOptions(returnValues, mustNotExist, only, waitMillis);
  }

  public LockOptions withNoWait() {
    return new LockOptions(returnValues, mustNotExist, onlyIfExists, NO_WAIT);
  }

  public LockOptions withWait(Duration wait) {
    return new LockOptions(returnValues, mustNotExist, onlyIfExists, Math.max(1, wait.toMillis()));
  }
}
