package dev.kittiwake.proto.rpc;

import dev.kittiwake.proto.kvrpcpb.BatchGetRequest;
import dev.kittiwake.proto.kvrpcpb.BatchGetResponse;
import dev.kittiwake.proto.kvrpcpb.BatchRollbackRequest;
import dev.kittiwake.proto.kvrpcpb.BatchRollbackResponse;
import dev.kittiwake.proto.kvrpcpb.BroadcastTxnStatusRequest;
import dev.kittiwake.proto.kvrpcpb.BroadcastTxnStatusResponse;
import dev.kittiwake.proto.kvrpcpb.BufferBatchGetRequest;
import dev.kittiwake.proto.kvrpcpb.BufferBatchGetResponse;
import dev.kittiwake.proto.kvrpcpb.CheckSecondaryLocksRequest;
import dev.kittiwake.proto.kvrpcpb.CheckSecondaryLocksResponse;
import dev.kittiwake.proto.kvrpcpb.CheckTxnStatusRequest;
import dev.kittiwake.proto.kvrpcpb.CheckTxnStatusResponse;
import dev.kittiwake.proto.kvrpcpb.CleanupRequest;
import dev.kittiwake.proto.kvrpcpb.CleanupResponse;
import dev.kittiwake.proto.kvrpcpb.CommitRequest;
import dev.kittiwake.proto.kvrpcpb.CommitResponse;
import dev.kittiwake.proto.kvrpcpb.DeleteRangeRequest;
import dev.kittiwake.proto.kvrpcpb.DeleteRangeResponse;
import dev.kittiwake.proto.kvrpcpb.FlushRequest;
import dev.kittiwake.proto.kvrpcpb.FlushResponse;
import dev.kittiwake.proto.kvrpcpb.GetHealthFeedbackRequest;
import dev.kittiwake.proto.kvrpcpb.GetHealthFeedbackResponse;
import dev.kittiwake.proto.kvrpcpb.GetLockWaitHistoryRequest;
import dev.kittiwake.proto.kvrpcpb.GetLockWaitHistoryResponse;
import dev.kittiwake.proto.kvrpcpb.GetLockWaitInfoRequest;
import dev.kittiwake.proto.kvrpcpb.GetLockWaitInfoResponse;
import dev.kittiwake.proto.kvrpcpb.GetRequest;
import dev.kittiwake.proto.kvrpcpb.GetResponse;
import dev.kittiwake.proto.kvrpcpb.MvccGetByKeyRequest;
import dev.kittiwake.proto.kvrpcpb.MvccGetByKeyResponse;
import dev.kittiwake.proto.kvrpcpb.MvccGetByStartTsRequest;
import dev.kittiwake.proto.kvrpcpb.MvccGetByStartTsResponse;
import dev.kittiwake.proto.kvrpcpb.PessimisticLockRequest;
import dev.kittiwake.proto.kvrpcpb.PessimisticLockResponse;
import dev.kittiwake.proto.kvrpcpb.PessimisticRollbackRequest;
import dev.kittiwake.proto.kvrpcpb.PessimisticRollbackResponse;
import dev.kittiwake.proto.kvrpcpb.PrewriteRequest;
import dev.kittiwake.proto.kvrpcpb.PrewriteResponse;
import dev.kittiwake.proto.kvrpcpb.RawBatchDeleteRequest;
import dev.kittiwake.proto.kvrpcpb.RawBatchDeleteResponse;
import dev.kittiwake.proto.kvrpcpb.RawBatchGetRequest;
import dev.kittiwake.proto.kvrpcpb.RawBatchGetResponse;
import dev.kittiwake.proto.kvrpcpb.RawBatchPutRequest;
import dev.kittiwake.proto.kvrpcpb.RawBatchPutResponse;
import dev.kittiwake.proto.kvrpcpb.RawBatchScanRequest;
import dev.kittiwake.proto.kvrpcpb.RawBatchScanResponse;
import dev.kittiwake.proto.kvrpcpb.RawCASRequest;
import dev.kittiwake.proto.kvrpcpb.RawCASResponse;
import dev.kittiwake.proto.kvrpcpb.RawChecksumRequest;
import dev.kittiwake.proto.kvrpcpb.RawChecksumResponse;
import dev.kittiwake.proto.kvrpcpb.RawDeleteRangeRequest;
import dev.kittiwake.proto.kvrpcpb.RawDeleteRangeResponse;
import dev.kittiwake.proto.kvrpcpb.RawDeleteRequest;
import dev.kittiwake.proto.kvrpcpb.RawDeleteResponse;
import dev.kittiwake.proto.kvrpcpb.RawGetKeyTTLRequest;
import dev.kittiwake.proto.kvrpcpb.RawGetKeyTTLResponse;
import dev.kittiwake.proto.kvrpcpb.RawGetRequest;
import dev.kittiwake.proto.kvrpcpb.RawGetResponse;
import dev.kittiwake.proto.kvrpcpb.RawPutRequest;
import dev.kittiwake.proto.kvrpcpb.RawPutResponse;
import dev.kittiwake.proto.kvrpcpb.RawScanRequest;
import dev.kittiwake.proto.kvrpcpb.RawScanResponse;
import dev.kittiwake.proto.kvrpcpb.ResolveLockRequest;
import dev.kittiwake.proto.kvrpcpb.ResolveLockResponse;
import dev.kittiwake.proto.kvrpcpb.ScanLockRequest;
import dev.kittiwake.proto.kvrpcpb.ScanLockResponse;
import dev.kittiwake.proto.kvrpcpb.ScanRequest;
import dev.kittiwake.proto.kvrpcpb.ScanResponse;
import dev.kittiwake.proto.kvrpcpb.SplitRegionRequest;
import dev.kittiwake.proto.kvrpcpb.SplitRegionResponse;
import dev.kittiwake.proto.kvrpcpb.StoreSafeTSRequest;
import dev.kittiwake.proto.kvrpcpb.StoreSafeTSResponse;
import dev.kittiwake.proto.kvrpcpb.TxnHeartBeatRequest;
import dev.kittiwake.proto.kvrpcpb.TxnHeartBeatResponse;
import dev.kittiwake.proto.kvrpcpb.UnsafeDestroyRangeRequest;
import dev.kittiwake.proto.kvrpcpb.UnsafeDestroyRangeResponse;
import dev.kittiwake.proto.tikvpb.BatchCommandsRequest;
import dev.kittiwake.proto.tikvpb.BatchCommandsRequest.Request.CmdCase;
import dev.kittiwake.proto.tikvpb.BatchCommandsResponse;
import dev.kittiwake.proto.tikvpb.TikvGrpc;
import io.grpc.MethodDescriptor;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * One call of a store's service: its name, its gRPC method, and, where it has one, its place in the
 * batch stream. A client picks a constant and a request; a server finds its handler by the
 * constant. Requests and responses travel as these generated messages also inside one JVM, where
 * nothing is serialised.
 *
 * @param <Q> the request
 * @param <R> the response
 */
