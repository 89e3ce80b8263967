package dev.kittiwake.client.txn;

import dev.kittiwake.proto.key.Key;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;

/**
 * One transaction: reads a snapshot as of {@link #startTs} plus its own writes, which wait in
 * memory until {@link #commit}. Snapshot isolation; write skew is possible unless what was read is
 * locked.
 *
 * <p>Blocks the caller. Confined to one thread at a time, except {@link #cancel}. Keys are user
 * keys; arrays passed in are not copied and must not be changed afterwards. In the pessimistic mode
 * a key that is read in order to be written has to be locked first ({@link #lock}); a {@link #put}
 * of a key without lock is a blind write.
 */
public interface Transaction extends AutoCloseable {
  long startTs();

  /** The value of {@code key}: own write, else value remembered by a lock, else snapshot. */
  byte[] get(byte[] key);

  /** Whether {@link #get} of {@code key} would answer a write of this transaction. */
  boolean hasWritten(byte[] key);

  /** As {@link #get} for many keys: those present, in key order. */
  Map<Key, byte[]> batchGet(Collection<Key> keys);

  /** As {@link Snapshot#scan}, with own writes merged in. */
  Scan scan(byte[] start, byte[] end, ScanOptions options);

  /**
   * @throws dev.kittiwake.client.error.ValueTooLargeException too large for a store
   * @throws dev.kittiwake.client.error.TransactionTooLargeException too much buffered
   */
  void put(byte[] key, byte[] value);

  void delete(byte[] key);

  /**
   * Writes a key that must not exist. Checked at once against own writes and remembered values, by
   * the lock if the key was locked with {@link LockOptions#mustNotExist}, otherwise by {@link
   * #commit}.
   *
   * @throws dev.kittiwake.client.error.AlreadyExistsException if it is known to exist
   */
  void insert(byte[] key, byte[] value);

  /**
   * Locks keys at their newest version, whatever the snapshot shows; a no-op for keys already
   * locked, and in the optimistic mode allowed too (the transaction then behaves pessimistically
   * for these keys). On failure the locks that this call took are given back.
   *
   * @throws dev.kittiwake.client.error.LockTimeoutException if another transaction keeps a lock
   * @throws dev.kittiwake.client.error.DeadlockException if waiting would never end
   * @throws dev.kittiwake.client.error.AlreadyExistsException see {@link LockOptions}
   */
  LockedValues lock(Collection<Key> keys, LockOptions options);

  /** The timestamp at which locks are taken; at least {@link #startTs}; grows. */
  long forUpdateTs();

  /**
   * The newest committed data, with own writes merged in: asks for a timestamp, which becomes
   * {@link #forUpdateTs}. For the scan of an {@code UPDATE ... WHERE} before it locks what it
   * found.
   */
  Snapshot currentRead();

  /** The data that this transaction reads (as of {@link #startTs} or the last refresh). */
  Snapshot snapshot();

  /** READ COMMITTED: what is read from now on is read at a new timestamp. */
  void refreshReadTs();

  Savepoint savepoint();

  /** Undoes all writes since {@code savepoint}; locks stay, later savepoints are void. */
  void rollbackTo(Savepoint savepoint);

  /**
   * Commits. Afterwards the transaction is closed, whatever happens.
   *
   * @throws dev.kittiwake.client.error.TransactionConflictException changed nothing
   * @throws dev.kittiwake.client.error.AlreadyExistsException changed nothing
   * @throws dev.kittiwake.client.error.UndeterminedException nobody knows (yet)
   */
  CommitResult commit();

  /** Drops all writes and releases all locks. Closed afterwards; harmless when repeated. */
  void rollback();

  /** Whether nothing has been written or locked so far. */
  boolean isReadOnlySoFar();

  /** Whether neither committed nor rolled back. */
  boolean isOpen();

  /**
   * Calls end with {@link dev.kittiwake.client.error.DeadlineExceededException} that much later;
   * null removes the deadline.
   */
  void setDeadline(Duration fromNow);

  /**
   * Ends the call that is waiting now, or the next one, with {@link
   * dev.kittiwake.client.error.CancelledException}. Any thread. The transaction stays open.
   */
  void cancel();

  /** Forgets a {@link #cancel} that no call has met: it came too late for what it meant. */
  void resume();

  /** Rolls back if still open. */
  @Override
  void close();
}
