package dev.kittiwake.proto.rpc;

import dev.kittiwake.proto.pdpb.AdvanceGCSafePointRequest;
import dev.kittiwake.proto.pdpb.AdvanceGCSafePointResponse;
import dev.kittiwake.proto.pdpb.AdvanceTxnSafePointRequest;
import dev.kittiwake.proto.pdpb.AdvanceTxnSafePointResponse;
import dev.kittiwake.proto.pdpb.AllocIDRequest;
import dev.kittiwake.proto.pdpb.AllocIDResponse;
import dev.kittiwake.proto.pdpb.AskBatchSplitRequest;
import dev.kittiwake.proto.pdpb.AskBatchSplitResponse;
import dev.kittiwake.proto.pdpb.AskSplitRequest;
import dev.kittiwake.proto.pdpb.AskSplitResponse;
import dev.kittiwake.proto.pdpb.BatchScanRegionsRequest;
import dev.kittiwake.proto.pdpb.BatchScanRegionsResponse;
import dev.kittiwake.proto.pdpb.BootstrapRequest;
import dev.kittiwake.proto.pdpb.BootstrapResponse;
import dev.kittiwake.proto.pdpb.DeleteGCBarrierRequest;
import dev.kittiwake.proto.pdpb.DeleteGCBarrierResponse;
import dev.kittiwake.proto.pdpb.DeleteGlobalGCBarrierRequest;
import dev.kittiwake.proto.pdpb.DeleteGlobalGCBarrierResponse;
import dev.kittiwake.proto.pdpb.GetAllKeyspacesGCStatesRequest;
import dev.kittiwake.proto.pdpb.GetAllKeyspacesGCStatesResponse;
import dev.kittiwake.proto.pdpb.GetAllStoresRequest;
import dev.kittiwake.proto.pdpb.GetAllStoresResponse;
import dev.kittiwake.proto.pdpb.GetClusterConfigRequest;
import dev.kittiwake.proto.pdpb.GetClusterConfigResponse;
import dev.kittiwake.proto.pdpb.GetClusterInfoRequest;
import dev.kittiwake.proto.pdpb.GetClusterInfoResponse;
import dev.kittiwake.proto.pdpb.GetExternalTimestampRequest;
import dev.kittiwake.proto.pdpb.GetExternalTimestampResponse;
import dev.kittiwake.proto.pdpb.GetGCSafePointRequest;
import dev.kittiwake.proto.pdpb.GetGCSafePointResponse;
import dev.kittiwake.proto.pdpb.GetGCStateRequest;
import dev.kittiwake.proto.pdpb.GetGCStateResponse;
import dev.kittiwake.proto.pdpb.GetMembersRequest;
import dev.kittiwake.proto.pdpb.GetMembersResponse;
import dev.kittiwake.proto.pdpb.GetMinTSRequest;
import dev.kittiwake.proto.pdpb.GetMinTSResponse;
import dev.kittiwake.proto.pdpb.GetOperatorRequest;
import dev.kittiwake.proto.pdpb.GetOperatorResponse;
import dev.kittiwake.proto.pdpb.GetRegionByIDRequest;
import dev.kittiwake.proto.pdpb.GetRegionRequest;
import dev.kittiwake.proto.pdpb.GetRegionResponse;
import dev.kittiwake.proto.pdpb.GetStoreRequest;
import dev.kittiwake.proto.pdpb.GetStoreResponse;
import dev.kittiwake.proto.pdpb.IsBootstrappedRequest;
import dev.kittiwake.proto.pdpb.IsBootstrappedResponse;
import dev.kittiwake.proto.pdpb.IsSnapshotRecoveringRequest;
import dev.kittiwake.proto.pdpb.IsSnapshotRecoveringResponse;
import dev.kittiwake.proto.pdpb.LoadGlobalConfigRequest;
import dev.kittiwake.proto.pdpb.LoadGlobalConfigResponse;
import dev.kittiwake.proto.pdpb.PDGrpc;
import dev.kittiwake.proto.pdpb.PutClusterConfigRequest;
import dev.kittiwake.proto.pdpb.PutClusterConfigResponse;
import dev.kittiwake.proto.pdpb.PutStoreRequest;
import dev.kittiwake.proto.pdpb.PutStoreResponse;
import dev.kittiwake.proto.pdpb.ReportBatchSplitRequest;
import dev.kittiwake.proto.pdpb.ReportBatchSplitResponse;
import dev.kittiwake.proto.pdpb.ReportMinResolvedTsRequest;
import dev.kittiwake.proto.pdpb.ReportMinResolvedTsResponse;
import dev.kittiwake.proto.pdpb.ReportSplitRequest;
import dev.kittiwake.proto.pdpb.ReportSplitResponse;
import dev.kittiwake.proto.pdpb.ScanRegionsRequest;
import dev.kittiwake.proto.pdpb.ScanRegionsResponse;
import dev.kittiwake.proto.pdpb.ScatterRegionRequest;
import dev.kittiwake.proto.pdpb.ScatterRegionResponse;
import dev.kittiwake.proto.pdpb.SetExternalTimestampRequest;
import dev.kittiwake.proto.pdpb.SetExternalTimestampResponse;
import dev.kittiwake.proto.pdpb.SetGCBarrierRequest;
import dev.kittiwake.proto.pdpb.SetGCBarrierResponse;
import dev.kittiwake.proto.pdpb.SetGlobalGCBarrierRequest;
import dev.kittiwake.proto.pdpb.SetGlobalGCBarrierResponse;
import dev.kittiwake.proto.pdpb.SplitAndScatterRegionsRequest;
import dev.kittiwake.proto.pdpb.SplitAndScatterRegionsResponse;
import dev.kittiwake.proto.pdpb.SplitRegionsRequest;
import dev.kittiwake.proto.pdpb.SplitRegionsResponse;
import dev.kittiwake.proto.pdpb.StoreGlobalConfigRequest;
import dev.kittiwake.proto.pdpb.StoreGlobalConfigResponse;
import dev.kittiwake.proto.pdpb.StoreHeartbeatRequest;
import dev.kittiwake.proto.pdpb.StoreHeartbeatResponse;
import dev.kittiwake.proto.pdpb.UpdateGCSafePointRequest;
import dev.kittiwake.proto.pdpb.UpdateGCSafePointResponse;
import dev.kittiwake.proto.pdpb.UpdateServiceGCSafePointRequest;
import dev.kittiwake.proto.pdpb.UpdateServiceGCSafePointResponse;
import io.grpc.MethodDescriptor;
import java.util.List;

