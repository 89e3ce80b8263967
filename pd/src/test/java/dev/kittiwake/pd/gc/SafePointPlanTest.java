package dev.kittiwake.pd.gc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class SafePointPlanTest {
  private static final long NOW = 1_700_000_000_000L;
  private static final long LIFE = 600_000;

  private static long ts(long millis) {
    return millis << 18;
  }

  private static SafePointPlan plan(long present, Map<String, String> registered) {
    return SafePointPlan.of(NOW, LIFE, present, registered);
  }

  @Test
  void versionsLiveAsLongAsTheyAreSetTo() {
    assertEquals(ts(NOW - LIFE), plan(0, Map.of()).target());
  }

  @Test
  void theOldestRegisteredTransactionIsNotPassed() {
    long old = ts(NOW - 2 * LIFE);
    SafePointPlan plan =
        plan(
            0,
            Map.of(
                SafePointPlan.OLDEST_TRANSACTIONS + "a", Long.toString(old),
                SafePointPlan.OLDEST_TRANSACTIONS + "b", Long.toString(ts(NOW - 1))));

    assertEquals(old - 1, plan.target());
    assertTrue(plan.reason().contains("minstartts/a"), plan.reason());
  }

  @Test
  void theSafePointNeverGoesBack() {
    long present = ts(NOW - LIFE / 2); // the life time was made longer since

    assertEquals(present, plan(present, Map.of()).target());
  }

  @Test
  void aRegistrationThatIsNoNumberStopsNothing() {
    assertEquals(
        ts(NOW - LIFE), plan(0, Map.of(SafePointPlan.OLDEST_TRANSACTIONS + "x", "soon")).target());
  }
}
