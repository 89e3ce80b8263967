package dev.kittiwake.pd;

import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.RegionEpoch;
import dev.kittiwake.proto.metapb.Store;
import dev.kittiwake.proto.pdpb.BootstrapRequest;
import dev.kittiwake.proto.pdpb.BootstrapResponse;
import dev.kittiwake.proto.pdpb.PutStoreRequest;
import dev.kittiwake.proto.pdpb.PutStoreResponse;
import dev.kittiwake.proto.rpc.PdEndpoint;
import dev.kittiwake.proto.rpc.PdMethod;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A cluster as its first store makes it: store 1, region 2 over all keys, peer 3. */
public final class Bootstrapped {
  private Bootstrapped() {}

  public static Store store(long id) {
    return Store.newBuilder()
        .setId(id)
        .setAddress("127.0.0.1:" + (20160 + id))
        .setVersion("8.5.0")
        .build();
  }

  public static Peer peer(long id, long storeId) {
    return Peer.newBuilder().setId(id).setStoreId(storeId).build();
  }

  public static Region region() {
    return Region.newBuilder()
        .setId(2)
        .setRegionEpoch(RegionEpoch.newBuilder().setConfVer(1).setVersion(1))
        .addPeers(peer(3, 1))
        .build();
  }

  public static BootstrapResponse bootstrap(PdEndpoint pd) {
    return bootstrap(pd, store(1), region());
  }

  public static BootstrapResponse bootstrap(PdEndpoint pd, Store store, Region region) {
    return await(pd.call(PdMethod.BOOTSTRAP, request(store, region)));
  }

  /** What the first store asks for. */
  public static BootstrapRequest request() {
    return request(store(1), region());
  }

  private static BootstrapRequest request(Store store, Region region) {
    return BootstrapRequest.newBuilder().setStore(store).setRegion(region).build();
  }

  public static PutStoreResponse put(PdEndpoint pd, Store store) {
    return await(pd.call(PdMethod.PUT_STORE, PutStoreRequest.newBuilder().setStore(store).build()));
  }

  public static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(120, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("no answer: " + e, e);
    }
  }
}
