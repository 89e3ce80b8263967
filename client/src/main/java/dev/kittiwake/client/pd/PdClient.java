package dev.kittiwake.client.pd;

import dev.kittiwake.proto.metapb.Store;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import dev.kittiwake.proto.rpc.PdEndpoint.RegionHeartbeats;
import dev.kittiwake.proto.rpc.PdMethod;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The placement driver as a whole, whichever member leads it. Thread-safe; nothing blocks.
 *
 * <p>Futures fail with {@link dev.kittiwake.client.error.PdException} when the placement driver
 * refuses, and with {@link dev.kittiwake.client.error.PdUnavailableException} when no leader
 * answers within the budget. They complete on whatever thread the answer arrives: do not block
 * there.
 */
public interface PdClient extends AutoCloseable {
  /** The identity of the cluster, asked once and remembered. Never 0. */
  CompletableFuture<Long> clusterId();

  /** A new timestamp, larger than any handed out before this call. Callers share requests. */
  CompletableFuture<Long> timestamp();

  /** The region that holds {@code storedKey}; retried while the placement driver knows none. */
  CompletableFuture<RegionRoute> region(byte[] storedKey);

  /** The region that holds the largest key below {@code storedKey}; empty: the last region. */
  CompletableFuture<RegionRoute> previousRegion(byte[] storedKey);

  CompletableFuture<Optional<RegionRoute>> regionById(long regionId);

  /**
   * Regions in key order from the one that holds {@code start}.
   *
   * @param end exclusive; empty for no bound
   * @param limit at most so many; 0 for all
   */
  CompletableFuture<List<RegionRoute>> scanRegions(byte[] start, byte[] end, int limit);

  /** The store {@code storeId}; empty if there is none or it is a tombstone. */
  CompletableFuture<Optional<Store>> store(long storeId);

  /** All stores that are not tombstones. */
  CompletableFuture<List<Store>> stores();

  /**
   * Any other call, sent to the leader. The cluster id is put into the request's header.
   *
   * <p>A call whose answer was lost is sent again: harmless for everything in the protocol, except
   * that {@code AllocID} may then waste ids and {@code Bootstrap} may answer ALREADY_BOOTSTRAPPED.
   */
  <Q, R> CompletableFuture<R> call(PdMethod<Q, R> method, Q request);

  /**
   * Opens a heartbeat stream to the present leader. When it ends ({@code closed}) the caller opens
   * another one; the leader search has then already begun.
   */
  RegionHeartbeats openRegionHeartbeats(
      Consumer<RegionHeartbeatResponse> responses, Consumer<Throwable> closed);

  @Override
  void close();
}
