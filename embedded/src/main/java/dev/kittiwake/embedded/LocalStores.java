package dev.kittiwake.embedded;

import dev.kittiwake.kv.deadlock.Detector;
import dev.kittiwake.proto.detector.ReportRequest;
import dev.kittiwake.proto.detector.ReportResponse;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** How the stores of this JVM reach each other. Thread-safe. */
final class LocalStores {
  private final dev.kittiwake.kv.transport.LocalStores raft =
      new dev.kittiwake.kv.transport.LocalStores();
  private final Map<String, Detector> detectors = new ConcurrentHashMap<>();

  dev.kittiwake.kv.transport.LocalStores raft() {
    return raft;
  }

  void register(String address, Detector detector) {
    detectors.put(address, detector);
  }

  void unregister(String address) {
    detectors.remove(address);
  }

  /** Reports a lock wait to the detector of the store at {@code address}. */
  CompletableFuture<ReportResponse> report(String address, ReportRequest request) {
    Detector detector = detectors.get(address);
    return detector == null
        ? CompletableFuture.failedFuture(new IllegalStateException("no store at " + address))
        : CompletableFuture.completedFuture(detector.report(request));
  }
}
