package dev.kittiwake.simulation.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kittiwake.client.Await;
import dev.kittiwake.client.error.UndeterminedException;
import dev.kittiwake.client.pd.RegionRoute;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.client.txn.TransactionOptions;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.proto.eraftpb.ConfChangeType;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.PeerRole;
import dev.kittiwake.proto.pdpb.ChangePeer;
import dev.kittiwake.proto.pdpb.GetMembersRequest;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import dev.kittiwake.proto.pdpb.TransferLeader;
import dev.kittiwake.proto.rpc.PdMethod;
import dev.kittiwake.simulation.disk.SimDisk;
import dev.kittiwake.simulation.time.Machine;
import dev.kittiwake.simulation.world.Options;
import dev.kittiwake.simulation.world.SimClient;
import dev.kittiwake.simulation.world.SimPd;
import dev.kittiwake.simulation.world.SimStore;
import dev.kittiwake.simulation.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A cluster for stories: stores and members are called by number, from 1; what a step needs of time
 * passes within it. Raw keys and transactional keys are different worlds, as in production.
 *
 * <p>Steps are taken by the test, between events. What shall go on beside them is started with
 * {@link #beside} or through {@link #client()}{@code .raw()}, and its future looked at later.
 */
public final class Scenario implements AutoCloseable {
  private static final long SECONDS = 60;

  private final World world;
  private final SimClient client;

  private Scenario(long seed, Options options) {
    world = new World(seed, options);
    client = world.addClient();
  }

  /** A cluster of so many stores and one placement driver, with a voter on up to three of them. */
  public static Scenario of(int stores) {
    return of(Options.STANDARD.withStores(stores));
  }

  public static Scenario of(Options options) {
    return of(4711, options);
  }

  /** The seed decides delays and election timeouts; a story should hold for any. */
  public static Scenario of(long seed, Options options) {
    Scenario scenario = new Scenario(seed, options);
    scenario.world.start();
    scenario.client.start();
    scenario.untilReplicated();
    return scenario;
  }

  // ---- parts ----

  public World world() {
    return world;
  }

  public SimClient client() {
    return client;
  }

  /** One more client process, running. */
  public SimClient newClient() {
    SimClient another = world.addClient();
    another.start();
    return another;
  }

  public SimStore store(int number) {
    return world.stores().get(number - 1);
  }

  public SimPd pd(int number) {
    return world.pds().get(number - 1);
  }

  public SimDisk disk(int store) {
    return store(store).disk();
  }

  /** The number of a store, as the steps take it. */
  public int number(SimStore store) {
    return world.stores().indexOf(store) + 1;
  }

  /** One more store, running. */
  public int addStore() {
    SimStore store = world.addStore();
    store.start();
    until("the new store has joined", () -> store.access() != null);
    return number(store);
  }

  // ---- time ----

  public void advance(long millis) {
    world.run(millis);
  }

  public void until(String what, BooleanSupplier condition) {
    world.until(what, SECONDS, condition);
  }

  public void until(String what, long seconds, BooleanSupplier condition) {
    world.until(what, seconds, condition);
  }

  public <T> T await(CompletableFuture<T> future) {
    return world.await(future);
  }

  /** Runs {@code work}, which may block, as a thread of the client while the story goes on. */
  public <T> CompletableFuture<T> beside(Callable<T> work) {
    return client.run("beside", work);
  }

  // ---- processes ----

  /** kill -9. */
  public void kill(int store) {
    store(store).kill();
  }

  /** The machine loses its power, and what it had not synced. */
  public void powerCut(int store) {
    store(store).cutPower();
  }

  /** Starts a store again; returns at once. */
  public void restart(int store) {
    store(store).start();
  }

  public void pause(int store) {
    store(store).machine().pause();
  }

  public void resume(int store) {
    store(store).machine().resume();
  }

  /** The store's clock runs at this rate from now on; 1 is right. */
  public void drift(int store, double rate) {
    store(store).machine().drift(rate);
  }

  /** The number of the placement driver's member that leads; waits until there is one. */
  public int leadingPd() {
    String name =
        await(
                client
                    .client()
                    .pd()
                    .call(PdMethod.GET_MEMBERS, GetMembersRequest.getDefaultInstance()))
            .getLeader()
            .getName();
    for (int i = 1; i <= world.pds().size(); i++) {
      if (pd(i).machine().name().equals(name) || world.pds().size() == 1) {
        return i;
      }
    }
    throw new AssertionError("\"" + name + "\" leads, which is no member");
  }

  // ---- network ----

  /** Nothing passes between the two stores, in neither direction. */
  public void cut(int one, int other) {
    oneWay(one, other);
    oneWay(other, one);
  }

  /** Nothing that {@code from} sends reaches {@code to}; the other direction works. */
  public void oneWay(int from, int to) {
    world.network().cut(store(from).machine(), store(to).machine());
  }

  /** Cuts the store off from every other machine. */
  public void isolate(int store) {
    isolate(store(store).machine());
  }

  public void isolate(Machine machine) {
    for (Machine other : world.machines()) {
      if (other != machine) {
        world.network().cut(machine, other);
        world.network().cut(other, machine);
      }
    }
  }

  /** Cuts the store off from the other stores; clients and the placement driver reach it. */
  public void isolateFromStores(int store) {
    for (int other = 1; other <= world.stores().size(); other++) {
      if (other != store) {
        cut(store, other);
      }
    }
  }

  /** Makes all links good again, of all machines. */
  public void heal() {
    world.network().heal();
  }

  // ---- data ----

  public static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  public static String text(byte[] value) {
    return value == null ? null : new String(value, UTF_8);
  }

  /** Writes, again if nobody knows whether it happened, until it has. */
  public void put(String key, String value) {
    for (int i = 0; i < 20; i++) {
      try {
        await(client.raw().put(bytes(key), bytes(value), 0));
        return;
      } catch (CompletionException failure) {
        if (!(Await.unwrap(failure) instanceof UndeterminedException)) {
          throw failure;
        }
      }
    }
    throw new AssertionError("nobody knows whether " + key + " was written");
  }

  public String get(String key) {
    return text(await(client.raw().get(bytes(key))));
  }

  /** A pessimistic transaction, committed at the end. */
  public void txn(Consumer<Transaction> work) {
    txn(TransactionOptions.pessimistic(), work);
  }

  public void txn(TransactionOptions options, Consumer<Transaction> work) {
    try (Transaction transaction = client.client().transactions().begin(options)) {
      work.accept(transaction);
      transaction.commit();
    }
    world.check();
  }

  /** The committed value of a transactional key now. */
  public String read(String key) {
    return text(client.client().transactions().latestSnapshot().get(bytes(key)));
  }

  // ---- regions ----

  /** All regions as the placement driver knows them, in key order. */
  public List<RegionRoute> regions() {
    return await(client.client().pd().scanRegions(new byte[0], new byte[0], 0));
  }

  /** Every store that takes itself for the leader of the region that holds the raw key. */
  public List<SimStore> leaders(String key) {
    List<SimStore> found = new ArrayList<>();
    for (SimStore store : world.stores()) {
      if (store.machine().isRunning() && !store.machine().isPaused() && store.access() != null) {
        for (RegionView view : store.access().regions()) {
          if (view.leader() && view.contains(Key.of(key))) {
            found.add(store);
          }
        }
      }
    }
    return found;
  }

  /** The number of the one store that leads the key's region; waits until there is one. */
  public int leaderOf(String key) {
    until("one leader of " + key, () -> leaders(key).size() == 1);
    return number(leaders(key).get(0));
  }

  /** What a store knows of the region that holds the raw key; null if it has no replica. */
  public RegionView viewOf(int store, String key) {
    if (store(store).access() != null) {
      for (RegionView view : store(store).access().regions()) {
        if (view.contains(Key.of(key))) {
          return view;
        }
      }
    }
    return null;
  }

  /** Begins a new region at the transactional key. */
  public void split(String key) {
    client.client().splitRegions(List.of(bytes(key)), false);
    world.check();
  }

  /** Asks the leader of the raw key's region to hand over to a store; waits until it has. */
  public void transfer(String key, int toStore) {
    for (int i = 0; i < SECONDS * 5; i++) {
      List<SimStore> now = leaders(key);
      if (now.contains(store(toStore)) && now.size() == 1) {
        return;
      }
      now.forEach(leader -> askTransfer(leader, key, toStore));
      advance(200);
    }
    throw new AssertionError("store " + toStore + " does not come to lead " + key);
  }

  private void askTransfer(SimStore leader, String key, int toStore) {
    RegionView view = viewOf(number(leader), key);
    Peer peer = peerOn(view, toStore);
    if (peer != null) {
      step(leader, view, b -> b.setTransferLeader(TransferLeader.newBuilder().setPeer(peer)));
    }
  }

  /** Sends the leader of the raw key's region a step, as if the placement driver had. */
  public void step(String key, Consumer<RegionHeartbeatResponse.Builder> fill) {
    SimStore leader = store(leaderOf(key));
    step(leader, viewOf(number(leader), key), fill);
  }

  private static void step(
      SimStore leader, RegionView view, Consumer<RegionHeartbeatResponse.Builder> fill) {
    RegionHeartbeatResponse.Builder step =
        RegionHeartbeatResponse.newBuilder()
            .setRegionId(view.regionId())
            .setRegionEpoch(view.region().getRegionEpoch());
    fill.accept(step);
    leader.machine().later(0, "step", () -> leader.node().store().onPlacementStep(step.build()));
  }

  /** The peer of the region on a store; null if none. */
  public Peer peerOn(RegionView view, int store) {
    for (Peer peer : view.region().getPeersList()) {
      if (peer.getStoreId() == store(store).id()) {
        return peer;
      }
    }
    return null;
  }

  /** Proposes a simple change of the region's members, as if the placement driver had. */
  public void changePeer(String key, ConfChangeType type, Peer peer) {
    step(key, b -> b.setChangePeer(ChangePeer.newBuilder().setChangeType(type).setPeer(peer)));
  }

  /** Waits until every region has as many voters as it should, each known to all stores. */
  public void untilReplicated() {
    int wanted = Math.min(3, world.options().stores());
    until("every region has " + wanted + " voters", () -> isReplicated(wanted));
  }

  private boolean isReplicated(int wanted) {
    int seen = 0;
    for (SimStore store : world.stores()) {
      if (store.access() == null) {
        continue;
      }
      for (RegionView view : store.access().regions()) {
        if (view.leader()) {
          seen++;
          long voters =
              view.region().getPeersList().stream()
                  .filter(peer -> peer.getRole() == PeerRole.Voter)
                  .count();
          if (voters != wanted || view.region().getPeersCount() != wanted) {
            return false;
          }
        }
      }
    }
    return seen > 0;
  }

  @Override
  public void close() {
    world.close();
  }
}
