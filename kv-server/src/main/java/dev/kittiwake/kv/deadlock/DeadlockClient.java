package dev.kittiwake.kv.deadlock;

import dev.kittiwake.client.pd.PdClient;
import dev.kittiwake.kv.txn.DeadlockService;
import dev.kittiwake.proto.detector.ReportRequest;
import dev.kittiwake.proto.detector.ReportResponse;
import dev.kittiwake.proto.metapb.Store;
import dev.kittiwake.txn.command.KeyError;
import dev.kittiwake.txn.wait.WaitEdge;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Reports this store's waits to the detector, wherever it is. If it cannot be found or reached a
 * wait simply is not checked: the limit of the wait ends a deadlock then, and the next wait is
 * reported again.
 */
public final class DeadlockClient implements DeadlockService {
  private final Detector local;
  private final PdClient pd;
  private final DeadlockTransport transport;
  private volatile String remote; // where the detector was last; null if unknown

  public DeadlockClient(Detector local, PdClient pd, DeadlockTransport transport) {
    this.local = local;
    this.pd = pd;
    this.transport = transport;
  }

  @Override
  public CompletableFuture<KeyError.Deadlock> detect(WaitEdge edge) {
    return report(ReportRequest.Kind.DETECT, edge)
        .handle((response, unreachable) -> unreachable != null ? null : deadlock(edge, response));
  }

  @Override
  public void forget(WaitEdge edge) {
    report(ReportRequest.Kind.FORGET, edge).exceptionally(unreachable -> null);
  }

  private CompletableFuture<ReportResponse> report(ReportRequest.Kind kind, WaitEdge edge) {
    ReportRequest request =
        ReportRequest.newBuilder().setKind(kind).setEdge(WaitEdges.message(edge)).build();
    if (local.isAwake()) {
      return CompletableFuture.completedFuture(local.report(request));
    }
    return detectorAddress()
        .thenCompose(address -> transport.report(address, request))
        .whenComplete(
            (response, failure) -> {
              if (failure != null || !response.getIsDetector()) {
                remote = null; // it has moved: look it up for the next wait
              }
            });
  }

  private CompletableFuture<String> detectorAddress() {
    String known = remote;
    if (known != null) {
      return CompletableFuture.completedFuture(known);
    }
    return pd.region(new byte[0])
        .thenCompose(route -> pd.store(route.leader().getStoreId()))
        .thenApply(
            store -> {
              remote =
                  store
                      .map(Store::getAddress)
                      .orElseThrow(
                          () -> new IllegalStateException("the first region has no leader"));
              return remote;
            });
  }

  private static KeyError.Deadlock deadlock(WaitEdge edge, ReportResponse response) {
    if (response.getCycleCount() == 0) {
      return null;
    }
    List<WaitEdge> cycle = new ArrayList<>();
    response.getCycleList().forEach(one -> cycle.add(WaitEdges.edge(one)));
    return new KeyError.Deadlock(
        edge.waitForTxn(),
        edge.key(),
        response.getDeadlockKeyHash(),
        WaitEdges.key(response.getDeadlockKey()),
        cycle);
  }
}
