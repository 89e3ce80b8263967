package dev.kittiwake.kv.raw;

import dev.kittiwake.kv.api.KvApi;
import dev.kittiwake.kv.read.RegionReads;
import dev.kittiwake.kv.region.RegionAccess;
import dev.kittiwake.kv.txn.KeyLatches;
import dev.kittiwake.proto.kvrpcpb.RawBatchDeleteResponse;
import dev.kittiwake.proto.kvrpcpb.RawBatchGetResponse;
import dev.kittiwake.proto.kvrpcpb.RawBatchPutResponse;
import dev.kittiwake.proto.kvrpcpb.RawBatchScanResponse;
import dev.kittiwake.proto.kvrpcpb.RawCASResponse;
import dev.kittiwake.proto.kvrpcpb.RawChecksumResponse;
import dev.kittiwake.proto.kvrpcpb.RawDeleteRangeResponse;
import dev.kittiwake.proto.kvrpcpb.RawDeleteResponse;
import dev.kittiwake.proto.kvrpcpb.RawGetKeyTTLResponse;
import dev.kittiwake.proto.kvrpcpb.RawGetResponse;
import dev.kittiwake.proto.kvrpcpb.RawPutResponse;
import dev.kittiwake.proto.kvrpcpb.RawScanResponse;
import dev.kittiwake.proto.rpc.KvMethod;

/** The raw API's calls, put together. */
public final class RawService {
  private RawService() {}

  /**
   * Adds the handlers of all raw calls to {@code api}.
   *
   * @param latches for atomic operations; not those of transactions, whose keys are others
   */
  public static void register(
      KvApi.Builder api, RegionAccess access, RegionReads reads, KeyLatches latches) {
    RawWrites writes = new RawWrites(access, latches);
    api.on(
        KvMethod.RAW_GET,
        InvalidRawRequest.answering(
            e -> RawGetResponse.newBuilder().setError(e).build(), new RawGet(reads)));
    api.on(
        KvMethod.RAW_BATCH_GET,
        // this response has no error string: the first pair carries it
        InvalidRawRequest.answering(
            e -> RawBatchGetResponse.newBuilder().addPairs(RawErrors.pair(e)).build(),
            new RawBatchGet(reads)));
    api.on(
        KvMethod.RAW_PUT,
        InvalidRawRequest.answering(
            e -> RawPutResponse.newBuilder().setError(e).build(), new RawPut(writes)));
    api.on(
        KvMethod.RAW_BATCH_PUT,
        InvalidRawRequest.answering(
            e -> RawBatchPutResponse.newBuilder().setError(e).build(), new RawBatchPut(writes)));
    api.on(
        KvMethod.RAW_DELETE,
        InvalidRawRequest.answering(
            e -> RawDeleteResponse.newBuilder().setError(e).build(), new RawDelete(writes)));
    api.on(
        KvMethod.RAW_BATCH_DELETE,
        InvalidRawRequest.answering(
            e -> RawBatchDeleteResponse.newBuilder().setError(e).build(),
            new RawBatchDelete(writes)));
    api.on(
        KvMethod.RAW_DELETE_RANGE,
        InvalidRawRequest.answering(
            e -> RawDeleteRangeResponse.newBuilder().setError(e).build(),
            new RawDeleteRange(access)));
    api.on(
        KvMethod.RAW_SCAN,
        InvalidRawRequest.answering(
            e -> RawScanResponse.newBuilder().addKvs(RawErrors.pair(e)).build(),
            new RawScan(reads)));
    api.on(
        KvMethod.RAW_BATCH_SCAN,
        InvalidRawRequest.answering(
            e -> RawBatchScanResponse.newBuilder().addKvs(RawErrors.pair(e)).build(),
            new RawBatchScan(reads)));
    api.on(
        KvMethod.RAW_GET_KEY_TTL,
        InvalidRawRequest.answering(
            e -> RawGetKeyTTLResponse.newBuilder().setError(e).build(), new RawGetKeyTtl(reads)));
    api.on(
        KvMethod.RAW_COMPARE_AND_SWAP,
        InvalidRawRequest.answering(
            e -> RawCASResponse.newBuilder().setError(e).build(),
            new RawCompareAndSwap(access, latches)));
    api.on(
        KvMethod.RAW_CHECKSUM,
        InvalidRawRequest.answering(
            e -> RawChecksumResponse.newBuilder().setError(e).build(), new RawChecksum(reads)));
  }
}
