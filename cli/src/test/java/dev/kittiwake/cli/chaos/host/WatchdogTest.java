package dev.kittiwake.cli.chaos.host;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Nobody who was reported outlives the watchdog's input, paused or not. */
class WatchdogTest {
  @Test
  void whatStillRunsIsKilledAtTheEnd() throws Exception {
    Process runs = new ProcessBuilder("sleep", "600").start();
    Process paused = new ProcessBuilder("sleep", "600").start();
    Process notOurs = new ProcessBuilder("sleep", "600").start();
    try (Watchdog watchdog = Watchdog.start()) {
      watchdog.runs(runs.pid());
      watchdog.runs(notOurs.pid());
      watchdog.runs(paused.pid());
      Shell.must("kill", "-STOP", Long.toString(paused.pid()));
      watchdog.ended(notOurs.pid());
    }
    assertTrue(runs.waitFor(120, TimeUnit.SECONDS), "the running one ends");
    assertTrue(paused.waitFor(120, TimeUnit.SECONDS), "the paused one ends");
    assertTrue(notOurs.isAlive(), "who was said to have ended is left alone");
    notOurs.destroyForcibly();
  }
}
