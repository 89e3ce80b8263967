package dev.kittiwake.pd.api;

import static dev.kittiwake.pd.api.Handlers.Scope.LEADER;

import dev.kittiwake.pd.cluster.PdCluster;
import dev.kittiwake.pd.meta.AdvanceSafePoint;
import dev.kittiwake.pd.meta.Barrier;
import dev.kittiwake.pd.meta.DeleteBarrier;
import dev.kittiwake.pd.meta.Outcome;
import dev.kittiwake.pd.meta.SetBarrier;
import dev.kittiwake.proto.pdpb.AdvanceGCSafePointRequest;
import dev.kittiwake.proto.pdpb.AdvanceGCSafePointResponse;
import dev.kittiwake.proto.pdpb.AdvanceTxnSafePointRequest;
import dev.kittiwake.proto.pdpb.AdvanceTxnSafePointResponse;
import dev.kittiwake.proto.pdpb.DeleteGCBarrierResponse;
import dev.kittiwake.proto.pdpb.DeleteGlobalGCBarrierResponse;
import dev.kittiwake.proto.pdpb.ErrorType;
import dev.kittiwake.proto.pdpb.GCBarrierInfo;
import dev.kittiwake.proto.pdpb.GCState;
import dev.kittiwake.proto.pdpb.GetAllKeyspacesGCStatesRequest;
import dev.kittiwake.proto.pdpb.GetAllKeyspacesGCStatesResponse;
import dev.kittiwake.proto.pdpb.GetGCStateRequest;
import dev.kittiwake.proto.pdpb.GetGCStateResponse;
import dev.kittiwake.proto.pdpb.GlobalGCBarrierInfo;
import dev.kittiwake.proto.pdpb.GlobalGCBarriersInfo;
import dev.kittiwake.proto.pdpb.KeyspaceScope;
import dev.kittiwake.proto.pdpb.SetGCBarrierResponse;
import dev.kittiwake.proto.pdpb.SetGlobalGCBarrierResponse;
import dev.kittiwake.proto.rpc.PdMethod;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Safe points and barriers. There is one GC for all keyspaces. */
final class GcStateCalls {
  private static final int NULL_KEYSPACE = 0xFFFF_FFFF; // unsigned 4294967295: no keyspace

  private final PdApi api;
  private final PdCluster cluster;

  GcStateCalls(PdApi api, PdCluster cluster) {
    this.api = api;
    this.cluster = cluster;
  }

  void register(Handlers handlers) {
    handlers.add(PdMethod.GET_GC_STATE, LEADER, this::state);
    handlers.add(PdMethod.GET_ALL_KEYSPACES_GC_STATES, LEADER, this::states);
    handlers.addAsync(PdMethod.ADVANCE_GC_SAFE_POINT, LEADER, this::advanceGc);
    handlers.addAsync(PdMethod.ADVANCE_TXN_SAFE_POINT, LEADER, this::advanceTxn);
    handlers.addAsync(
        PdMethod.SET_GC_BARRIER,
        LEADER,
        request ->
            set(request.getBarrierId(), request.getBarrierTs(), request.getTtlSeconds(), false)
                .thenApply(
                    barrier ->
                        SetGCBarrierResponse.newBuilder()
                            .setHeader(api.header())
                            .setNewBarrierInfo(local(barrier))
                            .build()));
    handlers.addAsync(
        PdMethod.SET_GLOBAL_GC_BARRIER,
        LEADER,
        request ->
            set(request.getBarrierId(), request.getBarrierTs(), request.getTtlSeconds(), true)
                .thenApply(
                    barrier ->
                        SetGlobalGCBarrierResponse.newBuilder()
                            .setHeader(api.header())
                            .setNewBarrierInfo(global(barrier))
                            .build()));
    handlers.addAsync(
        PdMethod.DELETE_GC_BARRIER,
        LEADER,
        request ->
            delete(request.getBarrierId(), false)
                .thenApply(
                    old -> {
                      DeleteGCBarrierResponse.Builder response =
                          DeleteGCBarrierResponse.newBuilder().setHeader(api.header());
                      old.ifPresent(barrier -> response.setDeletedBarrierInfo(local(barrier)));
                      return response.build();
                    }));
    handlers.addAsync(
        PdMethod.DELETE_GLOBAL_GC_BARRIER,
        LEADER,
        request ->
            delete(request.getBarrierId(), true)
                .thenApply(
                    old -> {
                      DeleteGlobalGCBarrierResponse.Builder response =
                          DeleteGlobalGCBarrierResponse.newBuilder().setHeader(api.header());
                      old.ifPresent(barrier -> response.setDeletedBarrierInfo(global(barrier)));
                      return response.build();
                    }));
  }

