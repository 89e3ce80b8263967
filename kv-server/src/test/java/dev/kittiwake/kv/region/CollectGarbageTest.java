package dev.kittiwake.kv.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.kv.engine.Engine;
import dev.kittiwake.kv.engine.EngineCursor;
import dev.kittiwake.kv.engine.EngineSnapshot;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.engine.MemoryEngine;
import dev.kittiwake.kv.engine.WriteBatch;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.key.VersionedKey;
import dev.kittiwake.txn.mvcc.Write;
import dev.kittiwake.txn.mvcc.WriteType;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Versions below a safe point go, and nobody who reads at or above it can tell. */
class CollectGarbageTest {
  private final MemoryEngine engine = new MemoryEngine();
  private final DataTurns turns = new DataTurns();

  /** Key → commit ts → value, or null for a delete: what the engine should show. */
  private final Map<String, TreeMap<Long, String>> model = new TreeMap<>();

  @Test
  void readsAtOrAboveTheSafePointSeeTheSameAndNoGarbageIsLeft() {
    for (long seed = 0; seed < 30; seed++) {
      model.clear();
      SplittableRandom random = new SplittableRandom(seed);
      fill(random);
      long safePoint = random.nextLong(10, 1_000);
      String said = "seed " + seed;
      collect(safePoint, 1 + random.nextInt(7), () -> assertNobodyCanTell(safePoint, said));
      assertEquals(0, garbage(safePoint), "seed " + seed);
      assertEquals(longValues(), count(Family.DEFAULT), "values without a record, seed " + seed);
    }
  }

  private void assertNobodyCanTell(long safePoint, String said) {
    for (String key : model.keySet()) {
      for (long ts = safePoint; ts < 1_010; ts += 7) {
        assertEquals(expected(key, ts), visible(key, ts), said + " " + key + "@" + ts);
      }
    }
  }

  /** Raw data may be put into any family, between the versions of a key too. */
  @Test
  void rawDataAmongTheRecordsIsPassedOver() {
    WriteBatch batch = new WriteBatch();
    Key key = Key.of("row");
    for (long commitTs : List.of(10L, 30L)) {
      Write write = Write.committed(WriteType.PUT, commitTs - 5, new byte[] {1});
      batch.put(Family.WRITE, EngineKeys.data(VersionedKey.of(key, commitTs)), write.encode());
    }
    Key between = VersionedKey.of(key, 20);
    batch.put(Family.WRITE, EngineKeys.data(Key.of("r")), new byte[] {1});
    batch.put(Family.WRITE, EngineKeys.data(between), new byte[0]);
    batch.put(Family.WRITE, EngineKeys.data(Key.of("z")), new byte[] {'P', 1});
    engine.write(batch);
    CollectGarbage.Stretch found =
        new CollectGarbage(engine, turns, KeyRange.ALL, 40).step(1_000, 1 << 20);
    assertTrue(found.last());
    assertEquals(5, found.records());
    assertEquals(1, found.deleted());
    assertEquals(4, count(Family.WRITE));
  }

  /**
   * A store ends when the deletion of a row has gone and the row itself has not: started again, it
   * must not serve the row.
   */
  @Test
  void whatWasDeletedStaysDeletedWhereverACollectionEnds() {
    putOrder(engine);
    WriteBatch batch = new WriteBatch();
    put(batch, "other", 11, Write.committed(WriteType.PUT, 10, bytes("x")));
    engine.write(batch);

    for (int steps = 1; steps < 4; steps++) {
      CollectGarbage cutShort = new CollectGarbage(engine, turns, KeyRange.ALL, 100);
      for (int step = 0; step < steps; step++) {
        assertFalse(cutShort.step(1, Long.MAX_VALUE).last(), "it is cut short");
        assertNull(visible("order", 200), step + " of " + steps + " steps");
      }
    }
    collect(100, 3, () -> assertNull(visible("order", 200)));
    assertEquals(0, versions("order").size());
    assertEquals("x", visible("other", 200));
  }

