package dev.kittiwake.simulation.fault;

import dev.kittiwake.client.error.PdUnavailableException;
import dev.kittiwake.simulation.time.Machine;
import dev.kittiwake.simulation.world.SimClient;
import dev.kittiwake.simulation.world.SimPd;
import dev.kittiwake.simulation.world.SimStore;
import dev.kittiwake.simulation.world.World;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.IntConsumer;

/** Carries faults out on a world, and undoes them all when it is healed. */
public final class Stage {
  static final long MILLI = 1_000_000L;

  private final World world;
  private final Operators operators;
  private final IntConsumer killClient;
  private final Map<FaultKind, Integer> struck = new EnumMap<>(FaultKind.class);
  private final Map<SimStore, Long> mayDie = new java.util.LinkedHashMap<>();
  private final Losses losses;
  private final MemberChanges members;
  private boolean healed;

  /**
   * @param killClient ends a client of that number and lets another take its place
   */
  public Stage(World world, Operators operators, IntConsumer killClient) {
    this.world = world;
    this.operators = operators;
    this.killClient = killClient;
    this.losses = new Losses(world);
    this.members = new MemberChanges(world);
    world.onStoreDeath(this::onStoreDeath);
    world.onFailedStart(this::onFailedStart);
  }

  World world() {
    return world;
  }

  Operators operators() {
    return operators;
  }

  Losses losses() {
    return losses;
  }

  MemberChanges members() {
    return members;
  }

  /** How often each kind has struck. */
  public Map<FaultKind, Integer> struck() {
    return struck;
  }

  /** Lets the faults of {@code schedule} happen, beginning now. */
  public void begin(FaultSchedule schedule, Intensities intensities) {
    world.network().weather(intensities.weather());
    world.machines().forEach(machine -> machine.jitter(intensities.jitterNanos()));
    for (Fault fault : schedule.faults()) {
      world
          .time()
          .later(
              fault.atMillis() * MILLI,
              fault.kind().name(),
              () -> {
                if (!healed) {
                  struck.merge(fault.kind(), 1, Integer::sum);
                  fault.kind().strike(this, fault);
                }
              });
    }
  }

  /** Everything works again from now on. */
  public void heal() {
    healed = true;
    world.network().heal();
    world.machines().forEach(machine -> machine.drift(1.0));
    world.machines().forEach(Machine::resume);
    world.pds().forEach(pd -> pd.disk().heal());
    world.stores().forEach(store -> store.disk().heal());
    world.pds().forEach(this::start);
    world.stores().stream().filter(store -> !store.machine().isRunning()).forEach(this::start);
  }

  private void start(SimStore store) {
    if (!store.machine().isRunning() && !world.isGivenUp(store)) {
      store.start();
    }
  }

  private void start(SimPd pd) {
    if (!pd.machine().isRunning() && pd.isMember()) {
      pd.start();
    }
  }

  SimStore store(int number) {
    return world.stores().get(number % world.stores().size());
  }

  SimPd pd(int number) {
    return world.pds().get(number % world.pds().size());
  }

  SimClient client(int number) {
    return world.clients().get(number % world.clients().size());
  }

  Machine machine(int number) {
    return world.machines().get(number % world.machines().size());
  }

  void killClient(int number) {
    killClient.accept(number % world.clients().size());
  }

  void restartLater(SimStore store, long millis) {
    world.time().later(millis * MILLI, "restart " + store.address(), () -> start(store));
  }

  void restartLater(SimPd pd, long millis) {
    world.time().later(millis * MILLI, "restart " + pd.machine().name(), () -> start(pd));
  }

  /** The store's disk is bad: it may end by itself, and is then started after {@code millis}. */
  void restartIfItDies(SimStore store, long millis) {
    mayDie.put(store, millis);
  }

  private void onStoreDeath(SimStore store, Throwable why) {
    Long millis = mayDie.get(store);
    if (losses.isDamaged(store)) {
      world.giveUp(store);
    } else if (millis == null) {
      world.violate("store died", store.address() + " cannot go on: " + why, why);
    } else if (healed) {
      restartLater(store, 2_000);
    } else {
      restartLater(store, Math.max(1_000, millis));
    }
  }

  private void onFailedStart(SimStore store, Throwable why) {
    if (losses.mayGo(store) && !(why instanceof PdUnavailableException)) {
      world.giveUp(store);
    } else if (why instanceof PdUnavailableException || mayDie.containsKey(store)) {
      restartLater(store, 3_000);
    } else {
      world.violate("store does not start", store.address() + ": " + why, why);
    }
  }

  void pause(Machine machine, long millis) {
    machine.pause();
    int life = machine.life();
    world
        .time()
        .later(
            millis * MILLI,
            "resume " + machine.name(),
            () -> {
              if (machine.lives(life)) {
                machine.resume();
              }
            });
  }
}
