package dev.kittiwake.pd;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Prints what a region heartbeat costs; fails only if one core could not take the wanted rate. */
final class HeartbeatCostTest {
  private static final double WANTED_PER_MINUTE = 100_000;

  @Test
  @Tag("long")
  void hundredThousandRegionsReportEveryMinuteOnOneCore() throws Exception {
    assertTrue(HeartbeatCost.perMinuteOnOneCore(200, 100_000, 8) > WANTED_PER_MINUTE);
  }
}
