package dev.kittiwake.client.txn;

import dev.kittiwake.client.error.CancelledException;
import dev.kittiwake.client.error.DeadlineExceededException;
import dev.kittiwake.client.error.TransactionConflictException;
import dev.kittiwake.client.region.ReadFrom;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A real, small multi-version store in memory behind the client's interfaces: snapshots, locks with
 * waiting and deadlock detection, optimistic conflicts. Commits are atomic under one monitor, so
 * readers never meet locks. Timestamps are a counter.
 */
public final class MemoryTransactionClient implements TransactionClient {
  /** Versions by commit timestamp; a null value is a deletion. */
  final TreeMap<Key, TreeMap<Long, byte[]>> versions = new TreeMap<>();

  final Map<Key, MemoryTransaction> locks = new HashMap<>();
  final Map<MemoryTransaction, MemoryTransaction> waiting = new HashMap<>(); // who waits for whom
  private long time = 1;
  private long requests; // reads and lock requests, for tests that count round trips

  synchronized long tick() {
    return ++time;
  }

  synchronized void request() {
    requests++;
  }

  /** Read and lock requests so far. */
  public synchronized long requests() {
    return requests;
  }

  /** How many transactions wait for a lock right now. */
  public synchronized int waiters() {
    return waiting.size();
  }

  synchronized byte[] read(Key key, long ts) {
    TreeMap<Long, byte[]> all = versions.get(key);
    Map.Entry<Long, byte[]> newest = all == null ? null : all.floorEntry(ts);
    return newest == null ? null : newest.getValue();
  }

  synchronized long newestVersion(Key key) {
    TreeMap<Long, byte[]> all = versions.get(key);
    return all == null ? 0 : all.lastKey();
  }

  synchronized TreeMap<Key, byte[]> range(Key start, Key end, long ts) {
    TreeMap<Key, byte[]> found = new TreeMap<>();
    var part = end.isEmpty() ? versions.tailMap(start) : versions.subMap(start, end);
    part.keySet()
        .forEach(
            key -> {
              byte[] value = read(key, ts);
              if (value != null) {
                found.put(key, value);
              }
            });
    return found;
  }

  @Override
  public Transaction begin(TransactionOptions options) {
    return new MemoryTransaction(this, options, tick());
  }

  @Override
  public Snapshot snapshot(long ts, ReadFrom from) {
    return snapshot(ts); // there is one replica
  }

  @Override
  public Snapshot snapshot(long ts) {
    return new MemorySnapshot(this, ts == Timestamp.MAX ? Long.MAX_VALUE : ts, null);
  }

  @Override
  public Snapshot latestSnapshot() {
    return snapshot(tick());
  }

  @Override
  public long currentTimestamp() {
    return tick();
  }

  @Override
  public <T> T run(Function<Transaction, T> work) {
    return run(TransactionOptions.pessimistic(), work);
  }

  @Override
  public <T> T run(TransactionOptions options, Function<Transaction, T> work) {
    for (int attempt = 1; ; attempt++) {
      try (Transaction transaction = begin(options)) {
        T result = work.apply(transaction);
        transaction.commit();
        return result;
      } catch (TransactionConflictException e) {
        if (attempt == 10) {
          throw e;
        }
      }
    }
  }

  /** The data at a timestamp, with a buffer's writes on top if there is one. */
  static final class MemorySnapshot implements Snapshot {
    private final MemoryTransactionClient store;
    private final long ts;
    private final MemBuffer own; // null: none
    private long deadlineNanos; // 0 = none
    private volatile boolean cancelled;

    MemorySnapshot(MemoryTransactionClient store, long ts, MemBuffer own) {
      this.store = store;
      this.ts = ts;
      this.own = own;
    }

    @Override
    public long ts() {
      return ts;
    }

    @Override
    public void setDeadline(Duration fromNow) {
      deadlineNanos = fromNow == null ? 0 : System.nanoTime() + fromNow.toNanos();
    }

    @Override
    public void cancel() {
      cancelled = true;
    }

    private void request() {
      if (cancelled) {
        throw new CancelledException("cancelled");
      }
      if (deadlineNanos != 0 && System.nanoTime() - deadlineNanos > 0) {
        throw new DeadlineExceededException("late");
      }
      store.request();
    }

    @Override
    public byte[] get(byte[] key) {
      request();
      return find(Key.wrap(key));
    }

    private byte[] find(Key key) {
      MemBuffer.Entry entry = own == null ? null : own.entry(key);
      return entry != null ? entry.value() : store.read(key, ts);
    }

    @Override
    public Map<Key, byte[]> batchGet(Collection<Key> keys) {
      request();
      TreeMap<Key, byte[]> found = new TreeMap<>();
      for (Key key : keys) {
        byte[] value = find(key);
        if (value != null) {
          found.put(key, value);
        }
      }
      return found;
    }

    @Override
    public Scan scan(byte[] start, byte[] end, ScanOptions options) {
      request();
      TreeMap<Key, byte[]> found = store.range(Key.wrap(start), Key.wrap(end), ts);
      if (own != null) {
        own.range(Key.wrap(start), Key.wrap(end), false)
            .forEachRemaining(
                entry -> {
                  if (entry.getValue().isDelete()) {
                    found.remove(entry.getKey());
                  } else {
                    found.put(entry.getKey(), entry.getValue().value());
                  }
                });
      }
      List<Map.Entry<Key, byte[]>> pairs =
          new ArrayList<>((options.reverse() ? found.descendingMap() : found).entrySet());
      return new ListScan(pairs);
    }
  }

  private static final class ListScan implements Scan {
    private final List<Map.Entry<Key, byte[]>> pairs;
    private int at = -1;

    ListScan(List<Map.Entry<Key, byte[]>> pairs) {
      this.pairs = pairs;
    }

    @Override
    public boolean next() {
      return ++at < pairs.size();
    }

    @Override
    public byte[] key() {
      return pairs.get(at).getKey().unsafeBytes();
    }

    @Override
    public byte[] value() {
      return pairs.get(at).getValue();
    }

    @Override
    public void close() {
      at = pairs.size();
    }
  }
}
