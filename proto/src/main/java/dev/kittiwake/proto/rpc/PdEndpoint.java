package dev.kittiwake.proto.rpc;

import dev.kittiwake.proto.pdpb.RegionHeartbeatRequest;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One member of the placement driver as seen by a caller, near or far. Thread-safe; never blocks
 * the caller.
 */
public interface PdEndpoint {
  /**
   * Answers {@code request}. Errors that the protocol carries in the response's header are part of
   * {@code R}; the future fails only where gRPC would give a status, with a {@link
   * io.grpc.StatusRuntimeException} (UNAVAILABLE, "not leader", from a follower).
   */
  <Q, R> CompletableFuture<R> call(PdMethod<Q, R> method, Q request);

  /**
   * Hands out {@code count} timestamps of one millisecond; the value is the <em>largest</em> of
   * them, the others are the {@code count - 1} values below it.
   *
   * @param clusterId the cluster that the caller believes to talk to; 0 to skip the check
   */
  CompletableFuture<Long> timestamps(long clusterId, int count);

  /**
   * Opens a region heartbeat stream. {@code responses} receives what the placement driver pushes
   * (scheduling steps), on any thread; {@code closed} is called at most once when the stream ends,
   * with its cause.
   */
  RegionHeartbeats openRegionHeartbeats(
      Consumer<RegionHeartbeatResponse> responses, Consumer<Throwable> closed);

  /** The URLs under which its clients know this member; none if it cannot say. */
  default List<String> urls() {
    return List.of();
  }

  /** The sending side of a region heartbeat stream. Thread-safe. */
  interface RegionHeartbeats extends AutoCloseable {
    void send(RegionHeartbeatRequest heartbeat);

    @Override
    void close();
  }
}
