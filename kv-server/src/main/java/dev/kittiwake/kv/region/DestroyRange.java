package dev.kittiwake.kv.region;

import dev.kittiwake.kv.engine.Engine;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.engine.WriteBatch;
import dev.kittiwake.proto.key.KeyRange;

/**
 * Deletes a range of keys from the data of this store only, past raft and whatever the regions are.
 * Every store has to be told; meant for data that nobody can reach any more.
 */
public final class DestroyRange {
  private DestroyRange() {}

  /** Deletes {@code storedKeys} with all versions and locks, atomically. */
  public static void run(Engine engine, KeyRange storedKeys) {
    WriteBatch batch = new WriteBatch();
    byte[] from = EngineKeys.dataStart(storedKeys);
    byte[] to = EngineKeys.dataEnd(storedKeys);
    Family.OF_DATA.forEach(family -> batch.deleteRange(family, from, to));
    engine.write(batch);
  }
}