  private void putOrder(Engine into) {
    WriteBatch batch = new WriteBatch();
    for (long start = 10; start < 50; start += 10) {
      put(batch, "order", start + 1, Write.committed(WriteType.PUT, start, bytes("open")));
    }
    put(batch, "order", 61, Write.committed(WriteType.DELETE, 60, null));
    into.write(batch);
  }

  /** Between any two stretches a snapshot may come, from a store that has not begun to collect. */
  @Test
  void whatWasDeletedStaysDeletedWhenASnapshotComesBetweenTwoStretches() {
    for (int steps = 1; steps < 5; steps++) {
      putOrder(engine);
      CollectGarbage pass = new CollectGarbage(engine, turns, KeyRange.ALL, 100);
      for (int step = 0; step < steps; step++) {
        assertFalse(pass.step(1, Long.MAX_VALUE).last());
      }
      turns.replace(() -> putOrder(engine));
      CollectGarbage.Stretch stretch = pass.step(1, Long.MAX_VALUE);
      assertTrue(stretch.anew());
      for (; !stretch.last(); stretch = pass.step(1, Long.MAX_VALUE)) {
        assertNull(visible("order", 200), "a snapshot after " + steps + " steps");
      }
      assertEquals(0, versions("order").size());
    }
  }

  /** A snapshot may come when a stretch has read and not yet written: it has to wait. */
  @Test
  @Timeout(60)
  void whatWasDeletedStaysDeletedWhenASnapshotComesWithinAStretch() throws Exception {
    WriteBatch newest = new WriteBatch(); // all that the store had; the snapshot has more
    put(newest, "order", 41, Write.committed(WriteType.PUT, 40, bytes("open")));
    put(newest, "order", 61, Write.committed(WriteType.DELETE, 60, null));
    engine.write(newest);
    AtomicReference<Thread> thread = new AtomicReference<>();
    ExecutorService apply = Executors.newSingleThreadExecutor();
    Runnable snapshot =
        () -> {
          thread.set(Thread.currentThread());
          turns.replace(() -> putOrder(engine));
        };
    List<Future<?>> installed = new ArrayList<>();
    Engine database =
        beforeWrite(
            () -> {
              installed.add(apply.submit(snapshot));
              while (!installed.get(0).isDone() && !isBlocked(thread.get())) {
                Thread.onSpinWait();
              }
            });
    new CollectGarbage(database, turns, KeyRange.ALL, 100).step(100, Long.MAX_VALUE);
    installed.get(0).get();
    apply.shutdown();
    assertNull(visible("order", 200));
  }

  private static boolean isBlocked(Thread thread) {
    return thread != null && thread.getState() == Thread.State.BLOCKED;
  }

