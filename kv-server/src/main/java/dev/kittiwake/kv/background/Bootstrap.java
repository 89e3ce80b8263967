package dev.kittiwake.kv.background;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kittiwake.client.error.PdException;
import dev.kittiwake.client.pd.PdClient;
import dev.kittiwake.client.pd.RegionRoute;
import dev.kittiwake.kv.engine.Engine;
import dev.kittiwake.kv.engine.EngineException;
import dev.kittiwake.kv.region.StoreRecords;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.RegionEpoch;
import dev.kittiwake.proto.metapb.Store;
import dev.kittiwake.proto.pdpb.AllocIDRequest;
import dev.kittiwake.proto.pdpb.AllocIDResponse;
import dev.kittiwake.proto.pdpb.BootstrapRequest;
import dev.kittiwake.proto.pdpb.ErrorType;
import dev.kittiwake.proto.pdpb.IsBootstrappedRequest;
import dev.kittiwake.proto.pdpb.IsBootstrappedResponse;
import dev.kittiwake.proto.pdpb.PutStoreRequest;
import dev.kittiwake.proto.rpc.PdMethod;
import dev.kittiwake.proto.store.StoreIdent;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * How a store joins a cluster: it gets its id once and keeps it; the first store of a new cluster
 * also makes the first region. Each step is written down before the placement driver hears of it,
 * so that a crash or a lost answer at any point leads to the same end. Nothing blocks.
 */
public final class Bootstrap {
  private final PdClient pd;
  private final Engine engine;
  private final String where;

  /**
   * @param where names the data directory in messages
   */
  public Bootstrap(PdClient pd, Engine engine, String where) {
    this.pd = pd;
    this.engine = engine;
    this.where = where;
  }

  /**
   * This store's identity: kept, or obtained and kept.
   *
   * @return fails with {@link EngineException} if the data belongs to another cluster
   */
  public CompletableFuture<StoreIdent> identity() {
    return pd.clusterId()
        .thenCompose(
            clusterId -> {
              Optional<StoreIdent> kept = StoreRecords.ident(engine);
              if (kept.isPresent()) {
                return CompletableFuture.completedFuture(check(kept.get(), clusterId));
              }
              return allocId()
                  .thenApply(
                      storeId -> {
                        StoreIdent ident =
                            StoreIdent.newBuilder()
                                .setFormat(StoreRecords.FORMAT)
                                .setClusterId(clusterId)
                                .setStoreId(storeId)
                                .build();
                        StoreRecords.putIdent(engine, ident);
                        return ident;
                      });
            });
  }

  private StoreIdent check(StoreIdent kept, long clusterId) {
    if (kept.getClusterId() != clusterId) {
      throw new EngineException(
          where
              + " belongs to store "
              + kept.getStoreId()
              + " of cluster "
              + Long.toUnsignedString(kept.getClusterId())
              + ", but the placement driver leads cluster "
              + Long.toUnsignedString(clusterId)
              + ": use another data directory, or the placement driver of that cluster");
    }
    return kept;
  }

  /** Makes the first region if the cluster has none, and announces this store. */
  public CompletableFuture<Void> join(StoreIdent ident, Store store) {
    return isBootstrapped()
        .thenCompose(
            bootstrapped -> {
              Optional<Region> prepared = prepared();
              if (bootstrapped) {
                return prepared.isPresent()
                    ? resolve(prepared.get())
                    : CompletableFuture.<Void>completedFuture(null);
              }
              return (prepared.isPresent()
                      ? CompletableFuture.completedFuture(prepared.get())
                      : prepare(ident))
                  .thenCompose(region -> bootstrap(store, region));
            })
        .thenCompose(
            nothing ->
                pd.call(PdMethod.PUT_STORE, PutStoreRequest.newBuilder().setStore(store).build()))
        .thenApply(answer -> null);
  }

  private CompletableFuture<Boolean> isBootstrapped() {
    return pd.call(PdMethod.IS_BOOTSTRAPPED, IsBootstrappedRequest.getDefaultInstance())
        .thenApply(IsBootstrappedResponse::getBootstrapped);
  }

  private CompletableFuture<Region> prepare(StoreIdent ident) {
    return allocId()
        .thenCompose(
            regionId ->
                allocId()
                    .thenApply(
                        peerId -> {
                          Region region = firstRegion(regionId, peerId, ident.getStoreId());
                          StoreRecords.putPrepared(engine, region);
                          return region;
                        }));
  }

  private static Region firstRegion(long regionId, long peerId, long storeId) {
    return Region.newBuilder()
        .setId(regionId)
        .setRegionEpoch(RegionEpoch.newBuilder().setConfVer(1).setVersion(1))
        .addPeers(Peer.newBuilder().setId(peerId).setStoreId(storeId))
        .build();
  }

  private CompletableFuture<Void> bootstrap(Store store, Region region) {
    BootstrapRequest request =
        BootstrapRequest.newBuilder().setStore(store).setRegion(region).build();
    CompletableFuture<Void> done = new CompletableFuture<>();
    pd.call(PdMethod.BOOTSTRAP, request)
        .whenComplete(
            (answer, failure) -> {
              if (failure == null) {
                StoreRecords.keepPrepared(engine);
                done.complete(null);
              } else if (isAlreadyBootstrapped(failure)) {
                resolve(region)
                    .whenComplete(
                        (nothing, trouble) -> {
                          if (trouble == null) {
                            done.complete(null);
                          } else {
                            done.completeExceptionally(trouble);
                          }
                        });
              } else {
                done.completeExceptionally(failure);
              }
            });
    return done;
  }

  private static boolean isAlreadyBootstrapped(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof PdException refused && refused.type() == ErrorType.ALREADY_BOOTSTRAPPED;
  }

  /**
   * Another store, or this one in an earlier life, was first: is the first region the prepared one?
   */
  private CompletableFuture<Void> resolve(Region prepared) {
    return pd.regionById(prepared.getId())
        .thenAccept(
            route -> {
              boolean ours =
                  route
                      .map(RegionRoute::region)
                      .filter(region -> hasPeer(region, prepared.getPeers(0).getId()))
                      .isPresent();
              if (ours) {
                StoreRecords.keepPrepared(engine);
              } else {
                StoreRecords.dropPrepared(engine, prepared);
              }
            });
  }

  private static boolean hasPeer(Region region, long peerId) {
    return region.getPeersList().stream().anyMatch(peer -> peer.getId() == peerId);
  }

  private Optional<Region> prepared() {
    try {
      return StoreRecords.prepared(engine);
    } catch (InvalidProtocolBufferException broken) {
      throw new EngineException(
          "the record of the first region in " + where + " is damaged", broken);
    }
  }

  private CompletableFuture<Long> allocId() {
    return pd.call(PdMethod.ALLOC_ID, AllocIDRequest.newBuilder().setCount(1).build())
        .thenApply(AllocIDResponse::getId);
  }
}
