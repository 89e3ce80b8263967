package dev.kittiwake.txn.mvcc;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.VersionedKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a command changes, in order: applied as one atomic write or not at all. Filled by one
 * command, read by the store afterwards.
 */
public final class WriteSet {
  private final List<Modification> modifications;
  private long bytes; // keys and values added so far

  public WriteSet() {
    this(4);
  }

  public WriteSet(int expectedModifications) {
    modifications = new ArrayList<>(expectedModifications);
  }

  /** The changes in the order in which they were made. */
  public List<Modification> modifications() {
    return Collections.unmodifiableList(modifications);
  }

  public boolean isEmpty() {
    return modifications.isEmpty();
  }

  /** The size of all keys and values. */
  public long bytes() {
    return bytes;
  }

  /** Sets the lock of {@code encodedKey}. */
  public void putLock(Key encodedKey, Lock lock) {
    put(ColumnFamily.LOCK, encodedKey, lock.encode());
  }

  public void deleteLock(Key encodedKey) {
    delete(ColumnFamily.LOCK, encodedKey);
  }

  /** Adds the record of a commit or rollback at {@code commitTs}. */
  public void putWrite(Key encodedKey, long commitTs, Write write) {
    put(ColumnFamily.WRITE, VersionedKey.append(encodedKey, commitTs), write.encode());
  }

  public void deleteWrite(Key encodedKey, long commitTs) {
    delete(ColumnFamily.WRITE, VersionedKey.append(encodedKey, commitTs));
  }

  /** Stores a value too long for its lock or write record. */
  public void putValue(Key encodedKey, long startTs, byte[] value) {
    put(ColumnFamily.DEFAULT, VersionedKey.append(encodedKey, startTs), value);
  }

  public void deleteValue(Key encodedKey, long startTs) {
    delete(ColumnFamily.DEFAULT, VersionedKey.append(encodedKey, startTs));
  }

  private void put(ColumnFamily family, Key key, byte[] value) {
    modifications.add(new Modification.Put(family, key, value));
    bytes += key.length() + value.length;
  }

  private void delete(ColumnFamily family, Key key) {
    modifications.add(new Modification.Delete(family, key));
    bytes += key.length();
  }
}