  private GetGCStateResponse state(GetGCStateRequest request) {
    GetGCStateResponse.Builder response =
        GetGCStateResponse.newBuilder()
            .setHeader(api.header())
            .setGcState(gcState(request.getKeyspaceScope(), !request.getExcludeGcBarriers()));
    if (request.getIncludeGlobalGcBarriers()) {
      GlobalGCBarriersInfo.Builder barriers = GlobalGCBarriersInfo.newBuilder();
      cluster
          .meta()
          .liveBarriers(true, cluster.believedMillis())
          .forEach(barrier -> barriers.addBarriers(global(barrier)));
      response.setGlobalGcBarriers(barriers);
    }
    return response.build();
  }

  private GetAllKeyspacesGCStatesResponse states(GetAllKeyspacesGCStatesRequest request) {
    KeyspaceScope scope = KeyspaceScope.newBuilder().setKeyspaceId(NULL_KEYSPACE).build();
    GetAllKeyspacesGCStatesResponse.Builder response =
        GetAllKeyspacesGCStatesResponse.newBuilder()
            .setHeader(api.header())
            .addGcStates(gcState(scope, !request.getExcludeGcBarriers()));
    if (!request.getExcludeGlobalGcBarriers()) {
      cluster
          .meta()
          .liveBarriers(true, cluster.believedMillis())
          .forEach(barrier -> response.addGlobalGcBarriers(global(barrier)));
    }
    return response.build();
  }

  private GCState gcState(KeyspaceScope scope, boolean withBarriers) {
    GCState.Builder state =
        GCState.newBuilder()
            .setKeyspaceScope(scope)
            .setTxnSafePoint(cluster.meta().txnSafePoint())
            .setGcSafePoint(cluster.meta().gcSafePoint());
    if (withBarriers) {
      cluster
          .meta()
          .liveBarriers(false, cluster.believedMillis())
          .forEach(barrier -> state.addGcBarriers(local(barrier)));
    }
    return state.build();
  }

  private CompletableFuture<AdvanceGCSafePointResponse> advanceGc(
      AdvanceGCSafePointRequest request) {
    long old = cluster.meta().gcSafePoint();
    return cluster
        .propose(new AdvanceSafePoint(false, request.getTarget(), cluster.believedMillis(), false))
        .thenApply(
            outcome ->
                AdvanceGCSafePointResponse.newBuilder()
                    .setHeader(api.header())
                    .setOldGcSafePoint(old)
                    .setNewGcSafePoint(PdRefused.done(outcome).value())
                    .build());
  }

  private CompletableFuture<AdvanceTxnSafePointResponse> advanceTxn(
      AdvanceTxnSafePointRequest request) {
    SafePointCalls.checkPast(cluster, request.getTarget());
    long old = cluster.meta().txnSafePoint();
    return cluster
        .propose(new AdvanceSafePoint(true, request.getTarget(), cluster.believedMillis(), false))
        .thenApply(
            outcome -> {
              Outcome.Done done = PdRefused.done(outcome);
              return AdvanceTxnSafePointResponse.newBuilder()
                  .setHeader(api.header())
                  .setOldTxnSafePoint(old)
                  .setNewTxnSafePoint(done.value())
                  .setBlockerDescription(done.note())
                  .build();
            });
  }

  private CompletableFuture<Barrier> set(String id, long ts, long ttlSeconds, boolean global) {
    if (id.isEmpty() || ttlSeconds <= 0) {
      throw new PdRefused(
          ErrorType.INVALID_VALUE,
          "barrier \"" + id + "\" with ttl " + ttlSeconds + " s: both must be given");
    }
    long now = cluster.believedMillis();
    Barrier barrier = new Barrier(id, ts, SafePointCalls.expires(now, ttlSeconds), global);
    return cluster
        .propose(new SetBarrier(barrier, now, false))
        .thenApply(
            outcome -> {
              PdRefused.done(outcome);
              return barrier;
            });
  }

  private CompletableFuture<Optional<Barrier>> delete(String id, boolean global) {
    long now = cluster.believedMillis();
    Optional<Barrier> old =
        cluster
            .meta()
            .liveBarriers(global, now)
            .filter(barrier -> barrier.id().equals(id))
            .findFirst();
    return cluster
        .propose(new DeleteBarrier(id, global, now))
        .thenApply(
            outcome -> {
              PdRefused.done(outcome);
              return old;
            });
  }

  private GCBarrierInfo local(Barrier barrier) {
    return GCBarrierInfo.newBuilder()
        .setBarrierId(barrier.id())
        .setBarrierTs(barrier.ts())
        .setTtlSeconds(barrier.ttlSeconds(cluster.believedMillis()))
        .build();
  }

  private GlobalGCBarrierInfo global(Barrier barrier) {
    return GlobalGCBarrierInfo.newBuilder()
        .setBarrierId(barrier.id())
        .setBarrierTs(barrier.ts())
        .setTtlSeconds(barrier.ttlSeconds(cluster.believedMillis()))
        .build();
  }
}