public final class KvMethod<Q, R> {
  public static final KvMethod<GetRequest, GetResponse> KV_GET =
      batched(
          "KvGet",
          TikvGrpc.getKvGetMethod(),
          CmdCase.GET,
          (batch, request) -> batch.setGet(request),
          BatchCommandsRequest.Request::getGet,
          (batch, response) -> batch.setGet(response),
          BatchCommandsResponse.Response::getGet);
  public static final KvMethod<ScanRequest, ScanResponse> KV_SCAN =
      batched(
          "KvScan",
          TikvGrpc.getKvScanMethod(),
          CmdCase.SCAN,
          (batch, request) -> batch.setScan(request),
          BatchCommandsRequest.Request::getScan,
          (batch, response) -> batch.setScan(response),
          BatchCommandsResponse.Response::getScan);
  public static final KvMethod<PrewriteRequest, PrewriteResponse> KV_PREWRITE =
      batched(
          "KvPrewrite",
          TikvGrpc.getKvPrewriteMethod(),
          CmdCase.PREWRITE,
          (batch, request) -> batch.setPrewrite(request),
          BatchCommandsRequest.Request::getPrewrite,
          (batch, response) -> batch.setPrewrite(response),
          BatchCommandsResponse.Response::getPrewrite);
  public static final KvMethod<PessimisticLockRequest, PessimisticLockResponse>
      KV_PESSIMISTIC_LOCK =
          batched(
              "KvPessimisticLock",
              TikvGrpc.getKvPessimisticLockMethod(),
              CmdCase.PESSIMISTICLOCK,
              (batch, request) -> batch.setPessimisticLock(request),
              BatchCommandsRequest.Request::getPessimisticLock,
              (batch, response) -> batch.setPessimisticLock(response),
              BatchCommandsResponse.Response::getPessimisticLock);
  public static final KvMethod<PessimisticRollbackRequest, PessimisticRollbackResponse>
      KV_PESSIMISTIC_ROLLBACK =
          batched(
              "KVPessimisticRollback",
              TikvGrpc.getKVPessimisticRollbackMethod(),
              CmdCase.PESSIMISTICROLLBACK,
              (batch, request) -> batch.setPessimisticRollback(request),
              BatchCommandsRequest.Request::getPessimisticRollback,
              (batch, response) -> batch.setPessimisticRollback(response),
              BatchCommandsResponse.Response::getPessimisticRollback);
  public static final KvMethod<TxnHeartBeatRequest, TxnHeartBeatResponse> KV_TXN_HEART_BEAT =
      batched(
          "KvTxnHeartBeat",
          TikvGrpc.getKvTxnHeartBeatMethod(),
          CmdCase.TXNHEARTBEAT,
          (batch, request) -> batch.setTxnHeartBeat(request),
          BatchCommandsRequest.Request::getTxnHeartBeat,
          (batch, response) -> batch.setTxnHeartBeat(response),
          BatchCommandsResponse.Response::getTxnHeartBeat);
  public static final KvMethod<CheckTxnStatusRequest, CheckTxnStatusResponse> KV_CHECK_TXN_STATUS =
      batched(
          "KvCheckTxnStatus",
          TikvGrpc.getKvCheckTxnStatusMethod(),
          CmdCase.CHECKTXNSTATUS,
          (batch, request) -> batch.setCheckTxnStatus(request),
          BatchCommandsRequest.Request::getCheckTxnStatus,
          (batch, response) -> batch.setCheckTxnStatus(response),
          BatchCommandsResponse.Response::getCheckTxnStatus);
  public static final KvMethod<CheckSecondaryLocksRequest, CheckSecondaryLocksResponse>
      KV_CHECK_SECONDARY_LOCKS =
          batched(
              "KvCheckSecondaryLocks",
              TikvGrpc.getKvCheckSecondaryLocksMethod(),
              CmdCase.CHECKSECONDARYLOCKS,
              (batch, request) -> batch.setCheckSecondaryLocks(request),
              BatchCommandsRequest.Request::getCheckSecondaryLocks,
              (batch, response) -> batch.setCheckSecondaryLocks(response),
              BatchCommandsResponse.Response::getCheckSecondaryLocks);
  public static final KvMethod<CommitRequest, CommitResponse> KV_COMMIT =
      batched(
          "KvCommit",
          TikvGrpc.getKvCommitMethod(),
          CmdCase.COMMIT,
          (batch, request) -> batch.setCommit(request),
          BatchCommandsRequest.Request::getCommit,
          (batch, response) -> batch.setCommit(response),
          BatchCommandsResponse.Response::getCommit);
  public static final KvMethod<CleanupRequest, CleanupResponse> KV_CLEANUP =
      batched(
          "KvCleanup",
          TikvGrpc.getKvCleanupMethod(),
          CmdCase.CLEANUP,
          (batch, request) -> batch.setCleanup(request),
          BatchCommandsRequest.Request::getCleanup,
          (batch, response) -> batch.setCleanup(response),
          BatchCommandsResponse.Response::getCleanup);
  public static final KvMethod<BatchGetRequest, BatchGetResponse> KV_BATCH_GET =
      batched(
          "KvBatchGet",
          TikvGrpc.getKvBatchGetMethod(),
          CmdCase.BATCHGET,
          (batch, request) -> batch.setBatchGet(request),
          BatchCommandsRequest.Request::getBatchGet,
          (batch, response) -> batch.setBatchGet(response),
          BatchCommandsResponse.Response::getBatchGet);
  public static final KvMethod<BatchRollbackRequest, BatchRollbackResponse> KV_BATCH_ROLLBACK =
      batched(
          "KvBatchRollback",
          TikvGrpc.getKvBatchRollbackMethod(),
          CmdCase.BATCHROLLBACK,
          (batch, request) -> batch.setBatchRollback(request),
          BatchCommandsRequest.Request::getBatchRollback,
          (batch, response) -> batch.setBatchRollback(response),
          BatchCommandsResponse.Response::getBatchRollback);
  public static final KvMethod<ScanLockRequest, ScanLockResponse> KV_SCAN_LOCK =
      batched(
          "KvScanLock",
          TikvGrpc.getKvScanLockMethod(),
          CmdCase.SCANLOCK,
          (batch, request) -> batch.setScanLock(request),
          BatchCommandsRequest.Request::getScanLock,
          (batch, response) -> batch.setScanLock(response),
          BatchCommandsResponse.Response::getScanLock);
  public static final KvMethod<ResolveLockRequest, ResolveLockResponse> KV_RESOLVE_LOCK =
      batched(
          "KvResolveLock",
          TikvGrpc.getKvResolveLockMethod(),
          CmdCase.RESOLVELOCK,
          (batch, request) -> batch.setResolveLock(request),
          BatchCommandsRequest.Request::getResolveLock,
          (batch, response) -> batch.setResolveLock(response),
          BatchCommandsResponse.Response::getResolveLock);
  public static final KvMethod<DeleteRangeRequest, DeleteRangeResponse> KV_DELETE_RANGE =
      batched(
          "KvDeleteRange",
          TikvGrpc.getKvDeleteRangeMethod(),
          CmdCase.DELETERANGE,
          (batch, request) -> batch.setDeleteRange(request),
          BatchCommandsRequest.Request::getDeleteRange,
          (batch, response) -> batch.setDeleteRange(response),
          BatchCommandsResponse.Response::getDeleteRange);
  public static final KvMethod<FlushRequest, FlushResponse> KV_FLUSH =
      batched(
          "KvFlush",
          TikvGrpc.getKvFlushMethod(),
          CmdCase.FLUSH,
          (batch, request) -> batch.setFlush(request),
          BatchCommandsRequest.Request::getFlush,
          (batch, response) -> batch.setFlush(response),
          BatchCommandsResponse.Response::getFlush);
  public static final KvMethod<BufferBatchGetRequest, BufferBatchGetResponse> KV_BUFFER_BATCH_GET =
      batched(
          "KvBufferBatchGet",
          TikvGrpc.getKvBufferBatchGetMethod(),
          CmdCase.BUFFERBATCHGET,
          (batch, request) -> batch.setBufferBatchGet(request),
          BatchCommandsRequest.Request::getBufferBatchGet,
          (batch, response) -> batch.setBufferBatchGet(response),
          BatchCommandsResponse.Response::getBufferBatchGet);
  public static final KvMethod<RawGetRequest, RawGetResponse> RAW_GET =
      batched(
          "RawGet",
          TikvGrpc.getRawGetMethod(),
          CmdCase.RAWGET,
          (batch, request) -> batch.setRawGet(request),
          BatchCommandsRequest.Request::getRawGet,
          (batch, response) -> batch.setRawGet(response),
          BatchCommandsResponse.Response::getRawGet);
  public static final KvMethod<RawBatchGetRequest, RawBatchGetResponse> RAW_BATCH_GET =
      batched(
          "RawBatchGet",
          TikvGrpc.getRawBatchGetMethod(),
          CmdCase.RAWBATCHGET,
          (batch, request) -> batch.setRawBatchGet(request),
          BatchCommandsRequest.Request::getRawBatchGet,
          (batch, response) -> batch.setRawBatchGet(response),
          BatchCommandsResponse.Response::getRawBatchGet);
  public static final KvMethod<RawPutRequest, RawPutResponse> RAW_PUT =
      batched(
          "RawPut",
          TikvGrpc.getRawPutMethod(),
          CmdCase.RAWPUT,
          (batch, request) -> batch.setRawPut(request),
          BatchCommandsRequest.Request::getRawPut,
          (batch, response) -> batch.setRawPut(response),
          BatchCommandsResponse.Response::getRawPut);
  public static final KvMethod<RawBatchPutRequest, RawBatchPutResponse> RAW_BATCH_PUT =
      batched(
          "RawBatchPut",
          TikvGrpc.getRawBatchPutMethod(),
          CmdCase.RAWBATCHPUT,
          (batch, request) -> batch.setRawBatchPut(request),
          BatchCommandsRequest.Request::getRawBatchPut,
          (batch, response) -> batch.setRawBatchPut(response),
          BatchCommandsResponse.Response::getRawBatchPut);
  public static final KvMethod<RawDeleteRequest, RawDeleteResponse> RAW_DELETE =
      batched(
          "RawDelete",
          TikvGrpc.getRawDeleteMethod(),
          CmdCase.RAWDELETE,
          (batch, request) -> batch.setRawDelete(request),
          BatchCommandsRequest.Request::getRawDelete,
          (batch, response) -> batch.setRawDelete(response),
          BatchCommandsResponse.Response::getRawDelete);
  public static final KvMethod<RawBatchDeleteRequest, RawBatchDeleteResponse> RAW_BATCH_DELETE =
      batched(
          "RawBatchDelete",
          TikvGrpc.getRawBatchDeleteMethod(),
          CmdCase.RAWBATCHDELETE,
          (batch, request) -> batch.setRawBatchDelete(request),
          BatchCommandsRequest.Request::getRawBatchDelete,
          (batch, response) -> batch.setRawBatchDelete(response),
          BatchCommandsResponse.Response::getRawBatchDelete);
  public static final KvMethod<RawScanRequest, RawScanResponse> RAW_SCAN =
      batched(
          "RawScan",
          TikvGrpc.getRawScanMethod(),
          CmdCase.RAWSCAN,
          (batch, request) -> batch.setRawScan(request),
          BatchCommandsRequest.Request::getRawScan,
          (batch, response) -> batch.setRawScan(response),
          BatchCommandsResponse.Response::getRawScan);
  public static final KvMethod<RawDeleteRangeRequest, RawDeleteRangeResponse> RAW_DELETE_RANGE =
      batched(
          "RawDeleteRange",
          TikvGrpc.getRawDeleteRangeMethod(),
          CmdCase.RAWDELETERANGE,
          (batch, request) -> batch.setRawDeleteRange(request),
          BatchCommandsRequest.Request::getRawDeleteRange,
          (batch, response) -> batch.setRawDeleteRange(response),
          BatchCommandsResponse.Response::getRawDeleteRange);
  public static final KvMethod<RawBatchScanRequest, RawBatchScanResponse> RAW_BATCH_SCAN =
      batched(
          "RawBatchScan",
          TikvGrpc.getRawBatchScanMethod(),
          CmdCase.RAWBATCHSCAN,
          (batch, request) -> batch.setRawBatchScan(request),
          BatchCommandsRequest.Request::getRawBatchScan,
          (batch, response) -> batch.setRawBatchScan(response),
          BatchCommandsResponse.Response::getRawBatchScan);
  public static final KvMethod<RawGetKeyTTLRequest, RawGetKeyTTLResponse> RAW_GET_KEY_TTL =
      unary("RawGetKeyTTL", TikvGrpc.getRawGetKeyTTLMethod());
  public static final KvMethod<RawCASRequest, RawCASResponse> RAW_COMPARE_AND_SWAP =
      unary("RawCompareAndSwap", TikvGrpc.getRawCompareAndSwapMethod());
  public static final KvMethod<RawChecksumRequest, RawChecksumResponse> RAW_CHECKSUM =
      unary("RawChecksum", TikvGrpc.getRawChecksumMethod());
  public static final KvMethod<UnsafeDestroyRangeRequest, UnsafeDestroyRangeResponse>
      UNSAFE_DESTROY_RANGE = unary("UnsafeDestroyRange", TikvGrpc.getUnsafeDestroyRangeMethod());
  public static final KvMethod<
          dev.kittiwake.proto.coprocessor.Request, dev.kittiwake.proto.coprocessor.Response>
      COPROCESSOR =
          batched(
              "Coprocessor",
              TikvGrpc.getCoprocessorMethod(),
              CmdCase.COPROCESSOR,
              (batch, request) -> batch.setCoprocessor(request),
              BatchCommandsRequest.Request::getCoprocessor,
              (batch, response) -> batch.setCoprocessor(response),
              BatchCommandsResponse.Response::getCoprocessor);
  public static final KvMethod<SplitRegionRequest, SplitRegionResponse> SPLIT_REGION =
      unary("SplitRegion", TikvGrpc.getSplitRegionMethod());
  public static final KvMethod<MvccGetByKeyRequest, MvccGetByKeyResponse> MVCC_GET_BY_KEY =
      unary("MvccGetByKey", TikvGrpc.getMvccGetByKeyMethod());
  public static final KvMethod<MvccGetByStartTsRequest, MvccGetByStartTsResponse>
      MVCC_GET_BY_START_TS = unary("MvccGetByStartTs", TikvGrpc.getMvccGetByStartTsMethod());
  public static final KvMethod<StoreSafeTSRequest, StoreSafeTSResponse> GET_STORE_SAFE_TS =
      unary("GetStoreSafeTS", TikvGrpc.getGetStoreSafeTSMethod());
  public static final KvMethod<GetLockWaitInfoRequest, GetLockWaitInfoResponse> GET_LOCK_WAIT_INFO =
      unary("GetLockWaitInfo", TikvGrpc.getGetLockWaitInfoMethod());
  public static final KvMethod<GetLockWaitHistoryRequest, GetLockWaitHistoryResponse>
      GET_LOCK_WAIT_HISTORY = unary("GetLockWaitHistory", TikvGrpc.getGetLockWaitHistoryMethod());
  public static final KvMethod<GetHealthFeedbackRequest, GetHealthFeedbackResponse>
      GET_HEALTH_FEEDBACK =
          batched(
              "GetHealthFeedback",
              TikvGrpc.getGetHealthFeedbackMethod(),
              CmdCase.GETHEALTHFEEDBACK,
              (batch, request) -> batch.setGetHealthFeedback(request),
              BatchCommandsRequest.Request::getGetHealthFeedback,
              (batch, response) -> batch.setGetHealthFeedback(response),
              BatchCommandsResponse.Response::getGetHealthFeedback);
  public static final KvMethod<BroadcastTxnStatusRequest, BroadcastTxnStatusResponse>
      BROADCAST_TXN_STATUS =
          batched(
              "BroadcastTxnStatus",
              TikvGrpc.getBroadcastTxnStatusMethod(),
              CmdCase.BROADCASTTXNSTATUS,
              (batch, request) -> batch.setBroadcastTxnStatus(request),
              BatchCommandsRequest.Request::getBroadcastTxnStatus,
              (batch, response) -> batch.setBroadcastTxnStatus(response),
              BatchCommandsResponse.Response::getBroadcastTxnStatus);

