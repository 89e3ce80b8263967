package dev.kittiwake.client.txn;

import dev.kittiwake.client.error.AlreadyExistsException;
import dev.kittiwake.client.error.CancelledException;
import dev.kittiwake.client.error.DeadlineExceededException;
import dev.kittiwake.client.error.DeadlockException;
import dev.kittiwake.client.error.LockTimeoutException;
import dev.kittiwake.client.error.WriteConflictException;
import dev.kittiwake.proto.key.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** A transaction of {@link MemoryTransactionClient}. */
final class MemoryTransaction implements Transaction {
  private final MemoryTransactionClient store;
  private final TransactionOptions options;
  private final long startTs;
  private final MemBuffer buffer = new MemBuffer();
  private final TreeSet<Key> locked = new TreeSet<>();
  private final HashMap<Key, byte[]> remembered = new HashMap<>(); // null: known to be absent
  private long readTs;
  private long forUpdateTs;
  private boolean open = true;
  private volatile boolean cancelled;
  private long deadlineNanos; // 0 = none

  MemoryTransaction(MemoryTransactionClient store, TransactionOptions options, long startTs) {
    this.store = store;
    this.options = options;
    this.startTs = startTs;
    this.readTs = startTs;
    this.forUpdateTs = startTs;
  }

  @Override
  public long startTs() {
    return startTs;
  }

  @Override
  public byte[] get(byte[] key) {
    Key wanted = Key.wrap(key);
    MemBuffer.Entry entry = buffer.entry(wanted);
    if (entry != null) {
      return entry.value();
    }
    if (remembered.containsKey(wanted)) {
      return remembered.get(wanted);
    }
    store.request();
    return store.read(wanted, readTs);
  }

  @Override
  public boolean hasWritten(byte[] key) {
    return buffer.entry(Key.wrap(key)) != null;
  }

  @Override
  public Map<Key, byte[]> batchGet(Collection<Key> keys) {
    TreeMap<Key, byte[]> found = new TreeMap<>();
    for (Key key : keys) {
      byte[] value = get(key.unsafeBytes());
      if (value != null) {
        found.put(key, value);
      }
    }
    return found;
  }

  @Override
  public Scan scan(byte[] start, byte[] end, ScanOptions scanOptions) {
    return new MemoryTransactionClient.MemorySnapshot(store, readTs, buffer)
        .scan(start, end, scanOptions);
  }

  @Override
  public void put(byte[] key, byte[] value) {
    buffer.put(Key.wrap(key), value);
  }

  @Override
  public void delete(byte[] key) {
    buffer.delete(Key.wrap(key));
  }

  @Override
  public void insert(byte[] key, byte[] value) {
    Key wanted = Key.wrap(key);
    MemBuffer.Entry own = buffer.entry(wanted);
    if (own != null && !own.isDelete() || own == null && remembered.get(wanted) != null) {
      throw new AlreadyExistsException(wanted);
    }
    if (own != null) {
      buffer.put(wanted, value);
    } else {
      buffer.insert(wanted, value);
    }
  }

  @Override
  public LockedValues lock(Collection<Key> keys, LockOptions lockOptions) {
    TreeMap<Key, byte[]> values = new TreeMap<>();
    List<Key> fresh = new ArrayList<>();
    synchronized (store) {
      store.request();
      try {
        for (Key key : new TreeSet<>(keys)) {
          lockOne(key, lockOptions, fresh);
          values.put(key, remembered.get(key));
        }
      } catch (RuntimeException e) {
        fresh.forEach(key -> store.locks.remove(key));
        locked.removeAll(fresh);
        store.notifyAll();
        throw e;
      }
    }
    return new LockedValues(values);
  }

  private void lockOne(Key key, LockOptions lockOptions, List<Key> fresh) {
    if (!locked.contains(key)) {
      long wait =
          lockOptions.waitMillis() == LockOptions.DEFAULT_WAIT
              ? options.lockWait().toMillis()
              : lockOptions.waitMillis();
      awaitFree(key, wait);
      forUpdateTs = store.tick();
      byte[] value = store.read(key, forUpdateTs);
      MemBuffer.Entry own = buffer.entry(key);
      if (lockOptions.mustNotExist().contains(key)
          && (own == null ? value != null : !own.isDelete())) {
        throw new AlreadyExistsException(key);
      }
      if (value == null && lockOptions.onlyIfExists()) {
        remembered.put(key, null);
        return;
      }
      store.locks.put(key, this);
      locked.add(key);
      fresh.add(key);
      remembered.put(key, value);
    }
  }

