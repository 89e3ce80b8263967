package dev.kittiwake.simulation.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Seeds for {@code -Dsimulation.minutes} (3), or one by {@code -Dseed}; some that once broke
 * something; and a seed run twice. The build takes the same seeds each time, so that it is green or
 * red for what was changed; {@code bin/kittiwake simulate} goes where nobody has been.
 */
class SeedsTest {
  private static final long FIRST = 1_000;

  /** As many as three minutes hold, and no more: every machine runs the same. */
  private static final long MOST = 190;

  @Test
  void noSeedBreaksAPromise() {
    String wanted = System.getProperty("seed", "");
    String minutes = System.getProperty("simulation.minutes", "");
    boolean one = !wanted.isEmpty();
    long first = one ? Long.parseLong(wanted) : FIRST;
    System.out.println("simulation: seeds from " + first + ", again with -Dseed=" + first);
    Night night =
        new Night(
            first,
            one ? 1 : MOST,
            minutes.isEmpty() ? 3 : Double.parseDouble(minutes),
            Plan::draw,
            report -> {});
    night.run(1);
    System.out.println("simulation: " + night.summary());
    StringBuilder told = new StringBuilder();
    for (Report broken : night.broken()) {
      told.append("\n-Dseed=").append(broken.plan().seed()).append(": ");
      told.append(String.join("\n", broken.violations()));
      told.append("\n").append(broken.plan().describe());
    }
    assertTrue(told.isEmpty(), () -> told.toString());
    assertTrue(night.done() > 0, "no seed was finished");
  }

  /** Seeds that once found something; code changes make them rot, so the stories count more. */
  @ParameterizedTest
  @ValueSource(longs = {9, 14, 1183, 1187, 1245, 10000311})
  void seedsThatOnceBrokeSomething(long seed) {
    assertEquals(List.of(), new SeedRun(Plan.draw(seed)).run().violations());
  }

  @ParameterizedTest
  @ValueSource(longs = {2, 12, 1038})
  void theSameSeedTwiceIsTheSameRun(long seed) {
    Report one = new SeedRun(Plan.draw(seed), trace -> trace.keepSteps()).run();
    Report two = new SeedRun(Plan.draw(seed), trace -> trace.keepSteps()).run();
    long at = one.trace().firstDifference(two.trace());
    if (at >= 0) {
      Report again = new SeedRun(Plan.draw(seed), trace -> trace.describe(at)).run();
      throw new AssertionError(
          "seed "
              + seed
              + " went two ways at event "
              + at
              + ", which once was "
              + again.trace().description());
    }
    assertEquals(one.trace().digest(), two.trace().digest());
    assertEquals(one.history().operations(), two.history().operations());
  }
}