  /** Every call, in the order of the service's definition. */
  public static final List<KvMethod<?, ?>> ALL =
      List.of(
          KV_GET,
          KV_SCAN,
          KV_PREWRITE,
          KV_PESSIMISTIC_LOCK,
          KV_PESSIMISTIC_ROLLBACK,
          KV_TXN_HEART_BEAT,
          KV_CHECK_TXN_STATUS,
          KV_CHECK_SECONDARY_LOCKS,
          KV_COMMIT,
          KV_CLEANUP,
          KV_BATCH_GET,
          KV_BATCH_ROLLBACK,
          KV_SCAN_LOCK,
          KV_RESOLVE_LOCK,
          KV_DELETE_RANGE,
          KV_FLUSH,
          KV_BUFFER_BATCH_GET,
          RAW_GET,
          RAW_BATCH_GET,
          RAW_PUT,
          RAW_BATCH_PUT,
          RAW_DELETE,
          RAW_BATCH_DELETE,
          RAW_SCAN,
          RAW_DELETE_RANGE,
          RAW_BATCH_SCAN,
          RAW_GET_KEY_TTL,
          RAW_COMPARE_AND_SWAP,
          RAW_CHECKSUM,
          UNSAFE_DESTROY_RANGE,
          COPROCESSOR,
          SPLIT_REGION,
          MVCC_GET_BY_KEY,
          MVCC_GET_BY_START_TS,
          GET_STORE_SAFE_TS,
          GET_LOCK_WAIT_INFO,
          GET_LOCK_WAIT_HISTORY,
          GET_HEALTH_FEEDBACK,
          BROADCAST_TXN_STATUS);

