package dev.kittiwake.pd.api;

import static dev.kittiwake.pd.api.Handlers.Scope.BOOTSTRAPPED;
import static dev.kittiwake.pd.api.Handlers.Scope.LEADER;

import dev.kittiwake.pd.cluster.PdCluster;
import dev.kittiwake.pd.cluster.StoreTable;
import dev.kittiwake.pd.meta.Bootstrap;
import dev.kittiwake.pd.meta.PutStore;
import dev.kittiwake.proto.metapb.Store;
import dev.kittiwake.proto.metapb.StoreState;
import dev.kittiwake.proto.pdpb.BootstrapRequest;
import dev.kittiwake.proto.pdpb.BootstrapResponse;
import dev.kittiwake.proto.pdpb.ErrorType;
import dev.kittiwake.proto.pdpb.GetAllStoresRequest;
import dev.kittiwake.proto.pdpb.GetAllStoresResponse;
import dev.kittiwake.proto.pdpb.GetStoreRequest;
import dev.kittiwake.proto.pdpb.GetStoreResponse;
import dev.kittiwake.proto.pdpb.IsBootstrappedResponse;
import dev.kittiwake.proto.pdpb.PutStoreRequest;
import dev.kittiwake.proto.pdpb.PutStoreResponse;
import dev.kittiwake.proto.pdpb.StoreHeartbeatRequest;
import dev.kittiwake.proto.pdpb.StoreHeartbeatResponse;
import dev.kittiwake.proto.rpc.PdMethod;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/** A store's life: bootstrap, registration, heartbeats. */
final class StoreCalls {
  private static final Pattern VERSION = Pattern.compile("v?\\d+\\.\\d+\\.\\d+([-+].*)?");

  private final PdApi api;
  private final PdCluster cluster;

  StoreCalls(PdApi api, PdCluster cluster) {
    this.api = api;
    this.cluster = cluster;
  }

  void register(Handlers handlers) {
    handlers.addAsync(PdMethod.BOOTSTRAP, LEADER, this::bootstrap);
    handlers.add(
        PdMethod.IS_BOOTSTRAPPED,
        LEADER,
        request ->
            IsBootstrappedResponse.newBuilder()
                .setHeader(api.header())
                .setBootstrapped(cluster.meta().isBootstrapped())
                .build());
    handlers.addAsync(PdMethod.PUT_STORE, BOOTSTRAPPED, this::put);
    handlers.add(PdMethod.GET_STORE, BOOTSTRAPPED, this::store);
    handlers.add(PdMethod.GET_ALL_STORES, BOOTSTRAPPED, this::stores);
    handlers.add(PdMethod.STORE_HEARTBEAT, BOOTSTRAPPED, this::heartbeat);
  }

  private CompletableFuture<BootstrapResponse> bootstrap(BootstrapRequest request) {
    return cluster
        .propose(new Bootstrap(request.getStore(), request.getRegion()))
        .thenApply(
            outcome -> {
              PdRefused.done(outcome);
              cluster.loadRegions();
              registered(request.getStore().getId());
              return BootstrapResponse.newBuilder().setHeader(api.header()).build();
            });
  }

  private void registered(long storeId) {
    cluster
        .storeTable()
        .registered(storeId, cluster.runtime().nanos().getAsLong(), cluster.nowMillis());
  }

  private CompletableFuture<PutStoreResponse> put(PutStoreRequest request) {
    Store store = request.getStore();
    if (!store.getVersion().isEmpty() && !VERSION.matcher(store.getVersion()).matches()) {
      throw new PdRefused(
          ErrorType.INCOMPATIBLE_VERSION,
          "version \"" + store.getVersion() + "\" of store " + store.getId() + " is no version");
    }
    return cluster
        .propose(new PutStore(store))
        .thenApply(
            outcome -> {
              PdRefused.done(outcome);
              registered(store.getId());
              return PutStoreResponse.newBuilder().setHeader(api.header()).build();
            });
  }

  private GetStoreResponse store(GetStoreRequest request) {
    Store store = find(request.getStoreId());
    GetStoreResponse.Builder response =
        GetStoreResponse.newBuilder().setHeader(api.header()).setStore(heard(store));
    cluster
        .storeTable()
        .find(store.getId())
        .map(StoreTable.Heard::stats)
        .ifPresent(response::setStats);
    return response.build();
  }

  private Store find(long id) {
    return cluster
        .meta()
        .store(id)
        .orElseThrow(
            () ->
                new PdRefused(
                    ErrorType.UNKNOWN,
                    "invalid store ID " + Long.toUnsignedString(id) + ", not found"));
  }

  /** With the time of its last heartbeat, in nanoseconds as TiKV has it. */
  private Store heard(Store store) {
    return cluster
        .storeTable()
        .find(store.getId())
        .map(heard -> store.toBuilder().setLastHeartbeat(heard.heardMillis() * 1_000_000).build())
        .orElse(store);
  }

  private GetAllStoresResponse stores(GetAllStoresRequest request) {
    GetAllStoresResponse.Builder response =
        GetAllStoresResponse.newBuilder().setHeader(api.header());
    for (Store store : cluster.meta().stores()) {
      if (!request.getExcludeTombstoneStores() || store.getState() != StoreState.Tombstone) {
        response.addStores(heard(store));
      }
    }
    return response.build();
  }

  private StoreHeartbeatResponse heartbeat(StoreHeartbeatRequest request) {
    Store store = find(request.getStats().getStoreId());
    if (store.getState() == StoreState.Tombstone) {
      throw new PdRefused(ErrorType.STORE_TOMBSTONE, "store " + store.getId() + " is a tombstone");
    }
    cluster
        .storeTable()
        .heard(request.getStats(), cluster.runtime().nanos().getAsLong(), cluster.nowMillis());
    return StoreHeartbeatResponse.newBuilder()
        .setHeader(api.header())
        .setClusterVersion(MemberCalls.VERSION)
        .setState(store.getNodeState())
        .build();
  }
}
