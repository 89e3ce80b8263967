package dev.kittiwake.kv.resolved;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SafeTimesTest {
  private final SafeTimes times = new SafeTimes();

  private boolean learn(long version, long index, long ts, long applied) {
    return times.learn(new Promise(1, version, index, ts), applied);
  }

  @Test
  void aPromiseHoldsForWhoHasAppliedItsIndex() {
    assertEquals(0, times.safeAt(1, 3, 100));
    assertTrue(learn(3, 10, 500, 9));
    assertEquals(0, times.safeAt(1, 3, 9));
    assertEquals(500, times.safeAt(1, 3, 10));
    assertEquals(500, times.newest(1, 3));
    assertEquals(0, times.safeAt(2, 3, 10), "of another region nothing is known");
  }

  @Test
  void whoLagsKeepsWhatItMayUse() {
    learn(3, 10, 500, 10);
    learn(3, 20, 600, 12);
    learn(3, 30, 700, 14);
    learn(3, 40, 800, 16);
    assertEquals(500, times.safeAt(1, 3, 16));
    assertEquals(600, times.safeAt(1, 3, 25), "the oldest that it waited for is not forgotten");
    assertEquals(800, times.safeAt(1, 3, 40));
    learn(3, 50, 900, 25);
    assertEquals(600, times.safeAt(1, 3, 25));
    learn(3, 50, 1000, 50);
    assertEquals(1000, times.safeAt(1, 3, 50));
  }

  @Test
  void nobodyGoesBack() {
    learn(3, 10, 500, 10);
    assertFalse(learn(3, 12, 400, 12));
    assertFalse(learn(2, 12, 900, 12), "an older shape of the region");
    assertEquals(500, times.safeAt(1, 3, 12));
  }

  @Test
  void anotherShapeOfTheRegionBeginsAnew() {
    learn(3, 10, 500, 10);
    assertTrue(learn(4, 12, 400, 12));
    assertEquals(0, times.safeAt(1, 3, 12));
    assertEquals(400, times.safeAt(1, 4, 12));
    times.forget(1);
    assertEquals(0, times.safeAt(1, 4, 12));
  }
}
