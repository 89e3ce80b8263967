package dev.kittiwake.kv.region;

import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.engine.WriteBatch;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;

/**
 * Changes of one region that are replicated and applied together, in order. Confined to one thread.
 */
public final class RegionWrite {
  private final WriteBatch batch;
  private boolean grows;

  public RegionWrite() {
    this(256);
  }

  /** An empty write with room for about {@code bytes}. */
  public RegionWrite(int bytes) {
    this.batch = new WriteBatch(bytes);
  }

  public RegionWrite put(Family family, Key storedKey, byte[] value) {
    grows = true;
    batch.put(ofData(family), EngineKeys.DATA, storedKey.unsafeBytes(), value);
    return this;
  }

  public RegionWrite delete(Family family, Key storedKey) {
    batch.delete(ofData(family), EngineKeys.DATA, storedKey.unsafeBytes());
    return this;
  }

  /** Deletes {@code storedKeys}, which must lie within the region. */
  public RegionWrite deleteRange(Family family, KeyRange storedKeys) {
    batch.deleteRange(
        ofData(family), EngineKeys.dataStart(storedKeys), EngineKeys.dataEnd(storedKeys));
    return this;
  }

  /** Whether it puts anything: the data may be larger afterwards. */
  public boolean grows() {
    return grows;
  }

  public boolean isEmpty() {
    return batch.isEmpty();
  }

  /** How many changes there are. */
  public int count() {
    return batch.count();
  }

  public int sizeBytes() {
    return batch.sizeBytes();
  }

  WriteBatch batch() {
    return batch;
  }

  private static Family ofData(Family family) {
    if (family == Family.RAFT) {
      throw new IllegalArgumentException("the raft family is the store's own");
    }
    return family;
  }
}
