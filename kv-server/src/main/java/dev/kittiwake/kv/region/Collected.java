package dev.kittiwake.kv.region;

import dev.kittiwake.kv.engine.Engine;
import dev.kittiwake.kv.engine.EngineException;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.engine.WriteBatch;
import dev.kittiwake.proto.key.Timestamp;
import java.nio.ByteBuffer;

/**
 * Up to which timestamp versions may be missing from the data of this store: because it collected
 * them, or because a snapshot came from a store that had. Durable before the first of them goes,
 * for what is gone is still gone after a restart: whoever forgot it would let a reader see half of
 * the past, and compare with others what it has deleted.
 *
 * <p>It only grows. Thread-safe.
 */
final class Collected {
  private final Engine engine;
  private volatile long safePoint; // unsigned; 0 = all versions are there

  /**
   * @throws EngineException if the record cannot be read
   */
  Collected(Engine engine) {
    this.engine = engine;
    byte[] record = engine.get(Family.RAFT, EngineKeys.COLLECTED);
    if (record != null && record.length != Long.BYTES) {
      throw new EngineException(
          "the record of how far garbage was collected has "
              + record.length
              + " bytes instead of "
              + Long.BYTES
              + ": the data directory is damaged");
    }
    this.safePoint = record == null ? 0 : ByteBuffer.wrap(record).getLong();
  }

  long safePoint() {
    return safePoint;
  }

  /**
   * From now on versions below may be missing; nothing happens if that was known. Waits for the
   * disk.
   *
   * @throws EngineException if it cannot be written down; then nothing may be deleted
   */
  synchronized void upTo(long reached) {
    if (Timestamp.isAfter(reached, safePoint)) {
      byte[] record = ByteBuffer.allocate(Long.BYTES).putLong(reached).array();
      engine.write(new WriteBatch().put(Family.RAFT, EngineKeys.COLLECTED, record));
      engine.syncLog();
      safePoint = reached;
    }
  }
}
