package dev.kittiwake.txn.mvcc;

import dev.kittiwake.proto.key.Key;

/** One change of the stored data. Keys are stored keys. */
public sealed interface Modification {
  ColumnFamily family();

  Key key();

  /** Writes {@code value}, which nobody changes any more. */
  record Put(ColumnFamily family, Key key, byte[] value) implements Modification {}

  /** Removes the record, if there is one. */
  record Delete(ColumnFamily family, Key key) implements Modification {}
}
