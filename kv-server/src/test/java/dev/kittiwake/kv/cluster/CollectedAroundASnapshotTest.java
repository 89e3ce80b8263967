package dev.kittiwake.kv.cluster;

import static dev.kittiwake.kv.cluster.MergeTest.follower;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.kittiwake.kv.KvConfig;
import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.kv.cluster.SimCluster.SimStore;
import dev.kittiwake.kv.cluster.SimCluster.Target;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.region.CollectGarbage;
import dev.kittiwake.kv.region.RegionWrite;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.key.VersionedKey;
import dev.kittiwake.txn.mvcc.Write;
import dev.kittiwake.txn.mvcc.WriteType;
import org.junit.jupiter.api.Test;

/**
 * A store is in the middle of a deleted row's versions, collecting garbage, when a snapshot comes
 * of another that has not begun to: all versions are back.
 */
class CollectedAroundASnapshotTest {
  private static final long SAFE_POINT = 100;

  private final SimCluster cluster =
      SimCluster.replicated(92, 3, KvConfig.fastTest().with(KvSetting.LOG_GC_COUNT_LIMIT, "50"));

  private static Key record(long commitTs) {
    return VersionedKey.of(Key.of("row"), commitTs);
  }

  private void write(long commitTs, WriteType type) {
    byte[] value = type == WriteType.PUT ? new byte[] {1} : null;
    Target target = cluster.leader(record(commitTs));
    RegionWrite write =
        new RegionWrite()
            .put(
                Family.WRITE,
                record(commitTs),
                Write.committed(type, commitTs - 1, value).encode());
    assertNull(cluster.await(target.store().access().write(target.view(), write)));
  }

  private static Write local(SimStore store, long commitTs) {
    byte[] stored = record(commitTs).unsafeBytes();
    byte[] key = new byte[stored.length + 1];
    key[0] = 'z';
    System.arraycopy(stored, 0, key, 1, stored.length);
    byte[] found = store.engine.get(Family.WRITE, key);
    return found == null ? null : Write.parse(found);
  }

  private static void assertStaysDeleted(SimStore store) {
    for (long commitTs : new long[] {50, 40, 30, 20}) {
      Write newest = local(store, commitTs);
      if (newest != null) {
        assertNotEquals(WriteType.PUT, newest.type(), "the row of " + commitTs + " is back");
        return;
      }
    }
  }

  @Test
  void whatWasDeletedStaysDeleted() {
    write(20, WriteType.PUT);
    write(30, WriteType.PUT);
    write(40, WriteType.PUT);
    write(50, WriteType.DELETE);
    cluster.time.run(500);
    SimStore store = follower(cluster, "k", "k");
    store.access().collectBelow(SAFE_POINT);
    CollectGarbage pass = store.access().collect(KeyRange.ALL, SAFE_POINT);
    assertFalse(pass.step(2, Long.MAX_VALUE).last());
    assertNull(local(store, 40), "it has begun");
    assertStaysDeleted(store);

    cluster.cutOff.add(store.node.storeId());
    for (int i = 0; i < 150; i++) {
      cluster.put("b" + i % 10, "v" + i);
    }
    cluster.time.run(1_000); // logs are cut
    cluster.cutOff.clear();
    cluster.until("a snapshot comes", () -> "v149".equals(SimCluster.local(store, "b9")));
    assertEquals(WriteType.PUT, local(store, 40).type(), "who sent it had collected nothing");

    boolean goesOn = true;
    while (goesOn) {
      goesOn = !pass.step(1, Long.MAX_VALUE).last();
      assertStaysDeleted(store);
    }
    assertNull(local(store, 20), "the rest was collected all the same");
    assertNull(local(store, 50));
  }
}
