package dev.kittiwake.simulation.fault;

import dev.kittiwake.simulation.network.SimNetwork;
import dev.kittiwake.simulation.time.Machine;
import dev.kittiwake.simulation.world.SimStore;

/** Links that pass nothing, late, or in one direction. See {@link FaultKind}. */
final class NetworkFaults {
  private NetworkFaults() {}

  static void cutLink(Stage stage, Fault fault) {
    cut(stage, stage.machine(fault.target()), stage.machine(fault.other()), fault.millis());
    cut(stage, stage.machine(fault.other()), stage.machine(fault.target()), fault.millis());
  }

  static void cutOneWay(Stage stage, Fault fault) {
    cut(stage, stage.machine(fault.target()), stage.machine(fault.other()), fault.millis());
  }

  static void isolate(Stage stage, Fault fault) {
    Machine alone = stage.machine(fault.target());
    for (Machine other : stage.world().machines()) {
      cut(stage, alone, other, fault.millis());
      cut(stage, other, alone, fault.millis());
    }
  }

  static void isolateFromStores(Stage stage, Fault fault) {
    Machine alone = stage.store(fault.target()).machine();
    for (SimStore other : stage.world().stores()) {
      cut(stage, alone, other.machine(), fault.millis());
      cut(stage, other.machine(), alone, fault.millis());
    }
  }

  static void deafOrMute(Stage stage, Fault fault) {
    Machine half = stage.machine(fault.target());
    for (Machine other : stage.world().machines()) {
      cut(
          stage,
          fault.amount() % 2 == 0 ? other : half,
          fault.amount() % 2 == 0 ? half : other,
          fault.millis());
    }
  }

  static void clog(Stage stage, Fault fault) {
    SimNetwork network = stage.world().network();
    network.clog(
        stage.machine(fault.target()), stage.machine(fault.other()), fault.millis() * Stage.MILLI);
  }

  static void swizzle(Stage stage, Fault fault) {
    int machines = stage.world().machines().size();
    for (int i = 0; i < machines; i++) {
      if ((fault.amount() >> i & 1) == 1) {
        Machine one = stage.world().machines().get(i);
        long begin = fault.millis() * i / machines / 2;
        long end = fault.millis() / 2 + fault.millis() * (i * 7 % machines) / machines / 2;
        stage
            .world()
            .time()
            .later(begin * Stage.MILLI, "swizzle", () -> cutAll(stage, one, end - begin));
      }
    }
  }

  static void slowLink(Stage stage, Fault fault) {
    SimNetwork network = stage.world().network();
    Machine from = stage.machine(fault.target());
    Machine to = stage.machine(fault.other());
    network.slow(from, to, (1 + fault.amount()) * Stage.MILLI);
    stage
        .world()
        .time()
        .later(fault.millis() * Stage.MILLI, "link is fast again", () -> network.slow(from, to, 0));
  }

  private static void cut(Stage stage, Machine from, Machine to, long millis) {
    if (from == to) {
      return;
    }
    SimNetwork network = stage.world().network();
    network.cut(from, to);
    stage.world().time().later(millis * Stage.MILLI, "link joined", () -> network.join(from, to));
  }

  private static void cutAll(Stage stage, Machine one, long millis) {
    for (Machine other : stage.world().machines()) {
      cut(stage, one, other, millis);
      cut(stage, other, one, millis);
    }
  }
}
