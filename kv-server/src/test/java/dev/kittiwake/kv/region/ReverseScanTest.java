package dev.kittiwake.kv.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.kv.engine.BlockCache;
import dev.kittiwake.kv.engine.Engine;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.engine.MemoryEngine;
import dev.kittiwake.kv.engine.RocksEngine;
import dev.kittiwake.kv.engine.RocksSettings;
import dev.kittiwake.kv.txn.SnapshotView;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.txn.mvcc.ColumnFamily;
import dev.kittiwake.txn.mvcc.Cursor;
import dev.kittiwake.txn.mvcc.Direction;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backward scan that begins without a key begins at the last key of its region. */
class ReverseScanTest {
  @Test
  void inMemory() {
    try (Engine engine = new MemoryEngine()) {
      scanBackward(engine);
    }
  }

  @Test
  void onDisk(@TempDir Path directory) {
    try (BlockCache cache = new BlockCache(1 << 20);
        Engine engine = RocksEngine.open(directory, RocksSettings.small(1), cache)) {
      scanBackward(engine);
    }
  }

  private static void scanBackward(Engine engine) {
    RegionWrite data = new RegionWrite();
    for (String key : new String[] {"a", "m", "n", "z"}) {
      data.put(Family.WRITE, Key.of(key), new byte[] {1});
    }
    engine.write(data.batch());

    assertEquals("z n m", backward(engine, new KeyRange(Key.of("m"), Key.EMPTY)), "last region");
    assertEquals("z n m a", backward(engine, KeyRange.ALL), "only region");
    assertEquals("m a", backward(engine, new KeyRange(Key.EMPTY, Key.of("n"))), "first region");
    assertEquals("", backward(engine, new KeyRange(Key.of("zz"), Key.EMPTY)), "empty region");
  }

  private static String backward(Engine engine, KeyRange range) {
    Region region = Region.newBuilder().setId(1).addPeers(Peer.newBuilder().setId(2)).build();
    RegionView view = new RegionView(region, region.getPeers(0), 1, true, false, range);
    StringBuilder seen = new StringBuilder();
    try (RegionSnapshot snapshot = new RegionSnapshot(engine.snapshot(), view);
        Cursor cursor =
            new SnapshotView(snapshot)
                .cursor(ColumnFamily.WRITE, KeyRange.ALL, Direction.BACKWARD)) {
      for (boolean more = cursor.seek(Key.EMPTY); more; more = cursor.next()) {
        assertTrue(cursor.valid());
        seen.append(seen.length() == 0 ? "" : " ")
            .append(
                new String(cursor.key().unsafeBytes(), java.nio.charset.StandardCharsets.UTF_8));
      }
      assertFalse(cursor.valid());
    }
    return seen.toString();
  }
}
