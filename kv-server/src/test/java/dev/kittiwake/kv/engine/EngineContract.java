package dev.kittiwake.kv.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every engine promises. */
abstract class EngineContract {
  private Engine engine;

  abstract Engine open();

  @BeforeEach
  void openEngine() {
    engine = open();
  }

  @AfterEach
  void closeEngine() {
    engine.close();
  }

  @Test
  void aBatchIsAppliedInOrderAndTheLastChangeOfAKeyWins() {
    engine.write(
        new WriteBatch()
            .put(Family.DEFAULT, b("a"), b("1"))
            .put(Family.DEFAULT, b("a"), b("2"))
            .put(Family.LOCK, b("a"), b("other family"))
            .put(Family.DEFAULT, b("gone"), b("x"))
            .delete(Family.DEFAULT, b("gone")));
    assertArrayEquals(b("2"), engine.get(Family.DEFAULT, b("a")));
    assertArrayEquals(b("other family"), engine.get(Family.LOCK, b("a")));
    assertNull(engine.get(Family.DEFAULT, b("gone")));
    assertNull(engine.get(Family.WRITE, b("a")));
  }

  @Test
  void aSnapshotDoesNotSeeLaterWrites() {
    engine.write(new WriteBatch().put(Family.DEFAULT, b("a"), b("old")));
    try (EngineSnapshot snapshot = engine.snapshot()) {
      engine.write(
          new WriteBatch()
              .put(Family.DEFAULT, b("a"), b("new"))
              .put(Family.DEFAULT, b("b"), b("new")));
      assertArrayEquals(b("old"), snapshot.get(Family.DEFAULT, b("a")));
      assertNull(snapshot.get(Family.DEFAULT, b("b")));
      assertEquals(List.of("a=old"), pairs(snapshot, Family.DEFAULT, "", ""));
    }
    assertArrayEquals(b("new"), engine.get(Family.DEFAULT, b("a")));
  }

  @Test
  void deletingARangeSparesItsEndAndWhatComesLaterInTheBatch() {
    engine.write(
        new WriteBatch()
            .put(Family.DEFAULT, b("a"), b("1"))
            .put(Family.DEFAULT, b("b"), b("1"))
            .put(Family.DEFAULT, b("c"), b("1"))
            .put(Family.WRITE, b("b"), b("1")));
    engine.write(
        new WriteBatch()
            .deleteRange(Family.DEFAULT, b("a"), b("c"))
            .put(Family.DEFAULT, b("ab"), b("2")));
    try (EngineSnapshot snapshot = engine.snapshot()) {
      assertEquals(List.of("ab=2", "c=1"), pairs(snapshot, Family.DEFAULT, "", ""));
      assertEquals(List.of("b=1"), pairs(snapshot, Family.WRITE, "", ""));
    }
  }

  @Test
  void aCursorKeepsWithinItsBoundsInBothDirections() {
    for (String key : List.of("a", "b", "c", "d", "e")) {
      engine.write(new WriteBatch().put(Family.DEFAULT, b(key), b(key)));
    }
    try (EngineSnapshot snapshot = engine.snapshot();
        EngineCursor cursor = snapshot.cursor(Family.DEFAULT, b("b"), b("d"))) {
      assertFalse(cursor.valid());
      assertTrue(cursor.seek(b("a")));
      assertArrayEquals(b("b"), cursor.key());
      assertFalse(cursor.prev());
      assertTrue(cursor.seekToLast());
      assertArrayEquals(b("c"), cursor.key());
      assertFalse(cursor.next());
      assertTrue(cursor.seekForPrev(b("z")));
      assertArrayEquals(b("c"), cursor.value());
      assertFalse(cursor.seekForPrev(b("a")));
      assertFalse(cursor.seek(b("d")));
      assertTrue(cursor.seekForPrev(b("bb")));
      assertArrayEquals(b("b"), cursor.key());
    }
  }

