package dev.kittiwake.pd.tso;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.proto.key.Timestamp;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TimestampOracleTest {
  private static final long WINDOW = 3_000;

  private long nanos;

  private TimestampOracle serving(long nowMillis, long savedMillis) {
    TimestampOracle oracle = new TimestampOracle(WINDOW, 86_400_000, () -> nanos);
    oracle.serve(oracle.prepare(nowMillis, savedMillis));
    return oracle;
  }

  @Test
  void nothingIsServedBeforeABoundIsSaved() {
    TimestampOracle oracle = new TimestampOracle(WINDOW, 86_400_000, () -> nanos);
    assertEquals(TimestampOracle.WAIT, oracle.next(1));
    long bound = oracle.prepare(1_000, 0);
    assertEquals(TimestampOracle.WAIT, oracle.next(1));
    oracle.serve(bound);
    assertEquals(1_000, Timestamp.physicalMillis(oracle.next(1)));
  }

  @Test
  void theAnswerIsTheLargestOfABatchInOneMillisecond() {
    TimestampOracle oracle = serving(1_000, 0);
    assertEquals(Timestamp.of(1_000, 10), oracle.next(10));
    assertEquals(Timestamp.of(1_000, 15), oracle.next(5));
    assertThrows(IllegalArgumentException.class, () -> oracle.next(0));
    assertThrows(IllegalArgumentException.class, () -> oracle.next(1 << 18));
  }

  @Test
  void aRestartStartsAboveEverythingThatTheBoundAllowed() {
    TimestampOracle restarted = serving(500, 9_000);
    assertTrue(Timestamp.physicalMillis(restarted.next(1)) > 9_000);
  }

  @Test
  void aMillisecondThatIsUsedUpWaitsForTheNextUpdate() {
    TimestampOracle oracle = serving(1_000, 0);
    oracle.next((int) Timestamp.MAX_LOGICAL - 5);
    assertEquals(TimestampOracle.WAIT, oracle.next(10));
    oracle.update(1_000); // the clock stands still
    assertEquals(Timestamp.of(1_001, 10), oracle.next(10));
  }

  @Test
  void aClockThatWasSetBackDoesNotMoveTimestampsBack() {
    TimestampOracle oracle = serving(10_000, 0);
    long before = oracle.next(1);
    oracle.update(2_000);
    assertTrue(oracle.next(1) > before);
  }

  @Test
  void aClockThatJumpsAheadIsHeldAtTheBoundUntilThatIsSaved() {
    TimestampOracle oracle = serving(10_000, 0);
    long bound = oracle.update(50_000);
    assertTrue(bound > 50_000, "asked for " + bound);
    assertTrue(Timestamp.physicalMillis(oracle.next(1)) < 13_000);
    oracle.saved(bound);
    oracle.update(50_000);
    assertEquals(50_000, Timestamp.physicalMillis(oracle.next(1)));
  }

  @Test
  void withoutALeaseNothingIsServed() {
    TimestampOracle oracle = serving(1_000, 0);
    oracle.lease(100);
    nanos = 99;
    assertTrue(oracle.next(1) != TimestampOracle.WAIT);
    nanos = 100;
    assertEquals(TimestampOracle.WAIT, oracle.next(1));
    oracle.lease(200);
    assertTrue(oracle.next(1) != TimestampOracle.WAIT);
  }

  @Test
  void timestampsNeverGoBackThroughJumpsLostSavesAndRestarts() {
    long seed = Long.getLong("seed", 20_261_122L);
    Random random = new Random(seed);
    long clock = 1_000_000;
    long saved = 0; // what survives
    long unsaved = 0; // asked for, not yet decided
    long before = 0;
    TimestampOracle oracle = new TimestampOracle(WINDOW, 86_400_000, () -> 0);
    for (int step = 0; step < 200_000; step++) {
      switch (random.nextInt(12)) {
        case 0 -> clock += random.nextInt(10_000) - 5_000;
        case 1 -> clock += 1;
        case 2 -> {
          long bound = oracle.update(clock);
          unsaved = Math.max(unsaved, bound);
        }
        case 3 -> {
          if (unsaved != 0 && random.nextBoolean()) {
            saved = Math.max(saved, unsaved);
            oracle.saved(saved);
          } else {
            oracle.saveFailed();
          }
          unsaved = 0;
        }
        case 4 -> {
          if (random.nextInt(20) == 0) {
            oracle =
                new TimestampOracle(WINDOW, 86_400_000, () -> 0); // a restart, or another member
          }
          if (!oracle.isServing()) {
            saved = Math.max(saved, oracle.prepare(clock, saved));
            oracle.serve(saved);
          }
        }
        default -> {
          int count =
              random.nextInt(10) == 0 ? random.nextInt(200_000) + 1 : random.nextInt(50) + 1;
          long ts = oracle.next(count);
          if (ts != TimestampOracle.WAIT) {
            String where = "seed " + seed + " step " + step;
            assertTrue(ts - count >= before, where + ": " + ts + " after " + before);
            assertTrue(Timestamp.physicalMillis(ts) < saved, where + ": beyond the bound");
            assertEquals(
                Timestamp.physicalMillis(ts), Timestamp.physicalMillis(ts - count + 1), where);
            before = ts;
          }
        }
      }
    }
  }
}
