package dev.kittiwake.txn.wait;

import dev.kittiwake.proto.key.Key;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets commands that share a key run one after the other, in the order in which they asked. Keys
 * are hashed to slots; each slot has a queue whose head owns it. A request takes its slots in
 * ascending order, so no cycle can arise, and nothing ever blocks: whoever does not get all his
 * slots is handed out later by {@link #release}.
 *
 * <p>Pure data structure for one thread; the owner adds a lock if he needs one.
 */
public final class Latches<T> {
  private final int mask;
  private final Map<Integer, Deque<Latch<T>>> queues = new HashMap<>(); // no empty queue stays;

  // only looked up, never iterated

  /**
   * @param slots a power of two
   */
  public Latches(int slots) {
    if (Integer.bitCount(slots) != 1) {
      throw new IllegalArgumentException("slots must be a power of two: " + slots);
    }
    mask = slots - 1;
  }

  /** A request for the slots of {@code keys}; {@code owner} says whose it is. */
  public Latch<T> latch(List<Key> keys, T owner) {
    int[] slots = new int[keys.size()];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = slot(keys.get(i));
    }
    return new Latch<>(owner, sortedAndDistinct(slots));
  }

  /**
   * Asks for all slots of {@code latch}; returns whether it owns them all now. If not, it waits in
   * the queue of the first slot it could not get.
   */
  public boolean acquire(Latch<T> latch) {
    while (latch.owned < latch.slots.length) {
      Deque<Latch<T>> queue =
          queues.computeIfAbsent(latch.slots[latch.owned], slot -> new ArrayDeque<>(2));
      if (queue.peekFirst() != latch) {
        queue.addLast(latch);
        if (queue.peekFirst() != latch) {
          return false;
        }
      }
      latch.owned++;
    }
    return true;
  }

  /**
   * Gives up all slots of {@code latch}, which owned them all; returns the requests that own all
   * their slots because of it, in the order of the slots.
   */
  public List<Latch<T>> release(Latch<T> latch) {
    if (!latch.isGranted()) {
      throw new IllegalStateException("latch released that was not granted");
    }
    List<Latch<T>> granted = new ArrayList<>(2);
    for (int slot : latch.slots) {
      Deque<Latch<T>> queue = queues.get(slot);
      queue.removeFirst();
      if (queue.isEmpty()) {
        queues.remove(slot);
      } else if (acquire(queue.peekFirst())) {
        granted.add(queue.peekFirst());
      }
    }
    latch.owned = 0;
    return granted;
  }

  private int slot(Key key) {
    int hash = key.hashCode() * 0x9E3779B1;
    return (hash ^ hash >>> 16) & mask;
  }

  private static int[] sortedAndDistinct(int[] slots) {
    if (slots.length < 2) {
      return slots;
    }
    Arrays.sort(slots);
    int count = 1;
    for (int i = 1; i < slots.length; i++) {
      if (slots[i] != slots[count - 1]) {
        slots[count++] = slots[i];
      }
    }
    return count == slots.length ? slots : Arrays.copyOf(slots, count);
  }

  /** One request: owns its first {@code owned} slots, waits for the next one. */
  public static final class Latch<T> {
    private final T owner;
    private final int[] slots; // ascending, distinct
    private int owned; // at the head of the queues of slots[0, owned)

    private Latch(T owner, int[] slots) {
      this.owner = owner;
      this.slots = slots;
    }

    public T owner() {
      return owner;
    }

    public boolean isGranted() {
      return owned == slots.length;
    }
  }
}