  private final String name;
  private final MethodDescriptor<Q, R> descriptor;
  private final CmdCase batchCase;
  private final BiConsumer<BatchCommandsRequest.Request.Builder, Q> wrapRequest;
  private final Function<BatchCommandsRequest.Request, Q> unwrapRequest;
  private final BiConsumer<BatchCommandsResponse.Response.Builder, R> wrapResponse;
  private final Function<BatchCommandsResponse.Response, R> unwrapResponse;

  private KvMethod(
      String name,
      MethodDescriptor<Q, R> descriptor,
      CmdCase batchCase,
      BiConsumer<BatchCommandsRequest.Request.Builder, Q> wrapRequest,
      Function<BatchCommandsRequest.Request, Q> unwrapRequest,
      BiConsumer<BatchCommandsResponse.Response.Builder, R> wrapResponse,
      Function<BatchCommandsResponse.Response, R> unwrapResponse) {
    this.name = name;
    this.descriptor = descriptor;
    this.batchCase = batchCase;
    this.wrapRequest = wrapRequest;
    this.unwrapRequest = unwrapRequest;
    this.wrapResponse = wrapResponse;
    this.unwrapResponse = unwrapResponse;
  }

  private static <Q, R> KvMethod<Q, R> unary(String name, MethodDescriptor<Q, R> descriptor) {
    return new KvMethod<>(name, descriptor, null, null, null, null, null);
  }

