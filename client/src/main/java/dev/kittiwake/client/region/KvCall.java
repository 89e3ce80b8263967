package dev.kittiwake.client.region;

import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.kvrpcpb.*;
import dev.kittiwake.proto.rpc.KvMethod;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A call that the router can send: its method and how to see a region error in its response.
 *
 * @param repeatable whether sending it again after a lost answer is harmless. A raw write is not:
 *     the first copy may still be on its way, and arrive after what others wrote meanwhile
 */
public record KvCall<Q, R>(
    KvMethod<Q, R> method,
    Predicate<R> hasRegionError,
    Function<R, Error> regionError,
    boolean repeatable) {

  public static final KvCall<GetRequest, GetResponse> GET =
      new KvCall<>(KvMethod.KV_GET, GetResponse::hasRegionError, GetResponse::getRegionError, true);

  public static final KvCall<ScanRequest, ScanResponse> SCAN =
      new KvCall<>(
          KvMethod.KV_SCAN, ScanResponse::hasRegionError, ScanResponse::getRegionError, true);

  public static final KvCall<BatchGetRequest, BatchGetResponse> BATCH_GET =
      new KvCall<>(
          KvMethod.KV_BATCH_GET,
          BatchGetResponse::hasRegionError,
          BatchGetResponse::getRegionError,
          true);

  public static final KvCall<PrewriteRequest, PrewriteResponse> PREWRITE =
      new KvCall<>(
          KvMethod.KV_PREWRITE,
          PrewriteResponse::hasRegionError,
          PrewriteResponse::getRegionError,
          true);

  public static final KvCall<CommitRequest, CommitResponse> COMMIT =
      new KvCall<>(
          KvMethod.KV_COMMIT, CommitResponse::hasRegionError, CommitResponse::getRegionError, true);

  public static final KvCall<BatchRollbackRequest, BatchRollbackResponse> BATCH_ROLLBACK =
      new KvCall<>(
          KvMethod.KV_BATCH_ROLLBACK,
          BatchRollbackResponse::hasRegionError,
          BatchRollbackResponse::getRegionError,
          true);

  public static final KvCall<PessimisticLockRequest, PessimisticLockResponse> PESSIMISTIC_LOCK =
      new KvCall<>(
          KvMethod.KV_PESSIMISTIC_LOCK,
          PessimisticLockResponse::hasRegionError,
          PessimisticLockResponse::getRegionError,
          true);

  public static final KvCall<PessimisticRollbackRequest, PessimisticRollbackResponse>
      PESSIMISTIC_ROLLBACK =
          new KvCall<>(
              KvMethod.KV_PESSIMISTIC_ROLLBACK,
              PessimisticRollbackResponse::hasRegionError,
              PessimisticRollbackResponse::getRegionError,
              true);

  public static final KvCall<TxnHeartBeatRequest, TxnHeartBeatResponse> TXN_HEART_BEAT =
      new KvCall<>(
          KvMethod.KV_TXN_HEART_BEAT,
          TxnHeartBeatResponse::hasRegionError,
          TxnHeartBeatResponse::getRegionError,
          true);

  public static final KvCall<CheckTxnStatusRequest, CheckTxnStatusResponse> CHECK_TXN_STATUS =
      new KvCall<>(
          KvMethod.KV_CHECK_TXN_STATUS,
          CheckTxnStatusResponse::hasRegionError,
          CheckTxnStatusResponse::getRegionError,
          true);

  public static final KvCall<CheckSecondaryLocksRequest, CheckSecondaryLocksResponse>
      CHECK_SECONDARY_LOCKS =
          new KvCall<>(
              KvMethod.KV_CHECK_SECONDARY_LOCKS,
              CheckSecondaryLocksResponse::hasRegionError,
              CheckSecondaryLocksResponse::getRegionError,
              true);

  public static final KvCall<ResolveLockRequest, ResolveLockResponse> RESOLVE_LOCK =
      new KvCall<>(
          KvMethod.KV_RESOLVE_LOCK,
          ResolveLockResponse::hasRegionError,
          ResolveLockResponse::getRegionError,
          true);

  public static final KvCall<ScanLockRequest, ScanLockResponse> SCAN_LOCK =
      new KvCall<>(
          KvMethod.KV_SCAN_LOCK,
          ScanLockResponse::hasRegionError,
          ScanLockResponse::getRegionError,
          true);

  public static final KvCall<RawGetRequest, RawGetResponse> RAW_GET =
      new KvCall<>(
          KvMethod.RAW_GET, RawGetResponse::hasRegionError, RawGetResponse::getRegionError, true);

  public static final KvCall<RawBatchGetRequest, RawBatchGetResponse> RAW_BATCH_GET =
      new KvCall<>(
          KvMethod.RAW_BATCH_GET,
          RawBatchGetResponse::hasRegionError,
          RawBatchGetResponse::getRegionError,
          true);

  public static final KvCall<RawPutRequest, RawPutResponse> RAW_PUT =
      new KvCall<>(
          KvMethod.RAW_PUT, RawPutResponse::hasRegionError, RawPutResponse::getRegionError, false);

  public static final KvCall<RawBatchPutRequest, RawBatchPutResponse> RAW_BATCH_PUT =
      new KvCall<>(
          KvMethod.RAW_BATCH_PUT,
          RawBatchPutResponse::hasRegionError,
          RawBatchPutResponse::getRegionError,
          false);

  public static final KvCall<RawDeleteRequest, RawDeleteResponse> RAW_DELETE =
      new KvCall<>(
          KvMethod.RAW_DELETE,
          RawDeleteResponse::hasRegionError,
          RawDeleteResponse::getRegionError,
          false);

  public static final KvCall<RawBatchDeleteRequest, RawBatchDeleteResponse> RAW_BATCH_DELETE =
      new KvCall<>(
          KvMethod.RAW_BATCH_DELETE,
          RawBatchDeleteResponse::hasRegionError,
          RawBatchDeleteResponse::getRegionError,
          false);

  public static final KvCall<RawScanRequest, RawScanResponse> RAW_SCAN =
      new KvCall<>(
          KvMethod.RAW_SCAN,
          RawScanResponse::hasRegionError,
          RawScanResponse::getRegionError,
          true);

  public static final KvCall<RawDeleteRangeRequest, RawDeleteRangeResponse> RAW_DELETE_RANGE =
      new KvCall<>(
          KvMethod.RAW_DELETE_RANGE,
          RawDeleteRangeResponse::hasRegionError,
          RawDeleteRangeResponse::getRegionError,
          false);

  public static final KvCall<RawGetKeyTTLRequest, RawGetKeyTTLResponse> RAW_GET_KEY_TTL =
      new KvCall<>(
          KvMethod.RAW_GET_KEY_TTL,
          RawGetKeyTTLResponse::hasRegionError,
          RawGetKeyTTLResponse::getRegionError,
          true);

  public static final KvCall<RawCASRequest, RawCASResponse> RAW_COMPARE_AND_SWAP =
      new KvCall<>(
          KvMethod.RAW_COMPARE_AND_SWAP,
          RawCASResponse::hasRegionError,
          RawCASResponse::getRegionError,
          false);

  public static final KvCall<SplitRegionRequest, SplitRegionResponse> SPLIT_REGION =
      new KvCall<>(
          KvMethod.SPLIT_REGION,
          SplitRegionResponse::hasRegionError,
          SplitRegionResponse::getRegionError,
          true);

  @Override
  public String toString() {
    return method.name();
  }
}
