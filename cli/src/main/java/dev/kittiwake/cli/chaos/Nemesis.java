package dev.kittiwake.cli.chaos;

import dev.kittiwake.cli.chaos.fault.Arena;
import dev.kittiwake.cli.chaos.fault.Planner.Planned;
import dev.kittiwake.cli.chaos.process.ClusterPages;
import dev.kittiwake.cli.chaos.process.Node;
import dev.kittiwake.cli.chaos.process.ProcessCluster;
import dev.kittiwake.cli.chaos.process.ProcessFailure;
import dev.kittiwake.cli.chaos.process.Stopwatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * Carries the schedule out: waits, strikes, takes the harm back, waits until the cluster is well,
 * and so on. What does not come back in time, or ends by itself, is a broken promise. One thread.
 */
final class Nemesis implements Arena {
  private static final long LOOK_AGAIN_MILLIS = 500;

  /** A look at thousands of regions takes a while: the cluster is not to be kept from its work. */
  private static final int REST_AFTER_LOOK = 3;

  private final ProcessCluster cluster;
  private final Workers workers;
  private final Stopwatch time;
  private final StopSignal stop;
  private final long patienceMillis;
  private final Consumer<String> lines;
  private final List<Event> events = new ArrayList<>(); // guarded by itself
  private final List<Long> leavings = new ArrayList<>();
  private final List<Finding> violations = new ArrayList<>();
  private List<String> notes = new ArrayList<>();
  private volatile String doing = "";

  Nemesis(
      ProcessCluster cluster,
      Workers workers,
      Stopwatch time,
      StopSignal stop,
      long patienceMillis,
      Consumer<String> lines) {
    this.cluster = cluster;
    this.workers = workers;
    this.time = time;
    this.stop = stop;
    this.patienceMillis = patienceMillis;
    this.lines = lines;
  }

  /** Works through the schedule until it ends, time is over or the run is asked to end. */
  void run(List<Planned> schedule, long untilMillis) throws Exception {
    for (Planned next : schedule) {
      doing = "calm";
      hold(Math.min(next.calmMillis(), untilMillis - time.millis()));
      if (stop.isAsked() || time.millis() >= untilMillis) {
        return;
      }
      if (!strike(next)) {
        return; // without a well cluster there is nothing more to learn
      }
    }
  }

  private boolean strike(Planned next) throws Exception {
    notes = new ArrayList<>();
    doing = next.fault().describe();
    long started = time.millis();
    lines.accept("%4d  %s".formatted(next.number(), doing));
    boolean carriedOut = true;
    try {
      next.fault().strike(this);
    } catch (ProcessFailure refused) {
      violation("every process starts and stops as told", refused.getMessage());
      carriedOut = false;
    }
    long ended = time.millis();
    doing = "recovering from " + doing;
    boolean well = carriedOut && recovered(next);
    synchronized (events) {
      events.add(
          new Event(
              next.number(),
              next.fault().kind().label(),
              next.fault().describe(),
              started,
              ended,
              well ? time.millis() : -1,
              notes));
    }
    return well;
  }

  /** After the last fault, so that everything can be judged: nothing is broken, everybody runs. */
  void makeWell() throws IOException, InterruptedException {
    doing = "ending";
    cluster.network().ifPresent(network -> network.heal());
    try {
      cluster.startAll();
    } catch (ProcessFailure refused) {
      violation("every process starts and stops as told", refused.getMessage());
    }
  }

  private boolean recovered(Planned after) throws Exception {
    CaughtUp caughtUp = new CaughtUp(cluster.pages(), cluster.stores());
    Workers.Mark mark = workers.mark();
    boolean well =
        time.until(
            patienceMillis,
            () -> {
              raiseTheDead();
              long look = time.millis();
              boolean over = caughtUp.holds() && !workers.waiting() && workers.workedSince(mark);
              time.pause(over ? 0 : REST_AFTER_LOOK * (time.millis() - look));
              return over || stop.isAsked();
            });
    if (!well) {
      violation(
          "the cluster recovers from each fault within " + patienceMillis / 1_000 + " s",
          "after "
              + after.fault().describe()
              + ": "
              + (caughtUp.holds() ? "clients have no answer yet" : caughtUp.lacking()));
    }
    return well;
  }

  /** Nobody may have ended by himself. */
  private void raiseTheDead() throws IOException, InterruptedException {
    for (Node node : cluster.nodes()) {
      if (!node.process().alive()) {
        violation("no process ends by itself", node.name() + " ended:\n" + node.process().tail());
        cluster.startAll();
      }
    }
  }

  @Override
  public ProcessCluster cluster() {
    return cluster;
  }

  @Override
  public void hold(long millis) throws InterruptedException {
    if (millis > 0) {
      stop.hold(millis); // cut short, the run notices by itself
    }
  }

  @Override
  public boolean comesTrue(long patienceMillis, Callable<Boolean> condition)
      throws InterruptedException {
    long until = time.millis() + patienceMillis;
    while (!stop.isAsked()) {
      try {
        if (condition.call()) {
          return true;
        }
      } catch (InterruptedException interrupted) {
        throw interrupted;
      } catch (Exception away) {
        doing = away.getMessage(); // told in the progress line
      }
      if (time.millis() >= until) {
        return false;
      }
      stop.hold(LOOK_AGAIN_MILLIS);
    }
    return true;
  }

  @Override
  public void killLeaders(Node store) throws IOException, InterruptedException {
    List<ClusterPages.Region> all;
    try {
      all = cluster.pages().regions();
    } catch (IOException away) {
      all = List.of(); // then this kill is not measured
    }
    List<Long> led =
        cluster.pages().replicas(store.statusAddress()).orElse(List.of()).stream()
            .filter(ClusterPages.Replica::leader)
            .map(ClusterPages.Replica::region)
            .toList();
    long at = time.millis();
    store.process().kill();
    workers.killed(all, led, at);
    if (!led.isEmpty()) {
      note(store.name() + " led " + led.size() + (led.size() == 1 ? " region" : " regions"));
    }
  }

  @Override
  public long millis() {
    return time.millis();
  }

  @Override
  public void leadersLeft(long afterMillis) {
    leavings.add(afterMillis);
  }

  /** How long leaders took to leave hung disks, in milliseconds. */
  List<Long> leavings() {
    return List.copyOf(leavings);
  }

  @Override
  public void startAll() throws IOException, InterruptedException {
    cluster.startAll();
  }

  @Override
  public void note(String text) {
    notes.add(text);
  }

  @Override
  public void violation(String promise, String what) {
    lines.accept("      BROKEN: " + promise + ": " + what.lines().findFirst().orElse(""));
    notes.add("broken: " + promise);
    violations.add(new Finding("cluster", promise, false, what, List.of()));
  }

  /** What is being done now, for the progress line. */
  String doing() {
    return doing;
  }

  List<Event> events() {
    synchronized (events) {
      return List.copyOf(events);
    }
  }

  List<Finding> violations() {
    return List.copyOf(violations);
  }
}
