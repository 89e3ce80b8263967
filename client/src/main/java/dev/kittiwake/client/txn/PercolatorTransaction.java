package dev.kittiwake.client.txn;

import dev.kittiwake.client.CallScope;
import dev.kittiwake.client.ClientConfig.TransactionConfig;
import dev.kittiwake.client.error.AlreadyExistsException;
import dev.kittiwake.client.error.CancelledException;
import dev.kittiwake.client.error.KvException;
import dev.kittiwake.client.error.TransactionTooLargeException;
import dev.kittiwake.client.error.UndeterminedException;
import dev.kittiwake.client.error.ValueTooLargeException;
import dev.kittiwake.proto.key.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** See {@link Transaction}. */
final class PercolatorTransaction implements Transaction {
  private final TxnEnvironment env;
  private final TransactionOptions options;
  private final CallScope scope;
  private final long begunNanos;
  private final CompletableFuture<Long> start;
  private final MemBuffer buffer = new MemBuffer();
  private PessimisticLocks locks; // null until the start timestamp is needed
  private Snapshot committed; // what is read under own writes; null until first needed
  private boolean open = true;

  PercolatorTransaction(TxnEnvironment env, TransactionOptions options) {
    this.env = env;
    this.options = options;
    this.scope = new CallScope(env.runtime);
    this.begunNanos = env.runtime.nanos().getAsLong();
    this.start = env.pd.timestamp();
  }

  @Override
  public long startTs() {
    return scope.await(start);
  }

  private PessimisticLocks locks() {
    if (locks == null) {
      locks =
          new PessimisticLocks(env, scope, startTs(), begunNanos, options.lockWait().toMillis());
    }
    return locks;
  }

  private Snapshot committed() {
    requireOpen();
    if (committed == null) {
      committed = new CommittedSnapshot(env, scope, startTs(), options.reads());
    }
    return committed;
  }

  private void requireOpen() {
    if (!open) {
      throw new KvException("the transaction is already committed or rolled back");
    }
  }

  @Override
  public byte[] get(byte[] key) {
    requireOpen();
    Key wanted = Key.wrap(key);
    MemBuffer.Entry own = buffer.entry(wanted);
    if (own != null) {
      return own.value();
    }
    PessimisticLocks.Held lock = locks == null ? null : locks.held(wanted);
    return lock != null && lock.isKnown() ? lock.value() : committed().get(key);
  }

  @Override
  public boolean hasWritten(byte[] key) {
    requireOpen();
    return buffer.entry(Key.wrap(key)) != null;
  }

  @Override
  public Map<Key, byte[]> batchGet(Collection<Key> keys) {
    requireOpen();
    Map<Key, byte[]> found = new TreeMap<>();
    List<Key> missing = new ArrayList<>();
    for (Key key : keys) {
      MemBuffer.Entry own = buffer.entry(key);
      PessimisticLocks.Held lock = locks == null ? null : locks.held(key);
      if (own == null && (lock == null || !lock.isKnown())) {
        missing.add(key);
      } else {
        byte[] value = own != null ? own.value() : lock.value();
        if (value != null) {
          found.put(key, value);
        }
      }
    }
    if (!missing.isEmpty()) {
      found.putAll(committed().batchGet(missing));
    }
    return found;
  }

  @Override
  public Scan scan(byte[] start, byte[] end, ScanOptions options) {
    return snapshot().scan(start, end, options);
  }

  @Override
  public Snapshot snapshot() {
    return new OwnWritesSnapshot(buffer, committed());
  }

  @Override
  public void put(byte[] key, byte[] value) {
    requireRoom(key, value);
    buffer.put(Key.wrap(key), value);
  }

  @Override
  public void delete(byte[] key) {
    requireRoom(key, new byte[0]);
    buffer.delete(Key.wrap(key));
  }

  @Override
  public void insert(byte[] key, byte[] value) {
    requireRoom(key, value);
    Key wanted = Key.wrap(key);
    MemBuffer.Entry own = buffer.entry(wanted);
    if (own != null && !own.isDelete()) {
      throw new AlreadyExistsException(wanted);
    }
    PessimisticLocks.Held lock = locks == null ? null : locks.held(wanted);
    if (own == null && lock != null && lock.isKnown() && lock.value() != null) {
      throw new AlreadyExistsException(wanted);
    }
    if (own != null) {
      buffer.put(wanted, value); // deleted by this transaction: what was there does not matter
    } else {
      buffer.insert(wanted, value);
    }
  }

  private void requireRoom(byte[] key, byte[] value) {
    requireOpen();
    TransactionConfig limits = env.config.transactions();
    long entry = (long) key.length + value.length;
    if (entry > limits.maxEntryBytes()) {
      throw new ValueTooLargeException(
          "key and value of "
              + entry
              + " bytes are more than the "
              + limits.maxEntryBytes()
              + " that one entry may have");
    }
    if (buffer.bytes() + entry > limits.maxBytes()) {
      throw new TransactionTooLargeException(
          "the transaction would buffer "
              + (buffer.bytes() + entry)
              + " bytes, more than the "
              + limits.maxBytes()
              + " allowed; commit in smaller steps");
    }
  }