/**
 * One unary call of the placement driver's service. The three streams (timestamps, region
 * heartbeats, region queries) have interfaces of their own.
 *
 * @param <Q> the request
 * @param <R> the response
 */
public final class PdMethod<Q, R> {
  public static final PdMethod<GetClusterInfoRequest, GetClusterInfoResponse> GET_CLUSTER_INFO =
      new PdMethod<>("GetClusterInfo", PDGrpc.getGetClusterInfoMethod());
  public static final PdMethod<GetMembersRequest, GetMembersResponse> GET_MEMBERS =
      new PdMethod<>("GetMembers", PDGrpc.getGetMembersMethod());
  public static final PdMethod<BootstrapRequest, BootstrapResponse> BOOTSTRAP =
      new PdMethod<>("Bootstrap", PDGrpc.getBootstrapMethod());
  public static final PdMethod<IsBootstrappedRequest, IsBootstrappedResponse> IS_BOOTSTRAPPED =
      new PdMethod<>("IsBootstrapped", PDGrpc.getIsBootstrappedMethod());
  public static final PdMethod<AllocIDRequest, AllocIDResponse> ALLOC_ID =
      new PdMethod<>("AllocID", PDGrpc.getAllocIDMethod());
  public static final PdMethod<IsSnapshotRecoveringRequest, IsSnapshotRecoveringResponse>
      IS_SNAPSHOT_RECOVERING =
          new PdMethod<>("IsSnapshotRecovering", PDGrpc.getIsSnapshotRecoveringMethod());
  public static final PdMethod<GetStoreRequest, GetStoreResponse> GET_STORE =
      new PdMethod<>("GetStore", PDGrpc.getGetStoreMethod());
  public static final PdMethod<PutStoreRequest, PutStoreResponse> PUT_STORE =
      new PdMethod<>("PutStore", PDGrpc.getPutStoreMethod());
  public static final PdMethod<GetAllStoresRequest, GetAllStoresResponse> GET_ALL_STORES =
      new PdMethod<>("GetAllStores", PDGrpc.getGetAllStoresMethod());
  public static final PdMethod<StoreHeartbeatRequest, StoreHeartbeatResponse> STORE_HEARTBEAT =
      new PdMethod<>("StoreHeartbeat", PDGrpc.getStoreHeartbeatMethod());
  public static final PdMethod<GetRegionRequest, GetRegionResponse> GET_REGION =
      new PdMethod<>("GetRegion", PDGrpc.getGetRegionMethod());
  public static final PdMethod<GetRegionRequest, GetRegionResponse> GET_PREV_REGION =
      new PdMethod<>("GetPrevRegion", PDGrpc.getGetPrevRegionMethod());
  public static final PdMethod<GetRegionByIDRequest, GetRegionResponse> GET_REGION_BY_ID =
      new PdMethod<>("GetRegionByID", PDGrpc.getGetRegionByIDMethod());
  public static final PdMethod<ScanRegionsRequest, ScanRegionsResponse> SCAN_REGIONS =
      new PdMethod<>("ScanRegions", PDGrpc.getScanRegionsMethod());
  public static final PdMethod<BatchScanRegionsRequest, BatchScanRegionsResponse>
      BATCH_SCAN_REGIONS = new PdMethod<>("BatchScanRegions", PDGrpc.getBatchScanRegionsMethod());
  public static final PdMethod<AskSplitRequest, AskSplitResponse> ASK_SPLIT =
      new PdMethod<>("AskSplit", PDGrpc.getAskSplitMethod());
  public static final PdMethod<ReportSplitRequest, ReportSplitResponse> REPORT_SPLIT =
      new PdMethod<>("ReportSplit", PDGrpc.getReportSplitMethod());
  public static final PdMethod<AskBatchSplitRequest, AskBatchSplitResponse> ASK_BATCH_SPLIT =
      new PdMethod<>("AskBatchSplit", PDGrpc.getAskBatchSplitMethod());
  public static final PdMethod<ReportBatchSplitRequest, ReportBatchSplitResponse>
      REPORT_BATCH_SPLIT = new PdMethod<>("ReportBatchSplit", PDGrpc.getReportBatchSplitMethod());
  public static final PdMethod<GetClusterConfigRequest, GetClusterConfigResponse>
      GET_CLUSTER_CONFIG = new PdMethod<>("GetClusterConfig", PDGrpc.getGetClusterConfigMethod());
  public static final PdMethod<PutClusterConfigRequest, PutClusterConfigResponse>
      PUT_CLUSTER_CONFIG = new PdMethod<>("PutClusterConfig", PDGrpc.getPutClusterConfigMethod());
  public static final PdMethod<ScatterRegionRequest, ScatterRegionResponse> SCATTER_REGION =
      new PdMethod<>("ScatterRegion", PDGrpc.getScatterRegionMethod());
  public static final PdMethod<GetGCSafePointRequest, GetGCSafePointResponse> GET_GC_SAFE_POINT =
      new PdMethod<>("GetGCSafePoint", PDGrpc.getGetGCSafePointMethod());
  public static final PdMethod<UpdateGCSafePointRequest, UpdateGCSafePointResponse>
      UPDATE_GC_SAFE_POINT =
          new PdMethod<>("UpdateGCSafePoint", PDGrpc.getUpdateGCSafePointMethod());
  public static final PdMethod<UpdateServiceGCSafePointRequest, UpdateServiceGCSafePointResponse>
      UPDATE_SERVICE_GC_SAFE_POINT =
          new PdMethod<>("UpdateServiceGCSafePoint", PDGrpc.getUpdateServiceGCSafePointMethod());
  public static final PdMethod<AdvanceGCSafePointRequest, AdvanceGCSafePointResponse>
      ADVANCE_GC_SAFE_POINT =
          new PdMethod<>("AdvanceGCSafePoint", PDGrpc.getAdvanceGCSafePointMethod());
  public static final PdMethod<AdvanceTxnSafePointRequest, AdvanceTxnSafePointResponse>
      ADVANCE_TXN_SAFE_POINT =
          new PdMethod<>("AdvanceTxnSafePoint", PDGrpc.getAdvanceTxnSafePointMethod());
  public static final PdMethod<SetGCBarrierRequest, SetGCBarrierResponse> SET_GC_BARRIER =
      new PdMethod<>("SetGCBarrier", PDGrpc.getSetGCBarrierMethod());
  public static final PdMethod<DeleteGCBarrierRequest, DeleteGCBarrierResponse> DELETE_GC_BARRIER =
      new PdMethod<>("DeleteGCBarrier", PDGrpc.getDeleteGCBarrierMethod());
  public static final PdMethod<SetGlobalGCBarrierRequest, SetGlobalGCBarrierResponse>
      SET_GLOBAL_GC_BARRIER =
          new PdMethod<>("SetGlobalGCBarrier", PDGrpc.getSetGlobalGCBarrierMethod());
  public static final PdMethod<DeleteGlobalGCBarrierRequest, DeleteGlobalGCBarrierResponse>
      DELETE_GLOBAL_GC_BARRIER =
          new PdMethod<>("DeleteGlobalGCBarrier", PDGrpc.getDeleteGlobalGCBarrierMethod());
  public static final PdMethod<GetGCStateRequest, GetGCStateResponse> GET_GC_STATE =
      new PdMethod<>("GetGCState", PDGrpc.getGetGCStateMethod());
  public static final PdMethod<GetAllKeyspacesGCStatesRequest, GetAllKeyspacesGCStatesResponse>
      GET_ALL_KEYSPACES_GC_STATES =
          new PdMethod<>("GetAllKeyspacesGCStates", PDGrpc.getGetAllKeyspacesGCStatesMethod());
  public static final PdMethod<GetOperatorRequest, GetOperatorResponse> GET_OPERATOR =
      new PdMethod<>("GetOperator", PDGrpc.getGetOperatorMethod());
  public static final PdMethod<SplitRegionsRequest, SplitRegionsResponse> SPLIT_REGIONS =
      new PdMethod<>("SplitRegions", PDGrpc.getSplitRegionsMethod());
  public static final PdMethod<SplitAndScatterRegionsRequest, SplitAndScatterRegionsResponse>
      SPLIT_AND_SCATTER_REGIONS =
          new PdMethod<>("SplitAndScatterRegions", PDGrpc.getSplitAndScatterRegionsMethod());
  public static final PdMethod<StoreGlobalConfigRequest, StoreGlobalConfigResponse>
      STORE_GLOBAL_CONFIG =
          new PdMethod<>("StoreGlobalConfig", PDGrpc.getStoreGlobalConfigMethod());
  public static final PdMethod<LoadGlobalConfigRequest, LoadGlobalConfigResponse>
      LOAD_GLOBAL_CONFIG = new PdMethod<>("LoadGlobalConfig", PDGrpc.getLoadGlobalConfigMethod());
  public static final PdMethod<ReportMinResolvedTsRequest, ReportMinResolvedTsResponse>
      REPORT_MIN_RESOLVED_TS =
          new PdMethod<>("ReportMinResolvedTS", PDGrpc.getReportMinResolvedTSMethod());
  public static final PdMethod<SetExternalTimestampRequest, SetExternalTimestampResponse>
      SET_EXTERNAL_TIMESTAMP =
          new PdMethod<>("SetExternalTimestamp", PDGrpc.getSetExternalTimestampMethod());
  public static final PdMethod<GetExternalTimestampRequest, GetExternalTimestampResponse>
      GET_EXTERNAL_TIMESTAMP =
          new PdMethod<>("GetExternalTimestamp", PDGrpc.getGetExternalTimestampMethod());
  public static final PdMethod<GetMinTSRequest, GetMinTSResponse> GET_MIN_TS =
      new PdMethod<>("GetMinTS", PDGrpc.getGetMinTSMethod());

