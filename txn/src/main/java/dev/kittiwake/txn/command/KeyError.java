package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.txn.mvcc.LockedKey;
import dev.kittiwake.txn.wait.WaitEdge;
import java.util.List;

/**
 * Why a request on a key cannot be done: one record per row of the protocol's key errors. Keys are
 * user keys.
 */
public sealed interface KeyError {
  /** One line with the facts; keys in hexadecimal digits. */
  String message();

  /** The exception that carries this error. */
  default TxnRejected rejected() {
    return new TxnRejected(this);
  }

  /**
   * Another transaction's lock is in the way.
   *
   * @param sinceLastUpdateMillis how long the lock was waited for since it last changed hands; 0 if
   *     nobody waited
   */
  record Locked(LockedKey locked, long sinceLastUpdateMillis) implements KeyError {
    public Locked(LockedKey locked) {
      this(locked, 0);
    }

    @Override
    public String message() {
      return "key "
          + locked.key()
          + " is locked by "
          + Timestamp.toString(locked.lock().startTs())
          + ", primary "
          + locked.lock().primary();
    }
  }

  /**
   * A newer version, or a rollback of the transaction itself, forbids the write.
   *
   * @param primary the primary of the refused transaction; empty if unknown
   */
  record WriteConflict(
      Key key,
      Key primary,
      long startTs,
      long conflictStartTs,
      long conflictCommitTs,
      ConflictReason reason)
      implements KeyError {
    @Override
    public String message() {
      return "write conflict "
          + reason
          + " on key "
          + key
          + ": start ts "
          + Timestamp.toString(startTs)
          + ", conflicting start ts "
          + Timestamp.toString(conflictStartTs)
          + ", commit ts "
          + Timestamp.toString(conflictCommitTs);
    }
  }

  /** The key to be inserted exists. */
  record AlreadyExists(Key key) implements KeyError {
    @Override
    public String message() {
      return "key " + key + " already exists";
    }
  }

  /**
   * Waiting would close a cycle.
   *
   * @param lockTs start ts of the transaction that would be waited for, on {@code lockKey}
   * @param deadlockKeyHash hash of the key, held by the refused transaction, that the last one of
   *     the cycle waits for
   * @param deadlockKey that key; empty if unknown
   */
  record Deadlock(
      long lockTs, Key lockKey, long deadlockKeyHash, Key deadlockKey, List<WaitEdge> waitChain)
      implements KeyError {
    public Deadlock {
      waitChain = List.copyOf(waitChain);
    }

    @Override
    public String message() {
      return "deadlock: waiting for "
          + Timestamp.toString(lockTs)
          + " on key "
          + lockKey
          + " would close a cycle of "
          + waitChain.size();
    }
  }

  /** A reader has pushed the lock past the commit timestamp; a newer one will do. */
  record CommitTsExpired(long startTs, long attemptedCommitTs, Key key, long minCommitTs)
      implements KeyError {
    @Override
    public String message() {
      return "commit ts "
          + Timestamp.toString(attemptedCommitTs)
          + " below min commit ts "
          + Timestamp.toString(minCommitTs)
          + ", key "
          + key
          + ", start "
          + Timestamp.toString(startTs);
    }
  }

  /** The primary knows nothing of the transaction. */
  record TxnNotFound(long startTs, Key primary) implements KeyError {
    @Override
    public String message() {
      return "transaction " + Timestamp.toString(startTs) + " not found on primary " + primary;
    }
  }

  /** A commit found neither its lock nor its commit record. */
  record TxnLockNotFound(long startTs, long commitTs, Key key) implements KeyError {
    @Override
    public String message() {
      return "lock of transaction "
          + Timestamp.toString(startTs)
          + " not found on key "
          + key
          + ", commit ts "
          + Timestamp.toString(commitTs);
    }
  }

  /** No commit timestamp can be computed at or below the client's limit. */
  record CommitTsTooLarge(long commitTs) implements KeyError {
    @Override
    public String message() {
      return "commit ts " + Timestamp.toString(commitTs) + " too large";
    }
  }

  /**
   * The client's assertion about the existing value does not hold; the existing timestamps are 0 if
   * there is no value.
   */
  record AssertionFailed(
      long startTs, Key key, Assertion assertion, long existingStartTs, long existingCommitTs)
      implements KeyError {
    @Override
    public String message() {
      return "assertion "
          + assertion
          + " failed on key "
          + key
          + ", start "
          + Timestamp.toString(startTs)
          + ", existing start "
          + Timestamp.toString(existingStartTs)
          + " commit "
          + Timestamp.toString(existingCommitTs);
    }
  }

  /** The key asked about is not the primary of the transaction that locks it. */
  record PrimaryMismatch(LockedKey locked) implements KeyError {
    @Override
    public String message() {
      return "key "
          + locked.key()
          + " is not the primary of "
          + Timestamp.toString(locked.lock().startTs())
          + ", which is "
          + locked.lock().primary();
    }
  }

  /** The pessimistic lock that the prewrite relies on is gone: the transaction must be aborted. */
  record PessimisticLockNotFound(long startTs, Key key) implements KeyError {
    @Override
    public String message() {
      return "pessimistic lock of " + Timestamp.toString(startTs) + " not found on key " + key;
    }
  }

  /** The transaction that asks for a pessimistic lock was rolled back. */
  record PessimisticLockRolledBack(long startTs, Key key) implements KeyError {
    @Override
    public String message() {
      return "transaction "
          + Timestamp.toString(startTs)
          + " was rolled back on key "
          + key
          + ", pessimistic lock refused";
    }
  }

  /** The transaction to be rolled back has committed. */
  record Committed(long startTs, long commitTs, Key key) implements KeyError {
    @Override
    public String message() {
      return "transaction "
          + Timestamp.toString(startTs)
          + " has committed key "
          + key
          + " at "
          + Timestamp.toString(commitTs);
    }
  }

  /** A request that contradicts itself or the state of the key. */
  record Invalid(String message) implements KeyError {}
}
