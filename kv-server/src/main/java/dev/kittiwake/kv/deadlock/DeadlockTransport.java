package dev.kittiwake.kv.deadlock;

import dev.kittiwake.proto.detector.ReportRequest;
import dev.kittiwake.proto.detector.ReportResponse;
import java.util.concurrent.CompletableFuture;

/** Reaches the detector of another store. Thread-safe, never blocks. */
@FunctionalInterface
public interface DeadlockTransport {
  /** Asks the store at {@code address}; fails if it cannot be reached. */
  CompletableFuture<ReportResponse> report(String address, ReportRequest request);
}
