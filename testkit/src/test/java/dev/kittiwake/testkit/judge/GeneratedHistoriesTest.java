package dev.kittiwake.testkit.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The cycle judge on thousands of generated histories: what a right store shows passes, and an
 * anomaly planted among hundreds of right steps is caught under its name.
 */
class GeneratedHistoriesTest {
  private static final int CLEAN_EACH = 1_300;
  private static final int PLANTED = 5_000;
  private static final long SEED = Long.getLong("seed", 20_261_122L);

  private record Plant(Rule rule, Set<Level> levels, List<String> lines) {}

  private static final Set<Level> ALL = EnumSet.allOf(Level.class);
  private static final Set<Level> SNAPSHOTS = EnumSet.of(Level.STRONG_SNAPSHOT, Level.SNAPSHOT);
  private static final Set<Level> REPEATABLE =
      EnumSet.complementOf(EnumSet.of(Level.READ_COMMITTED));
  private static final Set<Level> LOCKS = EnumSet.of(Level.PESSIMISTIC, Level.READ_COMMITTED);
  private static final Set<Level> REAL_TIME =
      EnumSet.of(Level.STRONG_SNAPSHOT, Level.PESSIMISTIC, Level.READ_COMMITTED);

  private static Plant plant(Rule rule, Set<Level> levels, String... lines) {
    return new Plant(rule, levels, List.of(lines));
  }

  private static final List<Plant> PLANTS =
      List.of(
          plant(Rule.GARBAGE_READ, ALL, "append x 1", "read x = [1, 7]"),
          plant(Rule.GARBAGE_READ, ALL, "read x = 7"),
          plant(Rule.DUPLICATE_ELEMENT, ALL, "append x 1", "read x = [1, 1]"),
          plant(
              Rule.INCOMPATIBLE_ORDER,
              ALL,
              "append x 1",
              "+ append x 2",
              "read x = [1, 2]",
              "+ read x = [2, 1]"),
          plant(Rule.INCOMPATIBLE_ORDER, ALL, "read x = 2; write x 1", "+ read x = 1; write x 2"),
          plant(Rule.INTERNAL, ALL, "append x 1; read x = []"),
          plant(Rule.INTERNAL, ALL, "write x 1", "write x 2; read x = 1"),
          plant(Rule.INTERNAL, REPEATABLE, "append x 1", "+ read x = []; read x = [1]"),
          plant(
              Rule.G0,
              ALL,
              "append x 1; append y 3",
              "+ append x 2; append y 4",
              "read x = [1, 2]; read y = [4, 3]"),
          plant(Rule.G1A, ALL, "append x 1 -> failed", "read x = [1]"),
          plant(Rule.G1A, ALL, "write x 1 -> failed", "read x = 1"),
          plant(Rule.G1B, ALL, "append x 1; append x 2", "+ read x = [1]"),
          plant(Rule.G1B, ALL, "write x 1; write x 2", "+ read x = 1"),
          plant(Rule.G1C, ALL, "append x 1; read y = [2]", "+ append y 2; read x = [1]"),
          plant(Rule.G1C, ALL, "write x 1; read y = 2", "+ write y 2; read x = 1"),
          plant(
              Rule.LOST_UPDATE,
              SNAPSHOTS,
              "read x = []; append x 1",
              "+ read x = []; append x 2",
              "read x = [1, 2]"),
          plant(
              Rule.LOST_UPDATE,
              SNAPSHOTS,
              "write x 1",
              "read x = 1; write x 2",
              "+ read x = 1; write x 3"),
          plant(
              Rule.LOST_UPDATE,
              ALL,
              "read x for update = []; append x 1",
              "+ read x for update = []; append x 2"),
          plant(Rule.LOST_WRITE, REAL_TIME, "append x 1", "append x 2", "read x = [2]"),
          plant(
              Rule.LONG_FORK,
              REPEATABLE,
              "append x 1",
              "+ append y 2",
              "+ read x = [1]; read y = []",
              "+ read x = []; read y = [2]",
              "read x = [1]; read y = [2]"),
          plant(
              Rule.G_SINGLE,
              REPEATABLE,
              "append x 1; append y 2",
              "+ read x = [1]; read y = []",
              "read y = [2]"),
          plant(Rule.G_SINGLE, REPEATABLE, "write x 1; write y 2", "+ read x = 1; read y = absent"),
          plant(
              Rule.G_NONADJACENT,
              SNAPSHOTS,
              "append y 2; append v 9",
              "+ append x 1; append z 5",
              "+ read y = []; append z 6",
              "+ read x = []; read v = [9]",
              "read x = [1]; read y = [2]; read z = [5, 6]"),
          plant(
              Rule.G2_ITEM,
              LOCKS,
              "read x for update = []; append y 1",
              "+ read y for update = []; append x 2",
              "read x = [2]; read y = [1]"),
          plant(Rule.REAL_TIME, REAL_TIME, "append x 1", "read x = []", "read x = [1]"),
          plant(Rule.REAL_TIME, REAL_TIME, "write x 1", "write x 2", "read x = 1"));

