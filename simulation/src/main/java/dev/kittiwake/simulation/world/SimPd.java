package dev.kittiwake.simulation.world;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kittiwake.pd.PdConfig;
import dev.kittiwake.pd.PdServer;
import dev.kittiwake.pd.cluster.PdRuntime;
import dev.kittiwake.pd.replica.Identity;
import dev.kittiwake.proto.pdstore.JoinResponse;
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
  private final boolean isFounder;
  private SimDisk disk;
  private PdServer server; // null while the machine is off
  private Throwable died;
  private boolean admitted; // without effect on founders
  private boolean toldToLeave;
  private boolean lostDisk;
  private boolean gone; // the group does not take it any more

  SimPd(World world, Machine machine, boolean isFounder) {
    this.world = world;
    this.machine = machine;
    this.disk = new SimDisk(machine.split());
    this.isFounder = isFounder;
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

  /** Whether it may run: it was let in, and has not been told that it is out. */
  public boolean isMember() {
    return (isFounder || admitted) && !gone;
  }

  /** It was asked to leave; whether it did is not known. */
  public boolean isToldToLeave() {
    return toldToLeave;
  }

  /** Has the member that leads let this one go. */
  public void dismissBy(SimPd leader) {
    toldToLeave = true;
    leader.machine.later(
        0,
        "dismiss",
        () -> {
          if (leader.server != null) {
            leader.server.dismiss(disk.memberId());
          }
        });
  }

  /** Asks {@code leader} to be let in, and starts if it is; nothing comes of it else. */
  public void joinAt(SimPd leader, Identity asking) {
    leader.machine.later(
        world.network().delay(),
        "join",
        () -> {
          if (leader.server != null) {
            leader.server.admit(asking.record(url())).thenAccept(answer -> begin(asking, answer));
          }
        });
  }

  private void begin(Identity asking, JoinResponse answer) {
    if (admitted) {
      return; // it asked twice
    }
    admitted = true;
    try {
      disk.keepIdentity(
          asking.admitted(answer.getMemberId(), answer.getFounding(), answer.getClusterId()));
    } catch (IOException impossible) {
      throw new IllegalStateException("a disk that nobody has touched fails", impossible);
    }
    world.time().later(world.network().delay(), "join " + machine.name(), this::start);
  }

  private String url() {
    return "http://" + machine.name() + ":2379";
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
      server.failed().thenAccept(why -> ended(storage, why));
    } catch (IOException unreadable) {
      dies(unreadable);
    }
  }

  /** It ended by itself: rightly if its disk fails or is another one, or if it was to leave. */
  private void ended(SimPdStorage storage, Throwable why) {
    if (storage.failed().isDone()) {
      return; // it dies of that
    }
    String reason = String.valueOf(why.getMessage());
    boolean rightly =
        toldToLeave && reason.contains("has left the group")
            || lostDisk && reason.contains("does not have the data that it had");
    if (!rightly) {
      world.violate("member ended", machine.name() + ": " + why, why);
    }
    gone = true;
    dies(why);
  }

  private PdConfig config() {
    PdConfig config = world.options().pd().withAdvertise(url());
    if (world.options().pds() == 1 || !isFounder) {
      return config;
    }
    TreeMap<String, String> founders = new TreeMap<>();
    for (SimPd pd : world.pds()) {
      if (pd.isFounder) {
        founders.put(pd.machine.name(), pd.machine.name() + ":2379");
      }
    }
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

  /** Ends the process; when it starts again, its disk is new and empty. */
  public void loseDisk() {
    kill();
    disk = new SimDisk(machine.split());
    lostDisk = true;
  }

  private void dies(Throwable why) {
    if (died == null && machine.isRunning()) {
      died = why;
      machine.later(1_000_000, "exit", this::kill);
    }
  }
}
