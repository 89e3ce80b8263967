package dev.kittiwake.kv.region;

import dev.kittiwake.kv.engine.Engine;
import dev.kittiwake.kv.engine.WriteBatch;
import dev.kittiwake.raft.LogPosition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One write to the engine in the making: the changes of all regions, their new applied positions,
 * and what is to happen once it is done. Confined to the apply thread.
 */
final class ApplyRound {
  private final Engine engine;
  private final WriteBatch batch = new WriteBatch(64 << 10);
  private final Map<Long, LogPosition> applied = new LinkedHashMap<>();
  private final List<Runnable> afterwards = new ArrayList<>();

  ApplyRound(Engine engine) {
    this.engine = engine;
  }

  Engine engine() {
    return engine;
  }

  WriteBatch batch() {
    return batch;
  }

  /** The region's state in this batch is the one after {@code position}. */
  void applied(long regionId, LogPosition position) {
    applied.put(regionId, position);
  }

  /**
   * Runs {@code action} on the apply thread once the batch is written. In the order of the calls.
   */
  void afterwards(Runnable action) {
    afterwards.add(action);
  }

  int bytes() {
    return batch.sizeBytes();
  }

  /** Writes what has been gathered and does what was waiting for it. */
  void write() {
    applied.forEach((regionId, position) -> RegionRecords.putApplied(batch, regionId, position));
    applied.clear();
    engine.write(batch);
    batch.clear();
    List<Runnable> actions = new ArrayList<>(afterwards);
    afterwards.clear();
    for (Runnable action : actions) {
      action.run();
    }
  }
}
