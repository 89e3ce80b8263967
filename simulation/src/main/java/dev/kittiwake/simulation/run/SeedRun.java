package dev.kittiwake.simulation.run;

import dev.kittiwake.simulation.fault.FaultKind;
import dev.kittiwake.simulation.fault.Operators;
import dev.kittiwake.simulation.fault.Stage;
import dev.kittiwake.simulation.invariant.Invariants;
import dev.kittiwake.simulation.time.Trace;
import dev.kittiwake.simulation.workload.Crowd;
import dev.kittiwake.simulation.world.SimStore;
import dev.kittiwake.simulation.world.World;
import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.History;
import dev.kittiwake.testkit.history.Isolation;
import dev.kittiwake.testkit.history.Operation;
import dev.kittiwake.testkit.judge.Bank;
import dev.kittiwake.testkit.judge.Cycles;
import dev.kittiwake.testkit.judge.Judge;
import dev.kittiwake.testkit.judge.Level;
import dev.kittiwake.testkit.judge.Linearizability;
import dev.kittiwake.testkit.judge.Monotonic;
import dev.kittiwake.testkit.judge.Sets;
import dev.kittiwake.testkit.judge.TimestampOrder;
import dev.kittiwake.testkit.judge.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** One seed, from an empty cluster to the verdict. */
public final class SeedRun {
  private static final long LIVENESS_SECONDS = 180;

  private final Plan plan;
  private final Consumer<Trace> prepare;
  private long healedNanos;

  public SeedRun(Plan plan) {
    this(plan, trace -> {});
  }

  /**
   * @param prepare may ask the trace to keep more
   */
  public SeedRun(Plan plan, Consumer<Trace> prepare) {
    this.plan = plan;
    this.prepare = prepare;
  }

  public Report run() {
    List<String> violations = new ArrayList<>();
    try (World world = new World(plan.seed(), plan.options())) {
      prepare.accept(world.time().trace());
      Crowd crowd = new Crowd(world, plan.mix());
      Operators operators = new Operators(world, crowd.splitKeys());
      Stage stage = new Stage(world, operators, crowd::kill);
      long begin = world.time().now();
      try {
        go(world, crowd, operators, stage);
        boolean wild = stage.struck().containsKey(FaultKind.WILD_DRIFT);
        judge(wild ? WritesOnly.of(crowd.history(), healedNanos) : crowd.history(), violations);
      } catch (RuntimeException | AssertionError failure) {
        violations.add(text(failure));
      }
      return new Report(
          plan,
          violations,
          world.time().now() - begin,
          world.time().trace().count(),
          crowd.history().size(),
          crowd.ok(),
          stage.struck(),
          world.time().trace(),
          crowd.history());
    }
  }

  private static String text(Throwable failure) {
    StringBuilder text = new StringBuilder(String.valueOf(failure.getMessage()));
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at != failure) {
        text.append("\n  because ").append(at);
      }
      for (int i = 0; i < Math.min(12, at.getStackTrace().length); i++) {
        text.append("\n    at ").append(at.getStackTrace()[i]);
      }
    }
    return text.toString();
  }

  private void go(World world, Crowd crowd, Operators operators, Stage stage) {
    Invariants invariants = new Invariants(world);
    world.start();
    crowd.open();
    for (int i = 0; i < plan.regions(); i++) {
      operators.split(i * 5L);
      world.run(300);
    }
    invariants.start();
    stage.begin(plan.faults(), plan.intensities());
    crowd.begin();
    world.run(plan.chaosMillis());
    stage.heal();
    crowd.stop();
    live(world, crowd, invariants);
    healedNanos = world.time().now();
    crowd.lookOnceMore();
    expect(world, () -> crowd.busy() == 0, () -> crowd.busy() + " last reads do not end");
    // A lead may just be on its way from one store to another: then nobody leads that region.
    expect(world, invariants::isCaughtUp, invariants::whatIsMissing);
    invariants.stop();
    invariants.checkAtTheEnd();
    world.check();
  }

  /** Everything heals: who waits is answered, every region is led, replicas catch up. */
  private static void live(World world, Crowd crowd, Invariants invariants) {
    // One that was killed a moment ago is not back yet, and would never end what it is given.
    expect(world, crowd::isThere, () -> "a client does not run");
    expect(world, () -> crowd.busy() == 0, () -> crowd.busy() + " operations do not end");
    expect(
        world,
        () -> world.stores().stream().allMatch(store -> serves(world, store)),
        () -> "these stores do not serve: " + silent(world));
    expect(world, invariants::isCaughtUp, invariants::whatIsMissing);
  }

  private static boolean serves(World world, SimStore store) {
    return store.access() != null || world.isGivenUp(store);
  }

  private static List<String> silent(World world) {
    return world.stores().stream()
        .filter(store -> !serves(world, store))
        .map(
            store ->
                store.address()
                    + (store.machine().isRunning() ? " runs" : " is off")
                    + (store.machine().isPaused() ? ", paused" : "")
                    + (store.died() == null ? "" : ", ended by " + store.died()))
        .toList();
  }

  private static void expect(
      World world,
      java.util.function.BooleanSupplier condition,
      java.util.function.Supplier<String> complaint) {
    for (long i = 0; i < LIVENESS_SECONDS * 5; i++) {
      if (condition.getAsBoolean()) {
        return;
      }
      world.run(200);
    }
    throw new AssertionError(
        "liveness: not within " + LIVENESS_SECONDS + " s after healing: " + complaint.get());
  }

  private static void judge(History history, List<String> violations) {
    ask(new Linearizability(), history, violations);
    ask(new Bank(Crowd.opening()), history, violations);
    ask(new Sets(), history, violations);
    ask(new Monotonic(), history, violations);
    ask(new TimestampOrder(), history, violations);
    ask(
        new Cycles(Level.STRONG_SNAPSHOT),
        only(history, action -> isolation(action) == Isolation.OPTIMISTIC),
        violations);
    ask(
        new Cycles(Level.PESSIMISTIC),
        only(history, action -> isolation(action) == Isolation.PESSIMISTIC),
        violations);
  }

  private static Isolation isolation(Action action) {
    return action instanceof Action.Txn txn && !isCounter(txn) ? txn.isolation() : null;
  }

  private static boolean isCounter(Action.Txn txn) {
    return txn.steps().get(0).key().contains("-counter");
  }

  private static void ask(Judge judge, History history, List<String> violations) {
    if (judge.judge(history) instanceof Verdict.Broken broken) {
      violations.add(judge.getClass().getSimpleName() + ": " + broken);
    }
  }

  /** The operations of one kind, as a history of their own. */
  private static History only(History history, Predicate<Action> wanted) {
    List<Operation> kept = new ArrayList<>();
    for (Operation each : history.operations()) {
      if (wanted.test(each.action())) {
        kept.add(WritesOnly.as(kept.size(), each, each.action(), each.answer()));
      }
    }
    return History.of(kept);
  }
}