  /** Called under the store's monitor. */
  private void awaitFree(Key key, long waitMillis) {
    long giveUp = System.nanoTime() + waitMillis * 1_000_000;
    while (store.locks.get(key) != null && store.locks.get(key) != this) {
      MemoryTransaction holder = store.locks.get(key);
      if (waitMillis == LockOptions.NO_WAIT) {
        throw new LockTimeoutException("key " + key + " is locked");
      }
      for (MemoryTransaction next = holder; next != null; next = store.waiting.get(next)) {
        if (next == this) {
          throw new DeadlockException("waiting for each other");
        }
      }
      checkInterrupts();
      long left = giveUp - System.nanoTime();
      if (left <= 0) {
        throw new LockTimeoutException("no lock within " + waitMillis + " ms");
      }
      store.waiting.put(this, holder);
      try {
        store.wait(Math.min(20, left / 1_000_000 + 1));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CancelledException("interrupted");
      } finally {
        store.waiting.remove(this);
      }
    }
  }

  private void checkInterrupts() {
    if (cancelled) {
      cancelled = false;
      throw new CancelledException("cancelled");
    }
    if (deadlineNanos != 0 && System.nanoTime() - deadlineNanos > 0) {
      throw new DeadlineExceededException("late");
    }
  }

  @Override
  public long forUpdateTs() {
    return forUpdateTs;
  }

  @Override
  public Snapshot currentRead() {
    forUpdateTs = store.tick();
    return new MemoryTransactionClient.MemorySnapshot(store, forUpdateTs, buffer);
  }

  @Override
  public Snapshot snapshot() {
    return new MemoryTransactionClient.MemorySnapshot(store, readTs, null);
  }

  @Override
  public void refreshReadTs() {
    readTs = store.tick();
  }

  @Override
  public Savepoint savepoint() {
    return buffer.savepoint();
  }

  @Override
  public void rollbackTo(Savepoint savepoint) {
    buffer.rollbackTo(savepoint);
  }

  @Override
  public CommitResult commit() {
    synchronized (store) {
      try {
        for (Map.Entry<Key, MemBuffer.Entry> write : buffer.entries().entrySet()) {
          check(write.getKey(), write.getValue());
        }
        long commitTs = store.tick();
        buffer
            .entries()
            .forEach(
                (key, entry) ->
                    store
                        .versions
                        .computeIfAbsent(key, k -> new TreeMap<>())
                        .put(commitTs, entry.value()));
        return new CommitResult(CommitResult.Path.ONE_PHASE, buffer.isEmpty() ? 0 : commitTs);
      } finally {
        end();
      }
    }
  }

  private void check(Key key, MemBuffer.Entry entry) {
    awaitFree(key, options.lockWait().toMillis());
    if (!locked.contains(key) && !options.isPessimistic() && store.newestVersion(key) > startTs) {
      throw new WriteConflictException("key " + key + " was written after the transaction began");
    }
    if (!locked.contains(key) && entry.mustNotExist() && store.read(key, Long.MAX_VALUE) != null) {
      throw new AlreadyExistsException(key);
    }
  }

  private void end() {
    open = false;
    locked.forEach(key -> store.locks.remove(key));
    locked.clear();
    store.waiting.values().removeIf(holder -> holder == this);
    store.notifyAll();
  }

  @Override
  public void rollback() {
    synchronized (store) {
      end();
    }
  }

  @Override
  public boolean isReadOnlySoFar() {
    return buffer.isEmpty() && locked.isEmpty();
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void setDeadline(Duration fromNow) {
    deadlineNanos = fromNow == null ? 0 : System.nanoTime() + fromNow.toNanos();
  }

  @Override
  public void cancel() {
    cancelled = true;
    synchronized (store) {
      store.waiting.remove(this);
      store.notifyAll();
    }
  }

  @Override
  public void resume() {
    cancelled = false;
  }

  @Override
  public void close() {
    if (open) {
      rollback();
    }
  }
}
