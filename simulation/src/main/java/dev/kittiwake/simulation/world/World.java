package dev.kittiwake.simulation.world;

import dev.kittiwake.client.ClientRuntime;
import dev.kittiwake.proto.detector.ReportRequest;
import dev.kittiwake.proto.detector.ReportResponse;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.proto.rpc.PdEndpoint;
import dev.kittiwake.simulation.network.SimCalls;
import dev.kittiwake.simulation.network.SimNetwork;
import dev.kittiwake.simulation.network.SimPdEndpoint;
import dev.kittiwake.simulation.time.Machine;
import dev.kittiwake.simulation.time.SimAwait;
import dev.kittiwake.simulation.time.VirtualTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * A cluster and its surroundings in one thread. Everything that happens follows from the seed and
 * from what the owner does between events. To be closed: that ends the threads of waiting callers.
 */
public final class World implements AutoCloseable {
  private final long seed;
  private final Options options;
  private final VirtualTime time = new VirtualTime();
  private final SplittableRandom random;
  private final SimNetwork network;
  private final SimCalls calls;
  private final List<Machine> machines = new ArrayList<>();
  private final List<SimPd> pds = new ArrayList<>();
  private final List<SimStore> stores = new ArrayList<>();
  private final List<SimClient> clients = new ArrayList<>();
  private final Map<Machine, List<PdEndpoint>> pdDoors = new LinkedHashMap<>(); // of its last life
  private final List<Violation> violations = new ArrayList<>();
  private final Set<SimStore> givenUp = new LinkedHashSet<>();
  private long newestTimestamp; // of all that were handed out
  private StoreDeath onStoreDeath = (store, why) -> {};
  private StoreDeath onFailedStart = (store, why) -> {};

  /** Hears that a store cannot go on. */
  public interface StoreDeath {
    void died(SimStore store, Throwable why);
  }

  public World(long seed, Options options) {
    this.seed = seed;
    this.options = options;
    this.random = new SplittableRandom(seed);
    this.network = new SimNetwork(time, random.split());
    this.calls = new SimCalls(network);
    time.onFailure(
        (machine, what, failure) ->
            violate("uncaught", machine.name() + " " + what + ": " + failure, failure));
    for (int i = 1; i <= options.pds(); i++) {
      pds.add(new SimPd(this, machine("pd-" + i), true));
    }
    for (int i = 1; i <= options.stores(); i++) {
      addStore();
    }
  }

  private Machine machine(String name) {
    Machine machine = new Machine(time, machines.size(), name, random.split());
    machines.add(machine);
    return machine;
  }

  /** One more member of the placement driver, which has not asked yet to be let in. */
  public SimPd addPd() {
    SimPd pd = new SimPd(this, machine("pd-" + (pds.size() + 1)), false);
    pds.add(pd);
    pdDoors.forEach((from, doors) -> doors.add(door(from, pd)));
    return pd;
  }

  /** One more store, not yet started. */
  public SimStore addStore() {
    SimStore store = new SimStore(this, machine("store-" + (stores.size() + 1)));
    stores.add(store);
    return store;
  }

  /** One more client, not yet started. */
  public SimClient addClient() {
    SimClient client = new SimClient(this, machine("client-" + (clients.size() + 1)));
    clients.add(client);
    return client;
  }

  /** Starts all members and stores. */
  public void start() {
    pds.forEach(SimPd::start);
    stores.forEach(SimStore::start);
  }

  public long seed() {
    return seed;
  }

  public Options options() {
    return options;
  }

  public VirtualTime time() {
    return time;
  }

  public SimNetwork network() {
    return network;
  }

  public SimCalls calls() {
    return calls;
  }

  /** Chance for whoever drives the world. */
  public RandomGenerator split() {
    return random.split();
  }

  public List<Machine> machines() {
    return machines;
  }

  public List<SimPd> pds() {
    return pds;
  }

  public List<SimStore> stores() {
    return stores;
  }

  public List<SimClient> clients() {
    return clients;
  }

  // ---- what machines find each other by ----

  /** The store of that id in the cluster; null if there is none. */
  public SimStore storeById(long id) {
    for (SimStore store : stores) {
      if (store.id() == id) {
        return store;
      }
    }
    return null;
  }

