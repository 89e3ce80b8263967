package dev.kittiwake.kv.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.resolved.OpenLocks;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.RegionEpoch;
import dev.kittiwake.txn.mvcc.Lock;
import dev.kittiwake.txn.mvcc.LockMarks;
import dev.kittiwake.txn.mvcc.LockType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A watch that does not know the locks any more says so: it can begin anew then. */
class LockWatchTest {
  private final LockWatch watch = new LockWatch(region(1, ""), 2);

  private static Region region(long version, String end) {
    return Region.newBuilder()
        .setId(7)
        .setEndKey(ByteString.copyFromUtf8(end))
        .setRegionEpoch(RegionEpoch.newBuilder().setVersion(version))
        .build();
  }

  private void begin() {
    watch.begin();
    watch.found(5, Map.of(), 5);
    assertEquals(OpenLocks.NONE, watch.seen().oldest());
  }

  private void apply(long index, RegionWrite write) {
    byte[] payload = write.batch().fragment();
    watch.count(index, payload, 0, payload.length);
  }

  private static RegionWrite locks(String... keys) {
    RegionWrite write = new RegionWrite();
    for (String key : keys) {
      Lock lock =
          new Lock(
              LockType.PUT,
              Key.of(key),
              10,
              3_000,
              null,
              0,
              1,
              0,
              false,
              List.of(),
              LockMarks.NONE);
      write.put(Family.LOCK, Key.of(key), lock.encode());
    }
    return write;
  }

  private void expectToBeginAnew() {
    assertNull(watch.seen());
    assertFalse(watch.isOn(), "nobody would begin the watch again");
    begin();
    apply(20, locks("a"));
    watch.reached(20);
    LockWatch.Seen seen = watch.seen();
    assertNotNull(seen);
    assertEquals(10, seen.oldest());
  }

  @Test
  void tooManyLocksEndTheWatch() {
    begin();
    apply(6, locks("a", "b", "c"));
    watch.reached(6);
    expectToBeginAnew();
  }

  @Test
  void tooManyLocksBehindASplitEndTheWatch() {
    begin();
    watch.become(region(2, "m"));
    apply(7, locks("a", "b", "c"));
    watch.reached(7);
    expectToBeginAnew();
  }

  @Test
  void tooManyLocksBeforeASplitEndTheWatch() {
    begin();
    apply(6, locks("a", "b", "c"));
    watch.become(region(2, "m"));
    watch.reached(7);
    expectToBeginAnew();
  }

  @Test
  void aWatchThatHasBegunAndKnowsNothingYetGoesOn() {
    watch.begin();
    apply(6, locks("a"));
    watch.reached(6);
    assertTrue(watch.isOn());
    assertNull(watch.seen());
    watch.found(5, Map.of(), 6);
    assertEquals(new LockWatch.Seen(6, 1, 10), watch.seen());
  }
}
