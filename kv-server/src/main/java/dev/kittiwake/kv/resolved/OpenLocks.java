package dev.kittiwake.kv.resolved;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.key.Timestamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The transactions that hold locks in a region, as of an index of its log: the oldest of them
 * bounds what is resolved. Follows the entries from some point on, while a walk over the data finds
 * the locks that were there before: until then, changes are gathered, and those that the walk has
 * seen are left out when it is added.
 *
 * <p>Pessimistic locks do not count: their transactions write a lock of another kind before they
 * commit, and get their commit timestamp after that. Confined to one thread.
 */
public final class OpenLocks {
  /** No transaction holds a lock. */
  public static final long NONE = Timestamp.MAX;

  private enum State {
    IDLE,
    /** Follows changes, does not know what was there before. */
    GATHERING,
    EXACT
  }

  /**
   * @param startTs 0 = the lock is gone
   */
  private record Change(long index, Key key, long startTs) {}

  private final int limit;
  private State state = State.IDLE;
  private final List<Change> gathered = new ArrayList<>();
  private final Map<Key, Long> locks = new HashMap<>(); // start timestamps by stored key
  private final TreeMap<Long, Integer> transactions = new TreeMap<>(Long::compareUnsigned);

  /**
   * @param limit with more locks than these the region is not followed any more
   */
  public OpenLocks(int limit) {
    this.limit = limit;
  }

  /** Follows changes from the next entry on; a walk over the data must begin after this. */
  public void begin() {
    stop();
    state = State.GATHERING;
  }

  public void stop() {
    state = State.IDLE;
    gathered.clear();
    locks.clear();
    transactions.clear();
  }

  /** Whether changes matter. */
  public boolean follows() {
    return state != State.IDLE;
  }

  /** Whether {@link #oldest} is known. */
  public boolean isExact() {
    return state == State.EXACT;
  }

  /** The entry at {@code index} puts a lock of the transaction {@code startTs} on a key. */
  public void locked(long index, Key storedKey, long startTs) {
    change(new Change(index, storedKey, startTs));
  }

  /** The entry at {@code index} removes whatever lock is on a key. */
  public void freed(long index, Key storedKey) {
    change(new Change(index, storedKey, 0));
  }

  private void change(Change change) {
    if (state == State.GATHERING) {
      gathered.add(change);
    } else if (state == State.EXACT) {
      carryOut(change);
    }
    if (gathered.size() > limit || locks.size() > limit) {
      stop();
    }
  }

  private void carryOut(Change change) {
    Long before =
        change.startTs() == 0
            ? locks.remove(change.key())
            : locks.put(change.key(), change.startTs());
    if (before != null) {
      transactions.merge(before, -1, OpenLocks::sum);
    }
    if (change.startTs() != 0) {
      transactions.merge(change.startTs(), 1, OpenLocks::sum);
    }
  }

  private static Integer sum(Integer a, Integer b) {
    return a + b == 0 ? null : a + b;
  }

  /**
   * The walk has found these locks (start timestamps by stored key) in the data as of {@code
   * index}.
   *
   * @param range the keys that the region has by now
   */
  public void found(long index, Map<Key, Long> present, KeyRange range) {
    if (state != State.GATHERING) {
      return; // given up meanwhile
    }
    state = State.EXACT;
    List<Change> after = new ArrayList<>(gathered);
    gathered.clear();
    present.forEach((key, startTs) -> change(new Change(index, key, startTs)));
    after.stream().filter(change -> change.index() > index).forEach(this::change);
    narrow(range);
  }

  /** All locks on keys in {@code range} go with the entry at {@code index}. */
  public void freed(long index, KeyRange range) {
    if (state == State.GATHERING) {
      stop(); // which locks there were is not known yet
    }
    remove(range, true, index);
  }

  /** The region has only {@code range} from now on, a part of what it had. */
  public void narrow(KeyRange range) {
    remove(range, false, 0);
  }

  private void remove(KeyRange range, boolean within, long index) {
    List<Key> gone = locks.keySet().stream().filter(key -> range.contains(key) == within).toList();
    gone.forEach(key -> carryOut(new Change(index, key, 0)));
  }

  /** The least start timestamp of all locks; {@link #NONE} if there are none. */
  public long oldest() {
    return transactions.isEmpty() ? NONE : transactions.firstKey();
  }

  public int size() {
    return locks.size();
  }
}
