package dev.kittiwake.kv.api.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.region.OneRegion;
import dev.kittiwake.kv.region.RegionReader;
import dev.kittiwake.kv.region.RegionWrite;
import dev.kittiwake.proto.coprocessor.Request;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.MemComparable;
import dev.kittiwake.proto.key.VersionedKey;
import dev.kittiwake.proto.kvrpcpb.UnsafeDestroyRangeRequest;
import dev.kittiwake.proto.kvrpcpb.UnsafeDestroyRangeResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Calls that regard the whole store. */
class StoreCallsTest {
  private final OneRegion region = new OneRegion();
  private final UnsafeDestroyRangeCall destroy = new UnsafeDestroyRangeCall(region, Runnable::run);

  @Test
  void destroyingARangeDeletesVersionsLocksAndValuesOfItsKeysOnly() {
    for (String key : List.of("a", "b", "bb", "c")) {
      Key stored = MemComparable.encode(Key.of(key));
      region
          .write(
              region.view(),
              new RegionWrite()
                  .put(Family.DEFAULT, VersionedKey.append(stored, 5), bytes("value"))
                  .put(Family.WRITE, VersionedKey.append(stored, 7), bytes("commit"))
                  .put(Family.LOCK, stored, bytes("lock")))
          .join();
    }
    region.loseLeadership(); // no region is asked

    assertEquals("", destroy("b", "c").getError());

    for (String gone : List.of("b", "bb")) {
      Key stored = MemComparable.encode(Key.of(gone));
      assertNull(read(Family.DEFAULT, VersionedKey.append(stored, 5)));
      assertNull(read(Family.WRITE, VersionedKey.append(stored, 7)));
      assertNull(read(Family.LOCK, stored));
    }
    for (String left : List.of("a", "c")) {
      Key stored = MemComparable.encode(Key.of(left));
      assertArrayEquals(bytes("value"), read(Family.DEFAULT, VersionedKey.append(stored, 5)));
      assertArrayEquals(bytes("commit"), read(Family.WRITE, VersionedKey.append(stored, 7)));
      assertArrayEquals(bytes("lock"), read(Family.LOCK, stored));
    }
  }

  @Test
  void aRangeWithoutBothEndsIsNotDestroyed() {
    region
        .write(region.view(), new RegionWrite().put(Family.LOCK, Key.of("k"), bytes("lock")))
        .join();
    assertTrue(destroy("", "z").getError().contains("must both be given"));
    assertTrue(destroy("a", "").getError().contains("must both be given"));
    assertTrue(destroy("z", "a").getError().contains("not above its start"));
    assertArrayEquals(bytes("lock"), read(Family.LOCK, Key.of("k")));
  }

  @Test
  void aCoprocessorRequestIsRefusedInTheAnswer() {
    String refusal =
        new CoprocessorCall()
            .handle(Request.newBuilder().setTp(103).build())
            .join()
            .getOtherError();
    assertTrue(refusal.contains("does not execute coprocessor requests (type 103)"), refusal);
  }

  private UnsafeDestroyRangeResponse destroy(String start, String end) {
    return destroy
        .handle(
            UnsafeDestroyRangeRequest.newBuilder()
                .setStartKey(ByteString.copyFromUtf8(start))
                .setEndKey(ByteString.copyFromUtf8(end))
                .build())
        .join();
  }

  private byte[] read(Family family, Key stored) {
    byte[][] value = new byte[1][];
    region.leaseRead(
        region.view(),
        (RegionReader reader) -> {
          value[0] = reader.get(family, stored);
          return true;
        });
    return value[0];
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }
}
