package dev.kittiwake.txn.wait;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The transactions that wait for pessimistic locks, by key. When a lock is released the oldest
 * transaction (smallest start ts) goes first: it is the one that has waited for the right to finish
 * longest, and serving by age keeps conflicts from repeating.
 *
 * <p>Pure data structure for one thread; timers and answers belong to the owner.
 *
 * @param <T> what the owner keeps for a waiter
 */
public final class LockQueue<T> {
  private static final Comparator<Waiter<?>> OLDEST_FIRST =
      (a, b) -> {
        int byAge = Long.compareUnsigned(a.startTs, b.startTs);
        return byAge != 0 ? byAge : Long.compare(a.sequence, b.sequence);
      };

  private final NavigableMap<Key, TreeSet<Waiter<T>>> waiters = new TreeMap<>(); // no empty set
  private long sequence; // arrivals so far: requests of one transaction are served in order
  private int size;

  /** Transaction {@code startTs} waits until {@code lockTs} releases {@code key}. */
  public Waiter<T> add(Key key, long startTs, long lockTs, T payload) {
    Waiter<T> waiter = new Waiter<>(key, startTs, lockTs, sequence++, payload);
    waiters.computeIfAbsent(key, k -> new TreeSet<>(OLDEST_FIRST)).add(waiter);
    size++;
    return waiter;
  }

  /** Takes out the waiter of {@code key} that is to go first, or null. */
  public Waiter<T> takeFirst(Key key) {
    TreeSet<Waiter<T>> queue = waiters.get(key);
    if (queue == null) {
      return null;
    }
    Waiter<T> first = queue.first();
    remove(first);
    return first;
  }

  /** The waiters of {@code key}, oldest first. */
  public List<Waiter<T>> waitersOf(Key key) {
    TreeSet<Waiter<T>> queue = waiters.get(key);
    return queue == null ? List.of() : List.copyOf(queue);
  }

  public boolean hasWaiters(Key key) {
    return waiters.containsKey(key);
  }

  /** Gives up one waiter (timeout, deadlock); false if it was taken out before. */
  public boolean remove(Waiter<T> waiter) {
    TreeSet<Waiter<T>> queue = waiters.get(waiter.key);
    if (queue == null || !queue.remove(waiter)) {
      return false;
    }
    if (queue.isEmpty()) {
      waiters.remove(waiter.key);
    }
    size--;
    return true;
  }

  /** {@code waiter} stays where it is, but the transaction it waits for is another one now. */
  public void waitsFor(Waiter<T> waiter, long lockTs) {
    waiter.lockTs = lockTs;
  }

  /** Takes out all waiters of {@code range}, by key then age: their region has moved or changed. */
  public List<Waiter<T>> takeAll(KeyRange range) {
    if (range.isEmpty()) {
      return List.of();
    }
    NavigableMap<Key, TreeSet<Waiter<T>>> part = waiters.tailMap(range.start(), true);
    if (!range.end().isEmpty()) {
      part = part.headMap(range.end(), false);
    }
    List<Waiter<T>> taken = new ArrayList<>();
    part.values().forEach(taken::addAll);
    part.clear();
    size -= taken.size();
    return taken;
  }

  /** All waiters, by key then age. */
  public List<Waiter<T>> waiters() {
    List<Waiter<T>> all = new ArrayList<>(size);
    waiters.values().forEach(all::addAll);
    return all;
  }

  public int size() {
    return size;
  }

  /** One waiting request. */
  public static final class Waiter<T> {
    private final Key key;
    private final long startTs;
    private final long sequence;
    private final T payload;
    private long lockTs;

    private Waiter(Key key, long startTs, long lockTs, long sequence, T payload) {
      this.key = key;
      this.startTs = startTs;
      this.lockTs = lockTs;
      this.sequence = sequence;
      this.payload = payload;
    }

    public Key key() {
      return key;
    }

    public long startTs() {
      return startTs;
    }

    /** The transaction that holds the lock, as far as is known. */
    public long lockTs() {
      return lockTs;
    }

    public T payload() {
      return payload;
    }
  }
}