  @ParameterizedTest
  @EnumSource(Level.class)
  void whatARightStoreShowsPasses(Level level) {
    for (long seed = SEED; seed < SEED + CLEAN_EACH; seed++) {
      RandomTransactions clean =
          new RandomTransactions(seed, level, EnumSet.noneOf(ModelStore.Bug.class));
      clean.run(60);
      assertEquals(
          List.of(), new Cycles(level).findings(clean.history()), "seed " + seed + ", " + level);
    }
  }

  @Test
  void aPlantedAnomalyIsCaughtUnderItsName() {
    for (long seed = SEED; seed < SEED + PLANTED; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Plant plant = PLANTS.get(random.nextInt(PLANTS.size()));
      Level level = new ArrayList<>(plant.levels()).get(random.nextInt(plant.levels().size()));
      RandomTransactions noise =
          new RandomTransactions(seed, level, EnumSet.noneOf(ModelStore.Bug.class));
      noise.run(10 + random.nextInt(30));
      Told.tell(noise.history(), plant.lines());
      noise.run(10 + random.nextInt(30));
      Verdict verdict = new Cycles(level).judge(noise.history());
      String told = "seed " + seed + ", " + level + ", planted " + plant + ": " + verdict;
      assertTrue(verdict.isBroken(), told);
      assertEquals(plant.rule(), ((Verdict.Broken) verdict).rule(), told);
      assertTrue(((Verdict.Broken) verdict).operations().size() <= plant.lines().size(), told);
    }
  }

  @Test
  void aLowerPromiseForgivesWhatItDoesNotPromise() {
    for (Plant plant : PLANTS) {
      for (Level level : Level.values()) {
        if (!plant.levels().contains(level)) {
          Verdict verdict = new Cycles(level).judge(Told.of(plant.lines()));
          assertTrue(
              !verdict.isBroken() || ((Verdict.Broken) verdict).rule() != plant.rule(),
              plant + " at " + level + ": " + verdict);
        }
      }
    }
  }

  private record Flaw(ModelStore.Bug bug, Level level, Set<Rule> names) {}

  /** Where a bug can be seen, and as what; effects of one bug have several names. */
  private static final List<Flaw> FLAWS =
      List.of(
          new Flaw(ModelStore.Bug.NO_CONFLICT_CHECK, Level.SNAPSHOT, EnumSet.allOf(Rule.class)),
          new Flaw(
              ModelStore.Bug.OLD_SNAPSHOT,
              Level.STRONG_SNAPSHOT,
              Set.of(Rule.REAL_TIME, Rule.LOST_WRITE)),
          new Flaw(
              ModelStore.Bug.SNAPSHOT_EACH_READ,
              Level.STRONG_SNAPSHOT,
              Set.of(
                  Rule.INTERNAL,
                  Rule.G_SINGLE,
                  Rule.G_NONADJACENT,
                  Rule.LONG_FORK,
                  Rule.LOST_UPDATE,
                  Rule.G1C,
                  Rule.REAL_TIME)),
          new Flaw(
              ModelStore.Bug.DIRTY_READS,
              Level.READ_COMMITTED,
              EnumSet.complementOf(EnumSet.of(Rule.GARBAGE_READ, Rule.DUPLICATE_ELEMENT))),
          new Flaw(ModelStore.Bug.BLIND_TO_ITSELF, Level.PESSIMISTIC, Set.of(Rule.INTERNAL)),
          new Flaw(
              ModelStore.Bug.FORGETS,
              Level.PESSIMISTIC,
              EnumSet.complementOf(EnumSet.of(Rule.GARBAGE_READ, Rule.G1A, Rule.G1B))),
          new Flaw(
              ModelStore.Bug.HALF_COMMITS,
              Level.STRONG_SNAPSHOT,
              EnumSet.complementOf(EnumSet.of(Rule.GARBAGE_READ, Rule.G1A))),
          new Flaw(
              ModelStore.Bug.APPLIES_TWICE, Level.READ_COMMITTED, Set.of(Rule.DUPLICATE_ELEMENT)),
          new Flaw(ModelStore.Bug.NO_LOCKS, Level.PESSIMISTIC, EnumSet.allOf(Rule.class)));

  /** Not every run shows a bug, but a quarter must (half a commit lasts a few turns only). */
  @Test
  void aStoreWithABugIsFoundOut() {
    Map<String, Integer> found = new TreeMap<>();
    int runs = 100;
    for (Flaw flaw : FLAWS) {
      int caught = 0;
      for (long seed = SEED; seed < SEED + runs; seed++) {
        RandomTransactions run = new RandomTransactions(seed, flaw.level(), EnumSet.of(flaw.bug()));
        run.run(200);
        Verdict verdict = new Cycles(flaw.level()).judge(run.history());
        if (verdict.isBroken()) {
          caught++;
          assertTrue(
              flaw.names().contains(((Verdict.Broken) verdict).rule()),
              "seed " + seed + ", " + flaw.bug() + ": " + verdict);
        }
      }
      found.put(flaw.bug().name(), caught);
    }
    found.forEach((bug, caught) -> assertTrue(caught > runs / 4, bug + " in " + found));
  }
}
