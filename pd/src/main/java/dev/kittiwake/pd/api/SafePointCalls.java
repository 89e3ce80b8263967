package dev.kittiwake.pd.api;

import static dev.kittiwake.pd.api.Handlers.Scope.LEADER;

import dev.kittiwake.pd.cluster.PdCluster;
import dev.kittiwake.pd.meta.AdvanceSafePoint;
import dev.kittiwake.pd.meta.Barrier;
import dev.kittiwake.pd.meta.DeleteBarrier;
import dev.kittiwake.pd.meta.MetaCommand;
import dev.kittiwake.pd.meta.SetBarrier;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.proto.pdpb.ErrorType;
import dev.kittiwake.proto.pdpb.GetGCSafePointResponse;
import dev.kittiwake.proto.pdpb.UpdateGCSafePointResponse;
import dev.kittiwake.proto.pdpb.UpdateServiceGCSafePointRequest;
import dev.kittiwake.proto.pdpb.UpdateServiceGCSafePointResponse;
import dev.kittiwake.proto.rpc.PdMethod;
import java.util.concurrent.CompletableFuture;

/** The older calls about garbage collection; the newer ones are in {@link GcStateCalls}. */
final class SafePointCalls {
  private static final String GC_WORKER = "gc_worker";

  private final PdApi api;
  private final PdCluster cluster;

  SafePointCalls(PdApi api, PdCluster cluster) {
    this.api = api;
    this.cluster = cluster;
  }

  void register(Handlers handlers) {
    handlers.add(
        PdMethod.GET_GC_SAFE_POINT,
        LEADER,
        request ->
            GetGCSafePointResponse.newBuilder()
                .setHeader(api.header())
                .setSafePoint(cluster.meta().gcSafePoint())
                .build());
    handlers.addAsync(
        PdMethod.UPDATE_GC_SAFE_POINT, LEADER, request -> update(request.getSafePoint()));
    handlers.addAsync(PdMethod.UPDATE_SERVICE_GC_SAFE_POINT, LEADER, this::updateService);
  }

  private CompletableFuture<UpdateGCSafePointResponse> update(long safePoint) {
    checkPast(cluster, safePoint);
    return cluster
        .propose(new AdvanceSafePoint(false, safePoint, cluster.believedMillis(), true))
        .thenApply(
            outcome ->
                UpdateGCSafePointResponse.newBuilder()
                    .setHeader(api.header())
                    .setNewSafePoint(PdRefused.done(outcome).value())
                    .build());
  }

  /**
   * Refuses a safe point that is ahead of all timestamps: nobody could read or write until they are
   * there. Barriers may be ahead, they only hold back.
   */
  static void checkPast(PdCluster cluster, long safePoint) {
    long present = cluster.timestamps().presentMillis();
    if (Long.compareUnsigned(Timestamp.physicalMillis(safePoint), present) > 0) {
      throw new PdRefused(
          ErrorType.INVALID_VALUE,
          "safe point "
              + Timestamp.toString(safePoint)
              + " is ahead of the newest timestamp, "
              + Timestamp.toString(Timestamp.of(present, 0))
              + ": take one that was handed out, or older");
    }
  }

  private CompletableFuture<UpdateServiceGCSafePointResponse> updateService(
      UpdateServiceGCSafePointRequest request) {
    return cluster
        .propose(command(request))
        .thenApply(outcome -> PdRefused.done(outcome))
        .thenApply(
            done ->
                UpdateServiceGCSafePointResponse.newBuilder()
                    .setHeader(api.header())
                    .setServiceId(request.getServiceId())
                    .setTTL(request.getTTL())
                    .setMinSafePoint(cluster.meta().minServiceSafePoint(cluster.believedMillis()))
                    .build());
  }

  /** The GC's own service moves the transaction safe point; all others are barriers. */
  private MetaCommand command(UpdateServiceGCSafePointRequest request) {
    long now = cluster.believedMillis();
    String id = request.getServiceId().toStringUtf8();
    if (id.equals(GC_WORKER)) {
      checkPast(cluster, request.getSafePoint());
      return new AdvanceSafePoint(true, request.getSafePoint(), now, true);
    }
    if (request.getTTL() <= 0) {
      return new DeleteBarrier(id, false, now);
    }
    return new SetBarrier(
        new Barrier(id, request.getSafePoint(), expires(now, request.getTTL()), false), now, true);
  }

  /** 0 (never) for a time to live that is as good as for ever. */
  static long expires(long nowMillis, long ttlSeconds) {
    return ttlSeconds >= Long.MAX_VALUE / 1000 - nowMillis ? 0 : nowMillis + ttlSeconds * 1000;
  }
}
