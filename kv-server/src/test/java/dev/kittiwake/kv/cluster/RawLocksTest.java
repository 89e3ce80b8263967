package dev.kittiwake.kv.cluster;

import static dev.kittiwake.kv.cluster.TxnRequests.bytes;
import static dev.kittiwake.kv.cluster.TxnRequests.stored;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.protobuf.ByteString;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.RawPutRequest;
import dev.kittiwake.proto.kvrpcpb.RawPutResponse;
import dev.kittiwake.proto.kvrpcpb.ScanLockRequest;
import dev.kittiwake.proto.kvrpcpb.ScanLockResponse;
import dev.kittiwake.proto.rpc.KvMethod;
import dev.kittiwake.txn.mvcc.Lock;
import dev.kittiwake.txn.mvcc.LockMarks;
import dev.kittiwake.txn.mvcc.LockType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Raw data may be put into any column family. Where it lies among locks it is no lock. */
class RawLocksTest {
  private final SimCluster cluster = new SimCluster(97).serving().grow(1);
  private final TxnRequests txn = new TxnRequests(cluster);

  private void rawPut(String key, byte[] value) {
    RawPutResponse response =
        cluster.call(
            KvMethod.RAW_PUT,
            Key.of(key),
            context ->
                RawPutRequest.newBuilder()
                    .setContext(context)
                    .setCf("lock")
                    .setKey(bytes(key))
                    .setValue(ByteString.copyFrom(value))
                    .build());
    assertFalse(response.hasRegionError(), response.toString());
    assertEquals("", response.getError());
  }

  /** Who removes locks before garbage is collected must come to the end. */
  @Test
  void aScanOfLocksPassesRawDataOver() {
    txn.put("warm", "up");
    Lock lock =
        new Lock(LockType.PUT, Key.of("p"), 1, 1, null, 0, 1, 0, false, List.of(), LockMarks.NONE);
    rawPut("a", new byte[] {1, 2, 3});
    rawPut("no encoded key", lock.encode());
    rawPut("z", new byte[] {'P'});
    long startTs = txn.timestamp();
    assertEquals(0, cluster.await(txn.prewrite("k", "v", startTs, false)).getErrorsCount());
    ScanLockResponse found =
        cluster.call(
            KvMethod.KV_SCAN_LOCK,
            stored("k"),
            context ->
                ScanLockRequest.newBuilder()
                    .setContext(context)
                    .setMaxVersion(txn.timestamp())
                    .build());
    assertFalse(found.hasRegionError(), found.toString());
    assertFalse(found.hasError(), found.toString());
    assertEquals(1, found.getLocksCount());
    assertEquals(startTs, found.getLocks(0).getLockVersion());
    assertEquals("k", found.getLocks(0).getKey().toStringUtf8());
  }
}