  SimStore storeAt(String address) {
    for (SimStore store : stores) {
      if (store.address().equals(address)) {
        return store;
      }
    }
    return null;
  }

  /** The members as {@code from} reaches them. The list grows with them: members tell of others. */
  List<PdEndpoint> pdEndpoints(Machine from) {
    List<PdEndpoint> doors = new ArrayList<>();
    pds.forEach(pd -> doors.add(door(from, pd)));
    pdDoors.put(from, doors);
    return doors;
  }

  private PdEndpoint door(Machine from, SimPd pd) {
    return new SimPdEndpoint(calls, from, pd.machine(), pd::endpoint);
  }

  ClientRuntime clientRuntime(
      Machine machine,
      ScheduledExecutorService timer,
      Executor background,
      RandomGenerator chance) {
    return new ClientRuntime(
        machine::nanos, timer, background, chance, new SimAwait(time), () -> {});
  }

  CompletableFuture<ReportResponse> reportDeadlock(
      Machine from, String address, ReportRequest request) {
    SimStore store = storeAt(address);
    if (store == null) {
      return CompletableFuture.failedFuture(new IllegalStateException("no store at " + address));
    }
    return calls.call(
        from, store.machine(), "deadlock", request, store::report, 3_000_000_000L, answer -> true);
  }

  // ---- time ----

  /** Lets so much time pass. */
  public void run(long millis) {
    time.run(millis * 1_000_000);
    check();
  }

  /** Lets time pass until {@code condition} holds. */
  public void until(String what, long seconds, BooleanSupplier condition) {
    boolean holds =
        time.runUntil(
            seconds * 1_000_000_000L, () -> !violations.isEmpty() || condition.getAsBoolean());
    check();
    if (!holds) {
      throw new AssertionError("not within " + seconds + " simulated seconds: " + what);
    }
  }

  /** The value of {@code future}, after as much time as it needs. */
  public <T> T await(CompletableFuture<T> future) {
    until("an answer", 600, future::isDone);
    return future.join();
  }

  // ---- what the world sees ----

  /**
   * The process of a store has ended: those it was connected to come to notice.
   *
   * @param silently its machine cannot tell them
   */
  void connectionsLost(SimStore gone, boolean silently) {
    for (SimStore other : stores) {
      if (other != gone && gone.id() != 0 && other.machine().isRunning()) {
        long nanos = silently ? network.noticeDelay() : network.delay();
        other.machine().later(nanos, "connection lost", () -> other.connectionLost(gone.id()));
      }
    }
  }

  /** A member has just given these timestamps to somebody. */
  void handedOut(SimPd member, int count, long largest) {
    if (!Timestamp.isAfter(largest - count + 1, newestTimestamp)) {
      violate(
          "timestamps increase",
          member.machine().name()
              + " gives "
              + Timestamp.toString(largest - count + 1)
              + " when "
              + Timestamp.toString(newestTimestamp)
              + " has been given",
          null);
    }
    newestTimestamp = largest;
  }

  /** The store will not come back: its log is damaged, or it was told to leave and has. */
  public void giveUp(SimStore store) {
    givenUp.add(store);
  }

  public boolean isGivenUp(SimStore store) {
    return givenUp.contains(store);
  }

  // ---- violations ----

  /** Something happened that must never happen. */
  public void violate(String rule, String detail, Throwable cause) {
    violations.add(new Violation(time.now(), rule, detail, cause));
  }

  public List<Violation> violations() {
    return violations;
  }

  /**
   * @throws AssertionError the first violation
   */
  public void check() {
    if (!violations.isEmpty()) {
      Violation first = violations.get(0);
      throw new AssertionError(first.toString(), first.cause());
    }
  }

  /** Who hears of stores that cannot go on. */
  public void onStoreDeath(StoreDeath listener) {
    onStoreDeath = listener;
  }

  /** Who hears of stores that could not start, e.g. because no member of PD answered. */
  public void onFailedStart(StoreDeath listener) {
    onFailedStart = listener;
  }

  void storeCouldNotStart(SimStore store, Throwable why) {
    onFailedStart.died(store, why);
  }

  void storeDied(SimStore store, Throwable why) {
    onStoreDeath.died(store, why);
  }

  /** Ends everything. */
  @Override
  public void close() {
    machines.forEach(Machine::halt);
    time.close();
  }
}