  private Engine beforeWrite(Runnable first) {
    return (Engine)
        Proxy.newProxyInstance(
            Engine.class.getClassLoader(),
            new Class<?>[] {Engine.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("write")) {
                first.run();
              }
              return method.invoke(engine, arguments);
            });
  }

  private void fill(SplittableRandom random) {
    WriteBatch batch = new WriteBatch();
    batch.deleteRange(Family.WRITE, new byte[] {'z'}, new byte[] {'z' + 1});
    batch.deleteRange(Family.DEFAULT, new byte[] {'z'}, new byte[] {'z' + 1});
    for (int k = 0; k < 20; k++) {
      String key = "key" + k;
      TreeMap<Long, String> versions = model.computeIfAbsent(key, name -> new TreeMap<>());
      long ts = 0;
      for (int v = random.nextInt(12); v > 0; v--) {
        final long start = ts + 1 + random.nextInt(40);
        long commit = start + 1 + random.nextInt(40);
        ts = commit;
        switch (random.nextInt(5)) {
          case 0 -> put(batch, key, commit, Write.committed(WriteType.DELETE, start, null));
          case 1 -> put(batch, key, commit, Write.committed(WriteType.LOCK, start, null));
          case 2 -> put(batch, key, start, Write.rollback(start, random.nextBoolean()));
          case 3 -> {
            put(batch, key, commit, Write.committed(WriteType.PUT, start, bytes("s" + commit)));
            versions.put(commit, "s" + commit);
          }
          default -> {
            put(batch, key, commit, Write.committed(WriteType.PUT, start, null));
            batch.put(Family.DEFAULT, engineKey(key, start), bytes("l" + commit));
            versions.put(commit, "l" + commit);
          }
        }
        if (!versions.containsKey(commit) && exists(batch, key, commit)) {
          versions.put(commit, null);
        }
      }
    }
    engine.write(batch);
  }

  /** Whether the record that was just added is a delete. */
  private static boolean exists(WriteBatch batch, String key, long commit) {
    boolean[] deletes = new boolean[1];
    batch.visit(
        new WriteBatch.Visitor() {
          @Override
          public void onPut(Family family, byte[] found, byte[] value) {
            if (family == Family.WRITE && java.util.Arrays.equals(found, engineKey(key, commit))) {
              deletes[0] = Write.parse(value).type() == WriteType.DELETE;
            }
          }

          @Override
          public void onDelete(Family family, byte[] found) {}

          @Override
          public void onDeleteRange(Family family, byte[] from, byte[] to) {}
        });
    return deletes[0];
  }

  private static void put(WriteBatch batch, String key, long commit, Write write) {
    batch.put(Family.WRITE, engineKey(key, commit), write.encode());
  }

  private void collect(long safePoint, int recordsPerStep, Runnable afterEachStep) {
    CollectGarbage pass = new CollectGarbage(engine, turns, KeyRange.ALL, safePoint);
    for (int step = 0; !pass.step(recordsPerStep, Long.MAX_VALUE).last(); step++) {
      assertTrue(step < 10_000, "it never ends");
      afterEachStep.run();
    }
    afterEachStep.run();
  }

  private String expected(String key, long ts) {
    Map.Entry<Long, String> version = model.get(key).floorEntry(ts);
    return version == null ? null : version.getValue();
  }

  private String visible(String key, long ts) {
    for (Map.Entry<Long, Write> version : versions(key).descendingMap().entrySet()) {
      Write write = version.getValue();
      if (version.getKey() <= ts && write.type().changesValue()) {
        if (write.type() == WriteType.DELETE) {
          return null;
        }
        byte[] value =
            write.shortValue() != null
                ? write.shortValue()
                : engine.get(Family.DEFAULT, engineKey(key, write.startTs()));
        return new String(value, StandardCharsets.UTF_8);
      }
    }
    return null;
  }

  /** Records that no reader at or above the safe point needs. */
  private long garbage(long safePoint) {
    long garbage = 0;
    for (String key : model.keySet()) {
      boolean kept = false;
      for (Map.Entry<Long, Write> version : versions(key).descendingMap().entrySet()) {
        if (version.getKey() <= safePoint) {
          boolean needed = !kept && version.getValue().type() == WriteType.PUT;
          kept |= needed;
          garbage += needed ? 0 : 1;
        }
      }
    }
    return garbage;
  }

  private long longValues() {
    return model.keySet().stream()
        .flatMap(key -> versions(key).values().stream())
        .filter(write -> write.type() == WriteType.PUT && write.shortValue() == null)
        .count();
  }

  private TreeMap<Long, Write> versions(String key) {
    TreeMap<Long, Write> found = new TreeMap<>();
    try (EngineSnapshot snapshot = engine.snapshot();
        EngineCursor cursor =
            snapshot.cursor(Family.WRITE, engineKey(key, -1L), engineKey(key, 0))) {
      for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
        byte[] stored = java.util.Arrays.copyOfRange(cursor.key(), 1, cursor.key().length);
        found.put(VersionedKey.timestamp(stored), Write.parse(cursor.value()));
      }
    }
    return found;
  }

  private long count(Family family) {
    long count = 0;
    try (EngineSnapshot snapshot = engine.snapshot();
        EngineCursor cursor = snapshot.cursor(family, new byte[] {'z'}, new byte[] {'z' + 1})) {
      for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
        count++;
      }
    }
    return count;
  }

  private static byte[] engineKey(String key, long ts) {
    return EngineKeys.data(VersionedKey.of(Key.of(key), ts).unsafeBytes());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
