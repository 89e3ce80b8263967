package dev.kittiwake.cli.chaos.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.cli.chaos.fault.Planner.Plan;
import dev.kittiwake.cli.chaos.fault.Planner.Planned;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The schedule is a function of its seed. */
class PlannerTest {
  private static final Set<FaultKind> ALL = EnumSet.allOf(FaultKind.class);

  @Test
  void theSameSeedDrawsTheSameFaults() {
    List<Planned> once = Planner.draw(new Plan(42, ALL, 3, 200, false));
    assertEquals(once, Planner.draw(new Plan(42, ALL, 3, 200, false)));
    assertNotEquals(once, Planner.draw(new Plan(43, ALL, 3, 200, false)));
  }

  @Test
  void aLongerScheduleBeginsLikeAShorterOne() {
    List<Planned> longer = Planner.draw(new Plan(7, ALL, 3, 100, false));
    assertEquals(longer.subList(0, 40), Planner.draw(new Plan(7, ALL, 3, 40, false)));
  }

  @Test
  void everyKindIsDrawnAndOnlyThoseThatWereAskedFor() {
    Set<FaultKind> seen = kinds(Planner.draw(new Plan(1, ALL, 3, 500, false)));
    assertEquals(ALL, seen);
    Set<FaultKind> few = EnumSet.of(FaultKind.KILL_STORE, FaultKind.PAUSE);
    assertEquals(few, kinds(Planner.draw(new Plan(1, few, 3, 100, false))));
    assertEquals(List.of(), Planner.draw(new Plan(1, Set.of(), 3, 100, false)));
  }

  @Test
  void everyStoreIsHitSometimes() {
    String all =
        Planner.draw(new Plan(5, EnumSet.of(FaultKind.KILL_STORE), 3, 100, true)).stream()
            .map(planned -> planned.fault().describe())
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
    assertEquals("kill -9 kv1, kill -9 kv2, kill -9 kv3", all);
  }

  @Test
  void aBriskScheduleHasNoPauses() {
    assertTrue(
        Planner.draw(new Plan(3, ALL, 3, 100, true)).stream()
            .allMatch(planned -> planned.calmMillis() == 0));
  }

  @Test
  void kindsAreNamedAsOnTheCommandLine() {
    assertEquals(
        EnumSet.of(FaultKind.KILL_STORE, FaultKind.POWER_CUT_ALL),
        FaultKind.parse(List.of("kill-store", "power-cut-all")));
    Set<FaultKind> withoutSpares = EnumSet.allOf(FaultKind.class);
    withoutSpares.removeIf(FaultKind::needsSpares);
    assertEquals(withoutSpares, FaultKind.parse(List.of("all")));
    assertEquals(Set.of(FaultKind.DRAIN_STORE), FaultKind.parse(List.of("drain-store")));
    IllegalArgumentException wrong =
        assertThrows(IllegalArgumentException.class, () -> FaultKind.parse(List.of("earthquake")));
    assertTrue(
        wrong.getMessage().startsWith("there is no fault 'earthquake': choose of all, kill-store"));
  }

  private static Set<FaultKind> kinds(List<Planned> schedule) {
    return schedule.stream()
        .map(planned -> planned.fault().kind())
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(FaultKind.class)));
  }
}
