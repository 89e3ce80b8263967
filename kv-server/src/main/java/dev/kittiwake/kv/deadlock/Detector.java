package dev.kittiwake.kv.deadlock;

import dev.kittiwake.kv.region.FirstRegionListener;
import dev.kittiwake.proto.detector.ReportRequest;
import dev.kittiwake.proto.detector.ReportResponse;
import dev.kittiwake.txn.wait.DeadlockDetector;
import dev.kittiwake.txn.wait.WaitEdge;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The detector of this store: awake while the store leads the first region. Thread-safe. */
public final class Detector extends FirstRegionListener {
  private final DeadlockDetector graph; // guarded by this
  private final LongSupplier nanos;

  /**
   * @param edgeLifeMillis at least the longest wait for a lock
   */
  public Detector(long edgeLifeMillis, LongSupplier nanos) {
    this.graph = new DeadlockDetector(edgeLifeMillis);
    this.nanos = nanos;
  }

  public boolean isAwake() {
    return leadsFirstRegion();
  }

  /** Answers a report from this store or another. */
  public synchronized ReportResponse report(ReportRequest request) {
    if (!leadsFirstRegion()) {
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
  protected void onFirstRegionGained() {
    graph.clear();
  }

  @Override
  protected void onFirstRegionLost() {
    graph.clear();
  }
}
