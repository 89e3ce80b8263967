package dev.kittiwake.raft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whole groups in one thread from one seed: a network that loses, repeats and reorders, disks that
 * sync late, crashes that lose what was not synced, partitions, membership changes, transfers,
 * compaction. {@code -Dseed=N} runs one seed, {@code -Dfirst=N} other ones than usual of the many.
 */
class RandomClusterTest {
  private static final int SEEDS = 300;

  @Test
  void safetyHoldsThroughFaultsAndTheGroupRecovers() {
    String only = System.getProperty("seed", "");
    if (!only.isBlank()) {
      run(Long.parseLong(only));
      return;
    }
    for (long seed = 1; seed <= SEEDS; seed++) {
      run(seed);
    }
  }

  @Test
  @Tag("long")
  void safetyHoldsForManyMoreSeeds() {
    long first = Long.getLong("first", 10_000);
    for (long seed = first; seed < first + 10_000; seed++) {
      run(seed);
    }
  }

  @Test
  void theSameSeedGivesTheSameTrace() {
    assertEquals(run(7), run(7));
  }

  private static String run(long seed) {
    SimulatedGroup group = new SimulatedGroup(new SplittableRandom(seed));
    try {
      group.run(6_000);
      group.heal();
      assertTrue(group.converges(), "a healed group must elect a leader and agree");
      return group.digest();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          "seed " + seed + " (rerun with -Dseed=" + seed + ")\n" + group.tail(), e);
    }
  }
}
