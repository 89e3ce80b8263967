package dev.kittiwake.proto.rpc;

import java.util.concurrent.CompletableFuture;

/** A store's service as seen by a caller, near or far. Thread-safe; never blocks the caller. */
public interface KvEndpoint {
  /**
   * Answers {@code request}. What TiKV reports inside a response (region errors, key errors) is
   * part of {@code R}; the future fails only where gRPC would give a status, and then with a {@link
   * io.grpc.StatusRuntimeException}. A read that needs no waiting may be answered before this
   * method returns.
   */
  <Q, R> CompletableFuture<R> call(KvMethod<Q, R> method, Q request);
}
