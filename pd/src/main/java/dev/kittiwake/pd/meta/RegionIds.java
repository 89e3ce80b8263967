package dev.kittiwake.pd.meta;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.RandomAccess;

/**
 * Ids of regions in ascending order, by position: a list that reads like a set. One region in a
 * store of thousands can be picked by chance without walking. Confined to one thread.
 */
public final class RegionIds extends AbstractList<Long> implements RandomAccess {
  private long[] ids = new long[4]; // ascending, the first `size` count
  private int size;

  /** Whether it was new. */
  boolean insert(long id) {
    int at = find(id);
    if (at >= 0) {
      return false;
    }
    int place = -at - 1;
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, size * 2);
    }
    System.arraycopy(ids, place, ids, place + 1, size - place);
    ids[place] = id;
    size++;
    return true;
  }

  /** Whether it was there. */
  boolean delete(long id) {
    int at = find(id);
    if (at < 0) {
      return false;
    }
    size--;
    System.arraycopy(ids, at + 1, ids, at, size - at);
    return true;
  }

  @Override
  public void clear() {
    size = 0;
  }

  private int find(long id) {
    // new ids are mostly larger than all that are known
    return size == 0 || ids[size - 1] < id ? -size - 1 : Arrays.binarySearch(ids, 0, size, id);
  }

  /** The id at {@code position}, without a box. */
  public long at(int position) {
    if (position >= size) {
      throw new IndexOutOfBoundsException("position " + position + " of " + size);
    }
    return ids[position];
  }

  @Override
  public Long get(int position) {
    return at(position);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public boolean contains(Object id) {
    return id instanceof Long && find((Long) id) >= 0;
  }
}