  @Test
  void keysAreOrderedAsUnsignedBytes() {
    engine.write(
        new WriteBatch()
            .put(Family.DEFAULT, new byte[] {(byte) 0xFF}, b("last"))
            .put(Family.DEFAULT, new byte[] {0x7F}, b("middle"))
            .put(Family.DEFAULT, new byte[] {0}, b("first")));
    try (EngineSnapshot snapshot = engine.snapshot();
        EngineCursor cursor = snapshot.cursor(Family.DEFAULT, new byte[0], new byte[0])) {
      List<String> values = new ArrayList<>();
      for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
        values.add(new String(cursor.value(), StandardCharsets.UTF_8));
      }
      assertEquals(List.of("first", "middle", "last"), values);
    }
  }

  @Test
  void fragmentsOfManyBatchesAreAppliedAsOne() {
    byte[] first = new WriteBatch().put(Family.DEFAULT, b("a"), b("1")).fragment();
    WriteBatch second =
        new WriteBatch().delete(Family.DEFAULT, b("a")).put(Family.WRITE, b("b"), new byte[300]);
    WriteBatch round = new WriteBatch();
    round.append(first, 0, first.length, 1).append(second);
    assertEquals(3, round.count());
    engine.write(round);
    assertNull(engine.get(Family.DEFAULT, b("a")));
    assertEquals(300, engine.get(Family.WRITE, b("b")).length);
  }

  @Test
  void ingestingReplacesTheWholeRangeAndNothingElse() {
    engine.write(
        new WriteBatch()
            .put(Family.DEFAULT, b("za"), b("left"))
            .put(Family.DEFAULT, b("zb1"), b("stale"))
            .put(Family.LOCK, b("zb2"), b("stale lock"))
            .put(Family.DEFAULT, b("zc"), b("right"))
            .put(Family.RAFT, b("zb"), b("own record")));
    StagedRange staged = engine.stage("region-7");
    staged.add(Family.DEFAULT, b("zb"), b("new"));
    staged.add(Family.DEFAULT, b("zbb"), b("new"));
    staged.add(Family.WRITE, b("zb"), b("commit"));
    assertTrue(engine.staged("region-7").isEmpty(), "an unsealed area must not be found");
    staged.seal();
    StagedRange found = engine.staged("region-7").orElseThrow();
    // Twice, as after a crash between ingesting and writing down that it is done.
    engine.ingest(found, b("zb"), b("zc"));
    engine.ingest(found, b("zb"), b("zc"));
    found.discard();
    try (EngineSnapshot snapshot = engine.snapshot()) {
      assertEquals(
          List.of("za=left", "zb=new", "zbb=new", "zc=right"),
          pairs(snapshot, Family.DEFAULT, "", ""));
      assertEquals(List.of(), pairs(snapshot, Family.LOCK, "", ""));
      assertEquals(List.of("zb=commit"), pairs(snapshot, Family.WRITE, "", ""));
      assertEquals(List.of("zb=own record"), pairs(snapshot, Family.RAFT, "", ""));
    }
    assertTrue(engine.staged("region-7").isEmpty());
  }

  @Test
  void stagedPairsOutOfOrderAreRefusedAndAbandonedAreasAreCleanedUp() {
    StagedRange staged = engine.stage("x");
    staged.add(Family.LOCK, b("b"), b("1"));
    assertThrows(IllegalArgumentException.class, () -> staged.add(Family.LOCK, b("a"), b("1")));
    assertThrows(IllegalArgumentException.class, () -> staged.add(Family.DEFAULT, b("c"), b("1")));
    staged.discard();
    StagedRange kept = engine.stage("kept");
    kept.seal();
    StagedRange dropped = engine.stage("dropped");
    dropped.seal();
    engine.discardStaged(Set.of("kept"));
    assertTrue(engine.staged("kept").isPresent());
    assertTrue(engine.staged("dropped").isEmpty());
  }

  @Test
  void theSizeOfARangeGrowsWithItsData() {
    byte[] value = new byte[4096];
    new Random(1).nextBytes(value);
    for (int i = 0; i < 100; i++) {
      engine.write(new WriteBatch().put(Family.DEFAULT, b("k" + i), value));
    }
    engine.syncLog();
    assertTrue(engine.approximateSize(Family.DEFAULT, b("k"), b("l")) > 100_000);
    assertTrue(engine.approximateSize(Family.DEFAULT, b("m"), b("")) < 10_000);
  }

  @Test
  void behavesLikeASortedMap() {
    long seed = Long.getLong("seed", 21); // the same in every build; others explore
    Random random = new Random(seed);
    TreeMap<String, String> model = new TreeMap<>();
    for (int step = 0; step < 600; step++) {
      WriteBatch batch = new WriteBatch();
      for (int i = random.nextInt(4); i >= 0; i--) {
        String key = key(random);
        int choice = random.nextInt(20);
        if (choice == 0) {
          String to = key(random);
          batch.deleteRange(Family.DEFAULT, b(min(key, to)), b(max(key, to)));
          model.subMap(min(key, to), max(key, to)).clear();
        } else if (choice < 6) {
          batch.delete(Family.DEFAULT, b(key));
          model.remove(key);
        } else {
          batch.put(Family.DEFAULT, b(key), b("v" + step));
          model.put(key, "v" + step);
        }
      }
      engine.write(batch);
      if (step % 20 == 0) {
        try (EngineSnapshot snapshot = engine.snapshot()) {
          List<String> expected = new ArrayList<>();
          for (Map.Entry<String, String> entry : model.entrySet()) {
            expected.add(entry.getKey() + "=" + entry.getValue());
          }
          assertEquals(expected, pairs(snapshot, Family.DEFAULT, "", ""), "seed " + seed);
          String probe = key(random);
          try (EngineCursor cursor = snapshot.cursor(Family.DEFAULT, b(""), b(""))) {
            assertEquals(
                model.ceilingKey(probe), at(cursor, cursor.seek(b(probe))), "seed " + seed);
            assertEquals(
                model.floorKey(probe), at(cursor, cursor.seekForPrev(b(probe))), "seed " + seed);
          }
        }
      }
    }
  }

  private static String at(EngineCursor cursor, boolean valid) {
    return valid ? new String(cursor.key(), StandardCharsets.UTF_8) : null;
  }

  private static String key(Random random) {
    return "k" + random.nextInt(200);
  }

  private static String min(String a, String b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  private static String max(String a, String b) {
    return a.compareTo(b) <= 0 ? b : a;
  }

  static List<String> pairs(EngineSnapshot snapshot, Family family, String from, String to) {
    List<String> forward = new ArrayList<>();
    List<String> backward = new ArrayList<>();
    try (EngineCursor cursor = snapshot.cursor(family, b(from), b(to))) {
      for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
        forward.add(text(cursor));
      }
      for (boolean more = cursor.seekToLast(); more; more = cursor.prev()) {
        backward.add(0, text(cursor));
      }
    }
    assertEquals(forward, backward, "both directions show the same pairs");
    return forward;
  }

  private static String text(EngineCursor cursor) {
    return new String(cursor.key(), StandardCharsets.UTF_8)
        + "="
        + new String(cursor.value(), StandardCharsets.UTF_8);
  }

  static byte[] b(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
