package dev.kittiwake.simulation.world;

import dev.kittiwake.client.ClientRuntime;
import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.pd.EndpointPdClient;
import dev.kittiwake.client.pd.PdClient;
import dev.kittiwake.client.raw.AsyncRawClient;
import dev.kittiwake.client.region.RegionRouter;
import dev.kittiwake.simulation.network.SimKvRpc;
import dev.kittiwake.simulation.time.Fiber;
import dev.kittiwake.simulation.time.Machine;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** A process that uses the cluster through the production client. */
public final class SimClient {
  private final World world;
  private final Machine machine;
  private ClusterClient client;
  private AsyncRawClient raw;

  SimClient(World world, Machine machine) {
    this.world = world;
    this.machine = machine;
  }

  public Machine machine() {
    return machine;
  }

  /** Begins to run, knowing nothing. */
  public void start() {
    machine.boot();
    ClientRuntime runtime =
        world.clientRuntime(
            machine, machine.timer("timer"), machine.pool("background"), machine.split());
    PdClient pd =
        EndpointPdClient.of(world.pdEndpoints(machine), world.options().client(), runtime);
    SimKvRpc rpc =
        new SimKvRpc(
            world.calls(),
            machine,
            world::storeAt,
            world.options().client().requestTimeout().toNanos());
    client = new ClusterClient(pd, rpc, world.options().client(), runtime);
    raw = new AsyncRawClient(new RegionRouter(pd, rpc, runtime), world.options().client());
  }

  /** Ends the process where it stands: nothing is given back. */
  public void kill() {
    machine.halt();
    world.calls().ended(machine, false);
  }

  /**
   * The production client. Its blocking calls may be made by a fiber, or by whoever drives the
   * world, between events: time passes then.
   */
  public ClusterClient client() {
    return client;
  }

  /** Raw operations that do not wait. */
  public AsyncRawClient raw() {
    return raw;
  }

  /** Runs {@code work} beside everything else, as a thread of this process. */
  public <T> CompletableFuture<T> run(String name, Callable<T> work) {
    return Fiber.start(machine, name, work);
  }
}
