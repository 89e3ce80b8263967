package dev.kittiwake.simulation.fault;

import dev.kittiwake.simulation.time.Machine;
import dev.kittiwake.simulation.world.SimPd;
import dev.kittiwake.simulation.world.SimStore;

/** Processes that end, lose their power or stand still, and come back. See {@link FaultKind}. */
final class ProcessFaults {
  private ProcessFaults() {}

  static void killStore(Stage stage, Fault fault) {
    SimStore store = stage.store(fault.target());
    if (store.machine().isRunning()) {
      store.kill();
      stage.restartLater(store, fault.millis());
    }
  }

  static void cutPower(Stage stage, Fault fault) {
    SimStore store = stage.store(fault.target());
    if (store.machine().isRunning()) {
      store.cutPower();
      stage.restartLater(store, fault.millis());
    }
  }

  static void cutPowerInWrite(Stage stage, Fault fault) {
    SimStore store = stage.store(fault.target());
    if (store.machine().isRunning()) {
      store
          .disk()
          .crashAfter(
              1 + fault.amount(),
              () -> {
                store.cutPower();
                stage.restartLater(store, fault.millis());
              });
    }
  }

  static void cutAllPower(Stage stage, Fault fault) {
    for (SimStore store : stage.world().stores()) {
      if (store.machine().isRunning()) {
        store.cutPower();
        stage.restartLater(store, fault.millis());
      }
    }
    for (SimPd pd : stage.world().pds()) {
      if (pd.machine().isRunning()) {
        pd.cutPower();
        stage.restartLater(pd, fault.millis());
      }
    }
  }

  static void pauseStore(Stage stage, Fault fault) {
    stage.pause(stage.store(fault.target()).machine(), fault.millis());
  }

  static void killPd(Stage stage, Fault fault) {
    SimPd pd = stage.pd(fault.target());
    if (pd.machine().isRunning()) {
      pd.kill();
      stage.restartLater(pd, fault.millis());
    }
  }

  static void cutPdPower(Stage stage, Fault fault) {
    SimPd pd = stage.pd(fault.target());
    if (pd.machine().isRunning()) {
      pd.cutPower();
      stage.restartLater(pd, fault.millis());
    }
  }

  static void pausePd(Stage stage, Fault fault) {
    stage.pause(stage.pd(fault.target()).machine(), fault.millis());
  }

  static void killClient(Stage stage, Fault fault) {
    stage.killClient(fault.target());
  }

  static void pauseClient(Stage stage, Fault fault) {
    stage.pause(stage.client(fault.target()).machine(), fault.millis());
  }

  static void killBetweenSteps(Stage stage, Fault fault) {
    SimStore store = stage.store(fault.target());
    store
        .machine()
        .afterEvents(
            1 + fault.amount() % 1_000,
            () -> {
              store.kill();
              stage.restartLater(store, fault.millis());
            });
  }

  static void pauseBetweenSteps(Stage stage, Fault fault) {
    Machine machine = stage.machine(fault.target());
    machine.afterEvents(1 + fault.amount() % 1_000, () -> stage.pause(machine, fault.millis()));
  }
}
