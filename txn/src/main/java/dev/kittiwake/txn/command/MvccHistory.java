package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.txn.mvcc.Lock;
import dev.kittiwake.txn.mvcc.Version;
import java.util.List;

/**
 * Everything stored of one key, newest first.
 *
 * @param key null if nothing was found
 * @param lock null if there is none
 */
public record MvccHistory(Key key, Lock lock, List<Version> writes, List<StoredValue> values) {
  static final MvccHistory NOTHING = new MvccHistory(null, null, List.of(), List.of());

  /** A value of the default family, written by the transaction {@code startTs}. */
  public record StoredValue(long startTs, byte[] value) {}
}
