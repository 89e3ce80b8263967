package dev.kittiwake.txn.wait;

import dev.kittiwake.proto.key.Key;

/**
 * Transaction {@code txn} waits for {@code waitForTxn} to release {@code key}. Both are start
 * timestamps.
 *
 * @param keyHash {@link FarmHash#fingerprint64} of the user key
 * @param resourceGroupTag the client's tag, for its diagnostics; not to be changed
 */
public record WaitEdge(long txn, long waitForTxn, Key key, long keyHash, byte[] resourceGroupTag) {
  private static final byte[] NO_TAG = {};

  public WaitEdge(long txn, long waitForTxn, Key key) {
    this(txn, waitForTxn, key, FarmHash.fingerprint64(key.unsafeBytes()), NO_TAG);
  }
}