  private static <Q, R> KvMethod<Q, R> batched(
      String name,
      MethodDescriptor<Q, R> descriptor,
      CmdCase batchCase,
      BiConsumer<BatchCommandsRequest.Request.Builder, Q> wrapRequest,
      Function<BatchCommandsRequest.Request, Q> unwrapRequest,
      BiConsumer<BatchCommandsResponse.Response.Builder, R> wrapResponse,
      Function<BatchCommandsResponse.Response, R> unwrapResponse) {
    return new KvMethod<>(
        name, descriptor, batchCase, wrapRequest, unwrapRequest, wrapResponse, unwrapResponse);
  }

  /** The name within the service, e.g. {@code KvGet}. */
  public String name() {
    return name;
  }

  public MethodDescriptor<Q, R> descriptor() {
    return descriptor;
  }

  /** Whether this call may travel in the batch stream. */
  public boolean isBatched() {
    return batchCase != null;
  }

  /** Its member of the batch stream's oneof; only if {@link #isBatched}. */
  public CmdCase batchCase() {
    return batchCase;
  }

  public BatchCommandsRequest.Request wrapRequest(Q request) {
    BatchCommandsRequest.Request.Builder batch = BatchCommandsRequest.Request.newBuilder();
    wrapRequest.accept(batch, request);
    return batch.build();
  }

  public Q unwrapRequest(BatchCommandsRequest.Request request) {
    return unwrapRequest.apply(request);
  }

  public BatchCommandsResponse.Response wrapResponse(R response) {
    BatchCommandsResponse.Response.Builder batch = BatchCommandsResponse.Response.newBuilder();
    wrapResponse.accept(batch, response);
    return batch.build();
  }

  public R unwrapResponse(BatchCommandsResponse.Response response) {
    return unwrapResponse.apply(response);
  }

  @Override
  public String toString() {
    return name;
  }
}
