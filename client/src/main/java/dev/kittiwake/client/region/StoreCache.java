package dev.kittiwake.client.region;

import dev.kittiwake.client.pd.PdClient;
import dev.kittiwake.client.rpc.KvRpc;
import dev.kittiwake.proto.rpc.KvEndpoint;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Addresses of stores, and the way there. Thread-safe. */
final class StoreCache {
  record Route(long storeId, String address, KvEndpoint endpoint) {
    @Override
    public String toString() {
      return "store " + Long.toUnsignedString(storeId) + " (" + address + ")";
    }
  }

  private final PdClient pd;
  private final KvRpc rpc;
  private final Map<Long, Route> routes = new ConcurrentHashMap<>();

  StoreCache(PdClient pd, KvRpc rpc) {
    this.pd = pd;
    this.rpc = rpc;
  }

  /** The way to {@code storeId} if known; else null. */
  Route find(long storeId) {
    return routes.get(storeId);
  }

  /** Asks the placement driver; empty if there is no such store (any more). */
  CompletableFuture<Optional<Route>> load(long storeId) {
    return pd.store(storeId)
        .thenApply(
            found -> {
              Optional<Route> route =
                  found.map(
                      store ->
                          new Route(storeId, store.getAddress(), rpc.endpoint(store.getAddress())));
              route.ifPresent(known -> routes.put(storeId, known));
              return route;
            });
  }

  /** Forgets an address: the store may have moved. */
  void forget(long storeId) {
    routes.remove(storeId);
  }
}
