package dev.kittiwake.kv.api.cluster;

import dev.kittiwake.kv.api.HealthFeedbackSource;
import dev.kittiwake.kv.api.KvApi;
import dev.kittiwake.kv.region.RegionAccess;
import dev.kittiwake.kv.txn.LockWaiters;
import dev.kittiwake.proto.kvrpcpb.BroadcastTxnStatusResponse;
import dev.kittiwake.proto.rpc.KvMethod;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** The calls on regions and the store, put together. */
public final class ClusterService {
  private ClusterService() {}

  /**
   * Adds the handlers of all such calls to {@code api}.
   *
   * @param slow where calls run that write to the engine past raft
   */
  public static void register(
      KvApi.Builder api,
      RegionAccess access,
      LockWaiters waiters,
      HealthFeedbackSource health,
      Executor slow) {
    api.on(KvMethod.SPLIT_REGION, new SplitRegionCall(access));
    api.on(KvMethod.KV_DELETE_RANGE, new DeleteRangeCall(access));
    api.on(KvMethod.UNSAFE_DESTROY_RANGE, new UnsafeDestroyRangeCall(access, slow));
    api.on(KvMethod.COPROCESSOR, new CoprocessorCall());
    api.on(KvMethod.GET_HEALTH_FEEDBACK, new HealthFeedbackCall(health));
    api.on(KvMethod.GET_LOCK_WAIT_INFO, new LockWaitInfoCall(waiters));
    api.on(KvMethod.GET_STORE_SAFE_TS, new StoreSafeTsCall(access));
    // A hint about finished transactions; readers find out by themselves.
    api.on(
        KvMethod.BROADCAST_TXN_STATUS,
        request ->
            CompletableFuture.completedFuture(BroadcastTxnStatusResponse.getDefaultInstance()));
  }
}
