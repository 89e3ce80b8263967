package dev.kittiwake.client.fake;

import com.google.protobuf.ByteString;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.kvrpcpb.*;
import java.util.Map;
import java.util.NavigableMap;

/** The raw calls of a {@link FakeStore} on one sorted map. */
final class FakeRaw {
  private FakeRaw() {}

  static Object answer(FakeCluster cluster, Object request, Error refused) {
    NavigableMap<Key, byte[]> map = cluster.raw;
    if (request instanceof RawGetRequest get) {
      if (refused != null) {
        return RawGetResponse.newBuilder().setRegionError(refused).build();
      }
      byte[] value = map.get(FakeMessages.key(get.getKey()));
      return value == null
          ? RawGetResponse.newBuilder().setNotFound(true).build()
          : RawGetResponse.newBuilder().setValue(ByteString.copyFrom(value)).build();
    } else if (request instanceof RawPutRequest put) {
      if (refused != null) {
        return RawPutResponse.newBuilder().setRegionError(refused).build();
      }
      map.put(FakeMessages.key(put.getKey()), put.getValue().toByteArray());
      return RawPutResponse.getDefaultInstance();
    } else if (request instanceof RawDeleteRequest delete) {
      if (refused != null) {
        return RawDeleteResponse.newBuilder().setRegionError(refused).build();
      }
      map.remove(FakeMessages.key(delete.getKey()));
      return RawDeleteResponse.getDefaultInstance();
    } else if (request instanceof RawBatchPutRequest put) {
      if (refused != null) {
        return RawBatchPutResponse.newBuilder().setRegionError(refused).build();
      }
      put.getPairsList()
          .forEach(pair -> map.put(FakeMessages.key(pair.getKey()), pair.getValue().toByteArray()));
      return RawBatchPutResponse.getDefaultInstance();
    } else if (request instanceof RawBatchGetRequest get) {
      if (refused != null) {
        return RawBatchGetResponse.newBuilder().setRegionError(refused).build();
      }
      var response = RawBatchGetResponse.newBuilder();
      for (ByteString key : get.getKeysList()) {
        byte[] value = map.get(FakeMessages.key(key));
        if (value != null) {
          response.addPairs(KvPair.newBuilder().setKey(key).setValue(ByteString.copyFrom(value)));
        }
      }
      return response.build();
    } else if (request instanceof RawScanRequest scan) {
      return refused != null
          ? RawScanResponse.newBuilder().setRegionError(refused).build()
          : scan(cluster, scan);
    } else if (request instanceof RawDeleteRangeRequest range) {
      if (refused != null) {
        return RawDeleteRangeResponse.newBuilder().setRegionError(refused).build();
      }
      KeyRange bounds =
          new KeyRange(FakeMessages.key(range.getStartKey()), FakeMessages.key(range.getEndKey()));
      map.keySet().removeIf(bounds::contains);
      return RawDeleteRangeResponse.getDefaultInstance();
    } else if (request instanceof RawCASRequest swap) {
      return refused != null
          ? RawCASResponse.newBuilder().setRegionError(refused).build()
          : swap(map, swap);
    }
    throw new IllegalArgumentException("no such call: " + request.getClass());
  }

  private static Object scan(FakeCluster cluster, RawScanRequest scan) {
    Key low = FakeMessages.key(scan.getReverse() ? scan.getEndKey() : scan.getStartKey());
    Key high = FakeMessages.key(scan.getReverse() ? scan.getStartKey() : scan.getEndKey());
    KeyRange range =
        new KeyRange(low, high)
            .intersection(cluster.storedRange(cluster.region(scan.getContext().getRegionId())));
    var response = RawScanResponse.newBuilder();
    for (Map.Entry<Key, byte[]> pair :
        (scan.getReverse() ? cluster.raw.descendingMap() : cluster.raw).entrySet()) {
      if (range.contains(pair.getKey()) && response.getKvsCount() < scan.getLimit()) {
        response.addKvs(
            KvPair.newBuilder()
                .setKey(FakeMessages.bytes(pair.getKey()))
                .setValue(ByteString.copyFrom(pair.getValue())));
      }
    }
    return response.build();
  }

  private static Object swap(NavigableMap<Key, byte[]> map, RawCASRequest swap) {
    Key key = FakeMessages.key(swap.getKey());
    byte[] present = map.get(key);
    boolean equal =
        swap.getPreviousNotExist()
            ? present == null
            : present != null && ByteString.copyFrom(present).equals(swap.getPreviousValue());
    if (equal && swap.getDelete()) {
      map.remove(key);
    } else if (equal) {
      map.put(key, swap.getValue().toByteArray());
    }
    var response =
        RawCASResponse.newBuilder().setSucceed(equal).setPreviousNotExist(present == null);
    return (present == null ? response : response.setPreviousValue(ByteString.copyFrom(present)))
        .build();
  }
}
