package dev.kittiwake.kv.deadlock;

import dev.kittiwake.kv.region.RegionListener;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.proto.detector.ReportRequest;
import dev.kittiwake.proto.detector.ReportResponse;
import dev.kittiwake.txn.wait.DeadlockDetector;
import dev.kittiwake.txn.wait.WaitEdge;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The detector of this store: awake while the store leads the first region. Thread-safe. */
public final class Detector implements RegionListener {
  private final DeadlockDetector graph; // guarded by this
  private final LongSupplier nanos;
  private long firstRegion; // guarded by this; 0 unless this store leads it

  /**
   * @param edgeLifeMillis at least the longest wait for a lock
   */
  public Detector(long edgeLifeMillis, LongSupplier nanos) {
    this.graph = new DeadlockDetector(edgeLifeMillis);
    this.nanos = nanos;
  }

  public synchronized boolean isAwake() {
    return firstRegion != 0;
  }

  /** Answers a report from this store or another. */
  public synchronized ReportResponse report(ReportRequest request) {
    if (firstRegion == 0) {
      return ReportResponse.getDefaultInstance();
    }
    ReportResponse.Builder response = ReportResponse.newBuilder().setIsDetector(true);
    WaitEdge edge = WaitEdges.edge(request.getEdge());
    if (request.getKind() == ReportRequest.Kind.FORGET) {
      graph.remove(edge.txn(), edge.waitForTxn(), edge.keyHash());
      return response.build();
    }
    DeadlockDetector.Cycle cycle =
        graph.detect(edge, TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong()));
    if (cycle != null) {
      response
          .setDeadlockKeyHash(cycle.deadlockKeyHash())
          .setDeadlockKey(WaitEdges.bytes(cycle.deadlockKey()));
      cycle.chain().forEach(one -> response.addCycle(WaitEdges.message(one)));
    }
    return response.build();
  }

  @Override
  public synchronized void onLeaderGained(RegionView view) {
    if (view.range().start().isEmpty()) {
      graph.clear();
      firstRegion = view.regionId();
    }
  }

  @Override
  public synchronized void onLeaderLost(long regionId, long term) {
    sleep(regionId);
  }

  @Override
  public synchronized void onDestroyed(long regionId) {
    sleep(regionId);
  }

  @Override
  public synchronized void onSplit(RegionView before, List<RegionView> after, boolean wasLeader) {
    // The piece with the empty key may have a new id; its leader wakes up as it is elected.
    if (before.regionId() == firstRegion && after.get(0).regionId() != firstRegion) {
      sleep(firstRegion);
    }
  }

  private void sleep(long regionId) {
    if (regionId == firstRegion) {
      firstRegion = 0;
      graph.clear();
    }
  }
}
