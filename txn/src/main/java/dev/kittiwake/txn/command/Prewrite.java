package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.txn.mvcc.Lock;
import dev.kittiwake.txn.mvcc.LockedKey;
import dev.kittiwake.txn.mvcc.MvccReader;
import dev.kittiwake.txn.mvcc.Snapshot;
import dev.kittiwake.txn.mvcc.WriteSet;
import dev.kittiwake.txn.wait.InMemoryLocks;
import java.util.ArrayList;
import java.util.List;

/**
 * The first phase of a commit: locks keys and stores their new values, if nobody else has written
 * or locked them since. Percolator §2.2. Repeating it is harmless, also after the transaction has
 * committed.
 *
 * <p>With {@link CommitShortcut} the second phase is spared. <em>Async commit</em>: the locks carry
 * the least timestamp at which the transaction may commit, chosen above every read of this store;
 * once all locks of all regions are there, it is committed at the greatest of them. <em>One
 * phase</em>: this request has all the keys, so commit records are written at once. Where neither
 * is possible, ordinary locks are written and the client commits in two phases.
 *
 * @param skipConstraintCheck do not look for newer versions: the caller knows there are none
 */
public record Prewrite(
    TxnHeader txn,
    List<Mutation> mutations,
    CommitShortcut shortcut,
    AssertionLevel assertionLevel,
    boolean skipConstraintCheck)
    implements Command<PrewriteResult> {
  public Prewrite {
    mutations = List.copyOf(mutations);
  }

  /** An ordinary optimistic or pessimistic prewrite, without assertions. */
  public Prewrite(TxnHeader txn, List<Mutation> mutations, CommitShortcut shortcut) {
    this(txn, mutations, shortcut, AssertionLevel.OFF, false);
  }

  @Override
  public List<Key> latchKeys() {
    List<Key> keys = new ArrayList<>(mutations.size());
    for (Mutation mutation : mutations) {
      keys.add(mutation.key());
    }
    return keys;
  }

  @Override
  public boolean needsSyncedMaxTs() {
    return shortcut.asyncCommit() || shortcut.onePhase();
  }

  /**
   * @throws TxnRejected {@code WriteConflict}, {@code PessimisticLockNotFound}, {@code
   *     AlreadyExists}, {@code AssertionFailed}; locks of others are in the result instead, all of
   *     them
   */
  @Override
  public Outcome<PrewriteResult> execute(Snapshot snapshot, CommandContext context) {
    List<PrewriteKey> keys = new ArrayList<>(mutations.size());
    List<KeyError.Locked> locked = new ArrayList<>(0);
    try (MvccReader reader = MvccReader.forKeys(snapshot, latchKeys())) {
      for (Mutation mutation : mutations) {
        PrewriteKey key = PrewriteKey.check(this, mutation, reader, context);
        if (key.alreadyCommittedAt() != 0) {
          return new Outcome.Answer<>(committed(key.alreadyCommittedAt()));
        }
        if (key.blocker() != null) {
          locked.add(new KeyError.Locked(new LockedKey(mutation.key(), key.blocker())));
        }
        keys.add(key);
      }
    }
    if (!locked.isEmpty()) {
      return new Outcome.Answer<>(new PrewriteResult(0, 0, locked));
    }
    return write(keys, context);
  }

  private PrewriteResult committed(long commitTs) {
    return new PrewriteResult(
        shortcut.asyncCommit() ? commitTs : 0, shortcut.onePhase() ? commitTs : 0, List.of());
  }

  private Outcome<PrewriteResult> write(List<PrewriteKey> keys, CommandContext context) {
    // What an earlier attempt has written decides the way: its locks cannot be committed at once,
    // and ordinary ones cannot be committed asynchronously.
    boolean onePhase = shortcut.onePhase() && context.maxTsSynced();
    boolean async = shortcut.asyncCommit() && context.maxTsSynced();
    for (PrewriteKey key : keys) {
      if (key.alreadyLocked() != null) {
        onePhase = false;
        async &= key.alreadyLocked().asyncCommit();
      }
    }
    if (!onePhase && !async) {
      return writeLocks(keys, false, InMemoryLocks.Hold.NONE);
    }
    InMemoryLocks.Hold hold = hold(keys, async, context);
    if (shortcut.maxCommitTs() != 0
        && Timestamp.isAfter(hold.minCommitTs(), shortcut.maxCommitTs())) {
      hold.close();
      return writeLocks(keys, false, InMemoryLocks.Hold.NONE);
    }
    return onePhase ? commitNow(keys, hold) : writeLocks(keys, true, hold);
  }

  /** Enters the locks in memory; from then on their commit timestamp is above every read. */
  private InMemoryLocks.Hold hold(List<PrewriteKey> keys, boolean async, CommandContext context) {
    List<LockedKey> wanted = new ArrayList<>(keys.size());
    long floor =
        Timestamp.max(Timestamp.max(txn.startTs(), txn.forUpdateTs()) + 1, txn.minCommitTs());
    for (PrewriteKey key : keys) {
      floor = Timestamp.max(floor, key.commitFloor());
      if (key.writes()) {
        wanted.add(new LockedKey(key.key(), key.lock(txn, secondariesOf(key, async), async, 0)));
      }
    }
    return context.memoryLocks().hold(wanted, floor);
  }

  private Outcome<PrewriteResult> commitNow(List<PrewriteKey> keys, InMemoryLocks.Hold hold) {
    long commitTs = hold.minCommitTs();
    WriteSet writes = new WriteSet(2 * keys.size());
    List<ReleasedLock> released = new ArrayList<>(keys.size());
    for (PrewriteKey key : keys) {
      key.commit(txn, commitTs, writes, released);
    }
    // The client takes a commit timestamp of one phase for all it needs; an async one goes along.
    return replicate(
        writes,
        new PrewriteResult(shortcut.asyncCommit() ? commitTs : 0, commitTs, List.of()),
        released,
        hold);
  }

  private Outcome<PrewriteResult> writeLocks(
      List<PrewriteKey> keys, boolean async, InMemoryLocks.Hold hold) {
    WriteSet writes = new WriteSet(2 * keys.size());
    // What is promised to the client must stand in a lock: whoever resolves the transaction
    // computes its commit timestamp from the locks alone.
    long minCommitTs = 0;
    for (PrewriteKey key : keys) {
      if (key.alreadyLocked() != null) {
        minCommitTs = Timestamp.max(minCommitTs, key.alreadyLocked().minCommitTs());
      } else if (key.writes()) {
        Lock lock = key.lock(txn, secondariesOf(key, async), async, hold.minCommitTs());
        minCommitTs = Timestamp.max(minCommitTs, lock.minCommitTs());
        writes.putLock(key.encoded(), lock);
        key.putLongValue(txn.startTs(), writes);
      }
    }
    minCommitTs = async ? minCommitTs : 0;
    return replicate(writes, new PrewriteResult(minCommitTs, 0, List.of()), List.of(), hold);
  }

  private List<Key> secondariesOf(PrewriteKey key, boolean async) {
    return async && key.key().equals(txn.primary()) ? shortcut.secondaries() : List.of();
  }

  private static Outcome<PrewriteResult> replicate(
      WriteSet writes,
      PrewriteResult result,
      List<ReleasedLock> released,
      InMemoryLocks.Hold hold) {
    if (writes.isEmpty()) {
      hold.close();
      return new Outcome.Answer<>(result);
    }
    return new Outcome.Replicate<>(writes, result, released, hold, null);
  }
}
