package dev.kittiwake.kv.region;

import dev.kittiwake.kv.engine.EngineSnapshot;
import dev.kittiwake.kv.resolved.SafeTimes;
import dev.kittiwake.proto.key.Timestamp;

/**
 * Reads of the past by whatever replica is asked: at timestamps up to which a leader has promised
 * that the data is complete, as soon as the replica is as far as the promise says. Thread-safe.
 */
final class StaleReads {
  private final SafeTimes times;

  StaleReads(SafeTimes times) {
    this.times = times;
  }

  ReadResult read(StoreContext context, RegionView view, long ts) {
    long regionId = view.regionId();
    if (Timestamp.isAfter(ts, times.newest(regionId, view.version()))) {
      return notReady(view, times.newest(regionId, view.version()));
    }
    EngineSnapshot snapshot = context.engine().snapshot();
    boolean served = false;
    try {
      long safe = 0;
      if (WholeReplica.isWhole(snapshot, view, 0)) {
        long applied = RegionRecords.applied(snapshot, regionId).index();
        safe = times.safeAt(regionId, view.version(), applied);
      }
      served = safe != 0 && !Timestamp.isAfter(ts, safe);
      return served
          ? new ReadResult.Readable(new RegionSnapshot(snapshot, view))
          : notReady(view, safe);
    } finally {
      if (!served) {
        snapshot.close();
      }
    }
  }

  private static ReadResult notReady(RegionView view, long safe) {
    return new ReadResult.Refused(
        RegionErrors.dataIsNotReady(view.regionId(), view.peer().getId(), safe));
  }
}
