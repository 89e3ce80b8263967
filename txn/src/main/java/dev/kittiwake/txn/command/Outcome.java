package dev.kittiwake.txn.command;

import dev.kittiwake.txn.mvcc.LockedKey;
import dev.kittiwake.txn.mvcc.WriteSet;
import dev.kittiwake.txn.wait.InMemoryLocks;
import java.util.List;

/**
 * What is to be done for a command.
 *
 * @param <R> the reply
 */
public sealed interface Outcome<R> {
  /** Nothing to write: answer. */
  record Answer<R>(R reply) implements Outcome<R> {}

  /**
   * Make {@code writes} durable, then drop {@code hold} (also when replication failed), wake the
   * waiters of {@code released}, and answer.
   *
   * @param hold the in-memory locks taken by this command; {@link InMemoryLocks.Hold#NONE} if none
   * @param next if not null, there is more to do: run it instead of answering
   */
  record Replicate<R>(
      WriteSet writes,
      R reply,
      List<ReleasedLock> released,
      InMemoryLocks.Hold hold,
      Command<R> next)
      implements Outcome<R> {
    Replicate(WriteSet writes, R reply, List<ReleasedLock> released) {
      this(writes, reply, released, InMemoryLocks.Hold.NONE, null);
    }
  }

  /**
   * Wait until {@code locked} is released or the command's wait limit is over; then execute the
   * command again with a new snapshot, or answer {@link KeyError.Locked}.
   */
  record WaitFor<R>(LockedKey locked) implements Outcome<R> {}

  /** Nothing decided yet: run {@code next}, which latches other keys; its reply is the answer. */
  record Continue<R>(Command<R> next) implements Outcome<R> {}

  /** Replicates {@code writes}, or answers at once if there are none. */
  static <R> Outcome<R> of(WriteSet writes, R reply, List<ReleasedLock> released) {
    return writes.isEmpty() ? new Answer<>(reply) : new Replicate<>(writes, reply, released);
  }

  /** As {@link #of(WriteSet, Object, List)}, to be followed by {@code next} if that is not null. */
  static <R> Outcome<R> of(WriteSet writes, R reply, List<ReleasedLock> released, Command<R> next) {
    if (writes.isEmpty()) {
      return next == null ? new Answer<>(reply) : new Continue<>(next);
    }
    return new Replicate<>(writes, reply, released, InMemoryLocks.Hold.NONE, next);
  }
}