  /** Every call, in the order of the service's definition. */
  public static final List<PdMethod<?, ?>> ALL =
      List.of(
          GET_CLUSTER_INFO,
          GET_MEMBERS,
          BOOTSTRAP,
          IS_BOOTSTRAPPED,
          ALLOC_ID,
          IS_SNAPSHOT_RECOVERING,
          GET_STORE,
          PUT_STORE,
          GET_ALL_STORES,
          STORE_HEARTBEAT,
          GET_REGION,
          GET_PREV_REGION,
          GET_REGION_BY_ID,
          SCAN_REGIONS,
          BATCH_SCAN_REGIONS,
          ASK_SPLIT,
          REPORT_SPLIT,
          ASK_BATCH_SPLIT,
          REPORT_BATCH_SPLIT,
          GET_CLUSTER_CONFIG,
          PUT_CLUSTER_CONFIG,
          SCATTER_REGION,
          GET_GC_SAFE_POINT,
          UPDATE_GC_SAFE_POINT,
          UPDATE_SERVICE_GC_SAFE_POINT,
          ADVANCE_GC_SAFE_POINT,
          ADVANCE_TXN_SAFE_POINT,
          SET_GC_BARRIER,
          DELETE_GC_BARRIER,
          SET_GLOBAL_GC_BARRIER,
          DELETE_GLOBAL_GC_BARRIER,
          GET_GC_STATE,
          GET_ALL_KEYSPACES_GC_STATES,
          GET_OPERATOR,
          SPLIT_REGIONS,
          SPLIT_AND_SCATTER_REGIONS,
          STORE_GLOBAL_CONFIG,
          LOAD_GLOBAL_CONFIG,
          REPORT_MIN_RESOLVED_TS,
          SET_EXTERNAL_TIMESTAMP,
          GET_EXTERNAL_TIMESTAMP,
          GET_MIN_TS);

  private final String name;
  private final MethodDescriptor<Q, R> descriptor;

  private PdMethod(String name, MethodDescriptor<Q, R> descriptor) {
    this.name = name;
    this.descriptor = descriptor;
  }

  /** The name within the service, e.g. {@code GetRegion}. */
  public String name() {
    return name;
  }

  public MethodDescriptor<Q, R> descriptor() {
    return descriptor;
  }

  @Override
  public String toString() {
    return name;
  }
}
