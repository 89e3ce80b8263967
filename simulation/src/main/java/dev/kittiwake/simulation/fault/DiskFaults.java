package dev.kittiwake.simulation.fault;

import dev.kittiwake.simulation.world.SimStore;

/** Disks that fail, hang, are full, or lie. See {@link FaultKind}. */
final class DiskFaults {
  private DiskFaults() {}

  static void failForce(Stage stage, Fault fault) {
    SimStore store = stage.store(fault.target());
    store.disk().failForces(1);
    stage.restartIfItDies(store, fault.millis());
  }

  static void slowDisk(Stage stage, Fault fault) {
    SimStore store = stage.store(fault.target());
    store.disk().slow((1 + fault.amount()) * Stage.MILLI);
    stage
        .world()
        .time()
        .later(
            fault.millis() * Stage.MILLI, "disk is fast again", () -> store.disk().slow(500_000));
  }

  static void hangDisk(Stage stage, Fault fault) {
    stage
        .store(fault.target())
        .disk()
        .hangUntil(stage.world().time().now() + fault.millis() * Stage.MILLI);
  }

  static void slowPdDisk(Stage stage, Fault fault) {
    stage
        .pd(fault.target())
        .disk()
        .hangUntil(stage.world().time().now() + fault.millis() * Stage.MILLI);
  }

  static void fullDisk(Stage stage, Fault fault) {
    SimStore store = stage.store(fault.target());
    store.disk().full(true);
    stage.restartIfItDies(store, fault.millis());
    stage
        .world()
        .time()
        .later(fault.millis() * Stage.MILLI, "disk has room", () -> store.disk().full(false));
  }

  static void rotLog(Stage stage, Fault fault) {
    SimStore store = stage.store(fault.target());
    if (stage.losses().mayDamage(store)) {
      store.disk().rot();
    }
  }

  static void misplaceLogWrite(Stage stage, Fault fault) {
    SimStore store = stage.store(fault.target());
    if (stage.losses().mayDamage(store)) {
      store.disk().misplaceNextWrite(fault.amount() % 2 == 0);
    }
  }
}
