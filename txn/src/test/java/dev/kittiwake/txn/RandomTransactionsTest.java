package dev.kittiwake.txn;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Many random interleavings of transactions, judged by what snapshot isolation promises; see {@link
 * RandomWorld}.
 */
class RandomTransactionsTest {
  @Test
  void randomInterleavingsKeepSnapshotIsolation() {
    run(1_500);
  }

  @Test
  @Tag("long")
  void manyRandomInterleavingsKeepSnapshotIsolation() {
    run(100_000);
  }

  private static void run(int worlds) {
    String given = System.getProperty("seed", "");
    // the same in every build; others explore
    long first = given.isEmpty() ? 1 : Long.parseLong(given);
    int count = given.isEmpty() ? worlds : 1;
    System.out.println("first seed " + first + ", again with -Dseed=" + first);
    int[] seen = new int[RandomWorld.Kind.values().length];
    for (int i = 0; i < count; i++) {
      RandomWorld world = new RandomWorld(new Random(first + i));
      try {
        world.run();
      } catch (RuntimeException | AssertionError failure) {
        throw new AssertionError(
            "seed " + (first + i) + " (run with -Dseed=" + (first + i) + ")\n" + world.trace(),
            failure);
      }
      world.countInto(seen);
    }
    if (given.isEmpty()) {
      // A run in which something never happened has not tested it.
      for (RandomWorld.Kind kind : RandomWorld.Kind.values()) {
        assertTrue(seen[kind.ordinal()] > 0, () -> kind + " never happened, first seed " + first);
      }
    }
  }
}
