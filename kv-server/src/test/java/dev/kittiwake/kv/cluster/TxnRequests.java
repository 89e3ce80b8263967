package dev.kittiwake.kv.cluster;

import com.google.protobuf.ByteString;
import dev.kittiwake.kv.cluster.SimCluster.SimStore;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.MemComparable;
import dev.kittiwake.proto.kvrpcpb.CommitRequest;
import dev.kittiwake.proto.kvrpcpb.CommitResponse;
import dev.kittiwake.proto.kvrpcpb.Context;
import dev.kittiwake.proto.kvrpcpb.GetRequest;
import dev.kittiwake.proto.kvrpcpb.GetResponse;
import dev.kittiwake.proto.kvrpcpb.Mutation;
import dev.kittiwake.proto.kvrpcpb.Op;
import dev.kittiwake.proto.kvrpcpb.PrewriteRequest;
import dev.kittiwake.proto.kvrpcpb.PrewriteResponse;
import dev.kittiwake.proto.rpc.KvMethod;
import java.util.concurrent.CompletableFuture;

/** Transactions as requests to the stores of a {@link SimCluster}. */
record TxnRequests(SimCluster cluster) {
  static Key stored(String key) {
    return MemComparable.encode(Key.of(key));
  }

  static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  long timestamp() {
    return cluster.pd.client().timestamp().join();
  }

  /** A store that does not lead the region of {@code key}. */
  SimStore follower(String key) {
    SimStore leader = cluster.leader(stored(key)).store();
    return cluster.stores.values().stream().filter(s -> s != leader).findFirst().orElseThrow();
  }

  /** Addresses the replica of {@code store}, whether it leads or not. */
  Context.Builder at(SimStore store, String key) {
    RegionView view =
        store.access().regions().stream()
            .filter(region -> region.contains(stored(key)))
            .findFirst()
            .orElseThrow();
    return SimCluster.context(view.region(), view.peer(), 0).toBuilder();
  }

  CompletableFuture<GetResponse> get(SimStore store, Context.Builder context, String key, long ts) {
    return store
        .side
        .api()
        .call(
            KvMethod.KV_GET,
            GetRequest.newBuilder().setContext(context).setKey(bytes(key)).setVersion(ts).build());
  }

  /** Sends a prewrite of one key to its leader. */
  CompletableFuture<PrewriteResponse> prewrite(
      String key, String value, long startTs, boolean onePhase) {
    SimCluster.Target target = cluster.leader(stored(key));
    return target
        .store()
        .side
        .api()
        .call(
            KvMethod.KV_PREWRITE,
            PrewriteRequest.newBuilder()
                .setContext(target.context())
                .setStartVersion(startTs)
                .setPrimaryLock(bytes(key))
                .addMutations(
                    Mutation.newBuilder().setOp(Op.Put).setKey(bytes(key)).setValue(bytes(value)))
                .setLockTtl(60_000)
                .setTryOnePc(onePhase)
                .setMinCommitTs(startTs + 1)
                .build());
  }

  CommitResponse commit(String key, long startTs, long commitTs) {
    return cluster.call(
        KvMethod.KV_COMMIT,
        stored(key),
        context ->
            CommitRequest.newBuilder()
                .setContext(context)
                .setStartVersion(startTs)
                .setCommitVersion(commitTs)
                .addKeys(bytes(key))
                .build());
  }

  /** Writes in one phase and answers the commit timestamp, trying again as a client does. */
  long put(String key, String value) {
    for (int attempt = 0; attempt < 50; attempt++) {
      PrewriteResponse done = cluster.await(prewrite(key, value, timestamp(), true));
      if (!done.hasRegionError() && done.getErrorsCount() == 0) {
        return done.getOnePcCommitTs();
      }
      cluster.time.run(50);
    }
    throw new AssertionError("no write of " + key + " succeeded");
  }
}
