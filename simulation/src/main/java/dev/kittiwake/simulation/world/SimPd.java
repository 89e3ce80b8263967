package dev.kittiwake.simulation.world;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kittiwake.pd.PdConfig;
import dev.kittiwake.pd.PdServer;
import dev.kittiwake.pd.cluster.PdRuntime;
import dev.kittiwake.proto.pdstore.MemberRecord;
import dev.kittiwake.proto.pdstore.PeerEnvelope;
import dev.kittiwake.proto.rpc.PdEndpoint;
import dev.kittiwake.simulation.disk.SimDisk;
import dev.kittiwake.simulation.disk.SimPdStorage;
import dev.kittiwake.simulation.network.SimNetwork;
import dev.kittiwake.simulation.time.Lane;
import dev.kittiwake.simulation.time.Machine;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;

/** A member of the placement driver on a machine of its own, with the disk that outlives it. */
public final class SimPd {
  private final World world;
  private final Machine machine;
  private final SimDisk disk;
  private PdServer server; // null while the machine is off
  private Throwable died;

  SimPd(World world, Machine machine) {
    this.world = world;
    this.machine = machine;
    this.disk = new SimDisk(machine.split());
  }

  public Machine machine() {
    return machine;
  }

  public SimDisk disk() {
    return disk;
  }

  /** The production member; null while it does not run. */
  public PdServer server() {
    return server;
  }

  /** Why the last life ended by itself; null if it did not. */
  public Throwable died() {
    return died;
  }

  PdEndpoint endpoint() {
    return server == null
        ? null
        : new WatchedPd(server.endpoint(), (count, ts) -> world.handedOut(this, count, ts));
  }

  public void start() {
    machine.boot();
    disk.boot();
    died = null;
    machine.onHalt(() -> server = null);
    Lane writer = machine.lane("pd-log");
    try {
      SimPdStorage storage =
          new SimPdStorage(
              disk,
              task -> writer.executeAfter(disk.forceDelay(machine.time().now()), task),
              machine::nanos);
      storage.failed().thenAccept(this::dies);
      server =
          PdServer.start(
              config(),
              new PdRuntime(
                  machine.timer("pd-loop"), machine.clock(), machine::nanos, machine.split()),
              storage,
              this::send);
    } catch (IOException unreadable) {
      dies(unreadable);
    }
  }

  private PdConfig config() {
    PdConfig config = world.options().pd().withAdvertise("http://" + machine.name() + ":2379");
    if (world.pds().size() == 1) {
      return config;
    }
    TreeMap<String, String> founders = new TreeMap<>();
    world.pds().forEach(pd -> founders.put(pd.machine.name(), pd.machine.name() + ":2379"));
    return config.withGroup(machine.name(), new PdConfig.Group(founders, List.of()));
  }

  /** Carries an envelope to another member; may lose, repeat and delay it. */
  private void send(MemberRecord to, PeerEnvelope envelope) {
    for (SimPd other : world.pds()) {
      if (!other.machine.name().equals(to.getName())) {
        continue;
      }
      byte[] bytes = envelope.toByteArray();
      SimNetwork network = world.network();
      long at = machine.isRunning() ? network.routeInOrder(machine, other.machine) : -1;
      if (at >= 0) {
        world.time().deliver(at, other.machine, "pd raft", () -> other.receive(bytes));
        if (network.chance(network.weather().repeat())) {
          world
              .time()
              .deliver(at + network.delay(), other.machine, "pd raft", () -> other.receive(bytes));
        }
      }
    }
  }

  private void receive(byte[] bytes) {
    try {
      if (server != null) {
        server.receive(PeerEnvelope.parseFrom(bytes));
      }
    } catch (InvalidProtocolBufferException unreadable) {
      throw new IllegalStateException("cannot read what was just written", unreadable);
    }
  }

  /** Ends the process between two events, as kill -9 does. */
  public void kill() {
    machine.halt();
    world.calls().ended(machine, false);
  }

  /** Ends the process, and takes what was not synced. */
  public void cutPower() {
    machine.halt();
    disk.losePower();
    world.calls().ended(machine, true);
  }

  private void dies(Throwable why) {
    if (died == null && machine.isRunning()) {
      died = why;
      machine.later(1_000_000, "exit", this::kill);
    }
  }
}
