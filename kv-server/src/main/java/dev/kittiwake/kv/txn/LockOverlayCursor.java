package dev.kittiwake.kv.txn;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.txn.mvcc.Cursor;
import dev.kittiwake.txn.mvcc.Direction;
import java.util.NavigableMap;

/**
 * Walks the locks of the engine and those that only the leader knows as one sequence. Confined to
 * one thread.
 */
final class LockOverlayCursor implements Cursor {
  private final Cursor stored;
  private final NavigableMap<Key, byte[]> unreplicated;
  private final boolean forward;
  private Key ahead; // where the unreplicated ones stand; null = behind the last

  LockOverlayCursor(Cursor stored, NavigableMap<Key, byte[]> unreplicated, Direction direction) {
    this.stored = stored;
    this.unreplicated = unreplicated;
    this.forward = direction == Direction.FORWARD;
  }

  @Override
  public boolean seek(Key key) {
    stored.seek(key);
    if (forward) {
      ahead = unreplicated.ceilingKey(key);
    } else {
      ahead = key.isEmpty() ? unreplicated.lastKey() : unreplicated.floorKey(key);
    }
    return valid();
  }

  @Override
  public boolean next() {
    boolean both = ahead != null && stored.valid() && ahead.equals(stored.key());
    boolean unreplicatedFirst = standsOnUnreplicated();
    if (both || !unreplicatedFirst) {
      stored.next();
    }
    if (both || unreplicatedFirst) {
      ahead = forward ? unreplicated.higherKey(ahead) : unreplicated.lowerKey(ahead);
    }
    return valid();
  }

  @Override
  public boolean valid() {
    return ahead != null || stored.valid();
  }

  private boolean standsOnUnreplicated() {
    if (ahead == null || !stored.valid()) {
      return ahead != null;
    }
    int order = ahead.compareTo(stored.key());
    return forward ? order <= 0 : order >= 0;
  }

  @Override
  public Key key() {
    return standsOnUnreplicated() ? ahead : stored.key();
  }

  @Override
  public byte[] value() {
    return standsOnUnreplicated() ? unreplicated.get(ahead) : stored.value();
  }

  @Override
  public void close() {
    stored.close();
  }
}
