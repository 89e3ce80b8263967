package dev.kittiwake.client.txn;

import dev.kittiwake.client.error.AlreadyExistsException;
import dev.kittiwake.client.error.DeadlockException;
import dev.kittiwake.client.error.KvException;
import dev.kittiwake.client.error.TransactionAbortedException;
import dev.kittiwake.client.error.WriteConflictException;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.AssertionFailed;
import dev.kittiwake.proto.kvrpcpb.KeyError;
import dev.kittiwake.proto.kvrpcpb.LockInfo;
import dev.kittiwake.proto.kvrpcpb.WriteConflict;

/** Errors about keys, as stores report them, as exceptions. Pure. */
final class KeyErrors {
  private KeyErrors() {}

  static KvException exception(KeyError error, long startTs) {
    if (error.hasAlreadyExist()) {
      return new AlreadyExistsException(Key.wrap(error.getAlreadyExist().getKey().toByteArray()));
    }
    if (error.hasDeadlock()) {
      return new DeadlockException(
          "deadlock: transaction "
              + Long.toUnsignedString(startTs)
              + " would wait for transaction "
              + Long.toUnsignedString(error.getDeadlock().getLockTs())
              + " on key "
              + Key.wrap(error.getDeadlock().getLockKey().toByteArray())
              + ", which waits for it");
    }
    if (error.hasConflict()) {
      return conflict(error.getConflict(), startTs);
    }
    if (error.hasAssertionFailed()) {
      return assertion(error.getAssertionFailed());
    }
    if (error.hasLocked()) {
      return new KvException("locked: " + describe(error.getLocked()));
    }
    if (error.hasTxnLockNotFound() || !error.getAbort().isEmpty()) {
      String text = error.getAbort().isEmpty() ? error.getRetryable() : error.getAbort();
      return new TransactionAbortedException(
          "transaction "
              + Long.toUnsignedString(startTs)
              + " was rolled back or lost a lock: "
              + oneLine(text));
    }
    if (!error.getRetryable().isEmpty()) {
      return new TransactionAbortedException(
          "transaction "
              + Long.toUnsignedString(startTs)
              + " has to be retried: "
              + oneLine(error.getRetryable()));
    }
    return new KvException("a store reported " + oneLine(error.toString()));
  }

  private static KvException conflict(WriteConflict conflict, long startTs) {
    String facts =
        "key "
            + Key.wrap(conflict.getKey().toByteArray())
            + " was changed at "
            + Long.toUnsignedString(conflict.getConflictCommitTs())
            + ", after transaction "
            + Long.toUnsignedString(startTs)
            + " started ("
            + conflict.getReason()
            + ")";
    return conflict.getReason() == WriteConflict.Reason.SelfRolledBack
        ? new TransactionAbortedException(
            "transaction " + Long.toUnsignedString(startTs) + " was rolled back by another client")
        : new WriteConflictException("write conflict: " + facts);
  }

  private static KvException assertion(AssertionFailed failed) {
    return new KvException(
        "broken promise: key "
            + Key.wrap(failed.getKey().toByteArray())
            + " should be "
            + failed.getAssertion()
            + " but was last changed at "
            + Long.toUnsignedString(failed.getExistingCommitTs()));
  }

  static String describe(LockInfo lock) {
    return "key "
        + Key.wrap(lock.getKey().toByteArray())
        + " is locked by transaction "
        + Long.toUnsignedString(lock.getLockVersion());
  }

  private static String oneLine(String text) {
    return text.replace('\n', ' ');
  }
}