  @Override
  public LockedValues lock(Collection<Key> keys, LockOptions lockOptions) {
    requireOpen();
    Set<Key> mustNotExist = lockOptions.mustNotExist();
    if (!mustNotExist.isEmpty() && !buffer.isEmpty()) {
      mustNotExist = new LinkedHashSet<>();
      for (Key key : lockOptions.mustNotExist()) {
        MemBuffer.Entry own = buffer.entry(key);
        if (own == null) {
          mustNotExist.add(key);
        } else if (!own.isDelete()) {
          throw new AlreadyExistsException(key);
        }
      }
    }
    return locks().lock(keys, lockOptions.withMustNotExist(mustNotExist));
  }

  @Override
  public long forUpdateTs() {
    return locks().forUpdateTs();
  }

  @Override
  public Snapshot currentRead() {
    requireOpen();
    locks().raiseForUpdateTs(scope.await(env.pd.timestamp()));
    return new OwnWritesSnapshot(
        buffer, new CommittedSnapshot(env, scope, locks.forUpdateTs(), options.reads()));
  }

  @Override
  public void refreshReadTs() {
    requireOpen();
    long now = scope.await(env.pd.timestamp());
    locks().raiseForUpdateTs(now);
    committed = new CommittedSnapshot(env, scope, now, options.reads());
  }

  @Override
  public Savepoint savepoint() {
    requireOpen();
    return buffer.savepoint();
  }

  @Override
  public void rollbackTo(Savepoint savepoint) {
    requireOpen();
    buffer.rollbackTo(savepoint);
  }

  @Override
  public CommitResult commit() {
    requireOpen();
    if (buffer.isEmpty() && (locks == null || locks.givenAtOnce())) {
      rollback(); // what was read is of one moment, whether or not its locks are still there
      return new CommitResult(CommitResult.Path.NOTHING, 0);
    }
    long startTs = startTs();
    List<TxnMutation> mutations = TxnMutation.of(buffer, locks(), options.isPessimistic());
    open = false;
    boolean locked = !locks.isEmpty();
    TransactionConfig limits = env.config.transactions();
    boolean large = buffer.bytes() > limits.chunkBytes() || mutations.size() > limits.chunkKeys();
    long life = locked || large ? limits.lockTtlMillis() : limits.optimisticTtlMillis();
    Key primary = locked ? locks.primary() : primaryOf(mutations);
    CommitPlan plan =
        new CommitPlan(
            startTs,
            locked ? locks.forUpdateTs() : 0,
            primary,
            mutations,
            locks.aliveMillis() + life,
            options,
            options.order() == TransactionOptions.CommitOrder.REAL_TIME);
    return commit(plan, !locked && large);
  }

  /** The first key that leaves a lock: a key that is only checked cannot tell the outcome. */
  private static Key primaryOf(List<TxnMutation> mutations) {
    return mutations.stream()
        .filter(TxnMutation::leavesLock)
        .findFirst()
        .orElse(mutations.get(0))
        .key();
  }

  private CommitResult commit(CommitPlan plan, boolean needsHeartbeat) {
    Heartbeats.Beating heartbeat =
        needsHeartbeat ? env.heartbeats.start(plan.startTs(), plan.primary(), begunNanos) : null;
    CompletableFuture<CommitResult> outcome = new TwoPhaseCommit(env, plan, scope).run();
    CompletableFuture<CommitResult> ended =
        outcome.whenComplete(
            (result, failure) -> {
              locks.stopHeartbeat();
              if (heartbeat != null) {
                heartbeat.close();
              }
            });
    try {
      // Not through the scope: once begun, a commit has to be seen to its end.
      return env.runtime.await(ended);
    } catch (CancelledException e) {
      if (ended.isDone()) {
        throw e;
      }
      throw new UndeterminedException(
          "the thread was interrupted during the commit of transaction "
              + Long.toUnsignedString(plan.startTs())
              + ", which may or may not be committed",
          e);
    }
  }

  @Override
  public void rollback() {
    if (open) {
      open = false;
      if (locks != null) {
        locks.releaseAll();
      }
    }
  }

  @Override
  public boolean isReadOnlySoFar() {
    return buffer.isEmpty() && (locks == null || locks.isEmpty());
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void setDeadline(Duration fromNow) {
    scope.deadlineIn(fromNow == null ? -1 : fromNow.toNanos());
  }

  @Override
  public void cancel() {
    scope.cancel();
  }

  @Override
  public void resume() {
    scope.resume();
  }

  @Override
  public void close() {
    rollback();
  }
}
