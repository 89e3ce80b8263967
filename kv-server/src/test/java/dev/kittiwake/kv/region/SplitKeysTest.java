package dev.kittiwake.kv.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.key.MemComparable;
import dev.kittiwake.proto.key.VersionedKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a region is cut, for its size, its keys and its load. */
class SplitKeysTest {
  /** Pieces of 100 bytes, regions of at most 150; pieces of 1,000 keys. */
  private static final SplitRule RULE =
      new SplitRule(1, 100, 150, 1_000, 1_500, 3, 0, new SplitRule.Load(1, 1, 0));

  private static SplitKeys walk(int entries, int entryBytes) {
    SplitKeys keys = new SplitKeys(RULE, Key.EMPTY);
    for (int i = 0; i < entries; i++) {
      if (!keys.onEntry(Family.DEFAULT, raw(i), entryBytes)) {
        break;
      }
    }
    return keys;
  }

  private static byte[] raw(int i) {
    return String.format("%05d", i).getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  private static List<String> text(List<Key> keys) {
    return keys.stream().map(k -> new String(k.unsafeBytes())).toList();
  }

  @Test
  void aCutIsMadeWheneverAPieceIsFull() {
    assertEquals(List.of("00010", "00020", "00030"), text(walk(36, 10).keys()));
  }

  @Test
  void aLastPieceThatIsTooSmallStaysWithTheOneBefore() {
    assertEquals(List.of("00010"), text(walk(23, 10).keys()));
    assertEquals(List.of(), walk(13, 10).keys());
  }

  @Test
  void oneSplitMakesOnlySoManyPieces() {
    assertEquals(List.of("00010", "00020", "00030"), text(walk(10_000, 10).keys()));
  }

  @Test
  void manySmallKeysAreTooManyAsWell() {
    SplitKeys keys = new SplitKeys(RULE, Key.EMPTY);
    for (int i = 0; i < 1_600; i++) {
      keys.onEntry(Family.DEFAULT, raw(i), 0);
    }
    assertEquals(List.of("01000"), text(keys.keys()));
  }

  @Test
  void allVersionsOfAKeyStayTogether() {
    SplitKeys keys = new SplitKeys(RULE, Key.EMPTY);
    Key a = Key.of("a");
    Key b = Key.of("b");
    for (int ts = 60; ts > 0; ts--) {
      keys.onEntry(Family.WRITE, VersionedKey.of(a, ts).unsafeBytes(), 10);
    }
    for (int ts = 60; ts > 0; ts--) {
      keys.onEntry(Family.WRITE, VersionedKey.of(b, ts).unsafeBytes(), 10);
    }
    // The first full piece ends within the versions of "a": the cut moves before its first one.
    assertEquals(List.of(MemComparable.encode(a), MemComparable.encode(b)), keys.keys());
  }

  @Test
  void aRegionOfOneKeyIsNeverCutHoweverLarge() {
    SplitKeys keys = new SplitKeys(RULE, MemComparable.encode(Key.of("a")));
    for (int ts = 1_000; ts > 0; ts--) {
      keys.onEntry(Family.WRITE, VersionedKey.of(Key.of("a"), ts).unsafeBytes(), 10);
    }
    assertEquals(List.of(), keys.keys());
  }

  @Test
  void aValueBesideItsCommitRecordCountsAsOneKey() {
    SplitKeys keys = new SplitKeys(RULE, Key.EMPTY);
    for (int i = 0; i < 10; i++) {
      byte[] key = VersionedKey.of(Key.wrap(raw(i)), 5).unsafeBytes();
      keys.onEntry(Family.DEFAULT, key, 3);
      keys.onEntry(Family.WRITE, key, 3);
    }
    assertEquals(new RegionSize.Measure(60, 10, 10), keys.measure());
    assertEquals(10, keys.measure().keys());
  }

  @Test
  void theLoadIsPartedWhereBothSidesGetEnough() {
    List<KeyRange> samples = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Key key = Key.of("k" + (char) ('a' + i % 10));
      samples.add(new KeyRange(key, key));
    }
    assertEquals(Key.of("kf"), LoadSplit.bestKey(samples));
  }

  @Test
  void oneHotKeyCannotBeParted() {
    List<KeyRange> samples = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      samples.add(new KeyRange(Key.of("hot"), Key.of("hot")));
    }
    samples.set(0, new KeyRange(Key.of("cold"), Key.of("cold")));
    assertNull(LoadSplit.bestKey(samples));
  }

  @Test
  void scansThatAllCrossTheCutGainNothing() {
    List<KeyRange> samples = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      samples.add(new KeyRange(Key.of("k" + (char) ('a' + i % 10)), Key.EMPTY));
    }
    assertNull(LoadSplit.bestKey(samples));
  }

  @Test
  void aShortPeakIsNoReasonToSplit() {
    RegionLoad load = new RegionLoad();
    LoadSplit split = new LoadSplit(new SplitRule.Load(1, 3, 500));
    for (int window = 0; window < 10; window++) {
      int requests = window % 3 == 2 ? 0 : 1_000;
      for (int i = 0; i < requests; i++) {
        load.onRequest(List.of(Key.of("k" + i % 50)));
      }
      assertNull(split.onWindow(load));
    }
  }

  @Test
  void theAccountFollowsWritesAndIsPutRightByALook() {
    RegionSize size = new RegionSize();
    for (int i = 0; i < 10; i++) {
      size.onPut(Family.DEFAULT, 10, 90);
      size.onPut(Family.LOCK, 10, 90);
    }
    assertEquals(new RegionSize.Estimate(1_000, 10), size.estimate());
    size.onDelete(Family.DEFAULT, 10);
    assertEquals(new RegionSize.Estimate(900, 9), size.estimate());
    RegionSize.Mark mark = size.mark();
    size.onPut(Family.DEFAULT, 10, 40); // while the look goes on
    size.correct(mark, new RegionSize.Measure(500, 5, 0));
    assertEquals(new RegionSize.Estimate(550, 6), size.estimate());
  }
}
