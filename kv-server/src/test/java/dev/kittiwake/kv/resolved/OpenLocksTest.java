package dev.kittiwake.kv.resolved;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OpenLocksTest {
  private final OpenLocks locks = new OpenLocks(100);

  private static Key k(String text) {
    return Key.of(text);
  }

  private void exact() {
    locks.begin();
    locks.found(1, Map.of(), KeyRange.ALL);
  }

  @Test
  void theOldestTransactionCountsUntilItsLastLockIsGone() {
    exact();
    assertEquals(OpenLocks.NONE, locks.oldest());
    locks.locked(2, k("a"), 20);
    locks.locked(3, k("b"), 10);
    locks.locked(4, k("c"), 10);
    assertEquals(10, locks.oldest());
    locks.freed(5, k("b"));
    assertEquals(10, locks.oldest());
    locks.freed(6, k("c"));
    assertEquals(20, locks.oldest());
    locks.freed(7, k("a"));
    locks.freed(7, k("never locked"));
    assertEquals(OpenLocks.NONE, locks.oldest());
  }

  @Test
  void timestampsAreUnsigned() {
    exact();
    locks.locked(2, k("a"), -5);
    locks.locked(3, k("b"), 7);
    assertEquals(7, locks.oldest());
  }

  @Test
  void aLockThatTakesAnothersPlaceCountsAlone() {
    exact();
    locks.locked(2, k("a"), 10);
    locks.locked(3, k("a"), 30);
    assertEquals(30, locks.oldest());
    locks.locked(4, k("a"), 30); // repeated
    locks.freed(5, k("a"));
    assertEquals(OpenLocks.NONE, locks.oldest());
  }

  /** The walk saw the entries up to 5: what they did must not be done again. */
  @Test
  void whatTheWalkHasSeenIsNotRepeated() {
    locks.begin();
    locks.locked(4, k("a"), 10);
    locks.freed(5, k("a"));
    locks.locked(5, k("b"), 11);
    locks.freed(6, k("b"));
    locks.locked(7, k("c"), 12);
    assertFalse(locks.isExact());
    locks.found(5, Map.of(k("b"), 11L, k("old"), 3L), KeyRange.ALL);
    assertTrue(locks.isExact());
    assertEquals(3, locks.oldest());
    locks.freed(8, k("old"));
    assertEquals(12, locks.oldest(), "b was freed after the walk");
    assertEquals(1, locks.size());
  }

  @Test
  void aSplitTakesLocksAway() {
    exact();
    locks.locked(2, k("a"), 5);
    locks.locked(3, k("m"), 6);
    locks.narrow(new KeyRange(k("k"), Key.EMPTY));
    assertEquals(6, locks.oldest());
    locks.begin();
    locks.found(9, Map.of(k("a"), 5L, k("m"), 6L), new KeyRange(k("k"), Key.EMPTY));
    assertEquals(6, locks.oldest(), "the walk was begun before the split");
  }

  @Test
  void aDeletedRangeTakesItsLocksAlong() {
    exact();
    locks.locked(2, k("a"), 5);
    locks.locked(3, k("m"), 6);
    locks.freed(4, new KeyRange(k("a"), k("b")));
    assertEquals(6, locks.oldest());
    locks.begin();
    locks.freed(5, new KeyRange(k("a"), k("b")));
    assertFalse(locks.follows(), "what the range held is not known: it must begin anew");
  }

  @Test
  void tooManyLocksAreNotFollowed() {
    exact();
    for (int i = 0; i <= 100; i++) {
      locks.locked(2 + i, k("k" + i), 10 + i);
    }
    assertFalse(locks.isExact());
    assertEquals(0, locks.size());
  }

  /** Whenever the walk happens between the beginning and now, the result is the same. */
  @Test
  void theMomentOfTheWalkDoesNotMatter() {
    for (long seed = 1; seed <= 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Map<Key, Long> data = new TreeMap<>();
      int begin = random.nextInt(20);
      int walk = begin + random.nextInt(20);
      int end = walk + random.nextInt(20);
      Map<Key, Long> seen = Map.of();
      for (int index = 1; index <= end; index++) {
        Key key = k("k" + random.nextInt(6));
        if (random.nextBoolean()) {
          data.put(key, (long) index);
          locks.locked(index, key, index);
        } else {
          data.remove(key);
          locks.freed(index, key);
        }
        if (index == begin) {
          locks.begin();
        }
        if (index == walk) {
          seen = new TreeMap<>(data);
        }
      }
      if (begin == 0 || walk == 0) {
        continue;
      }
      locks.found(walk, seen, KeyRange.ALL);
      long expected = data.values().stream().min(Long::compareUnsigned).orElse(OpenLocks.NONE);
      assertEquals(expected, locks.oldest(), "seed " + seed);
      assertEquals(data.size(), locks.size(), "seed " + seed);
    }
  }
}
