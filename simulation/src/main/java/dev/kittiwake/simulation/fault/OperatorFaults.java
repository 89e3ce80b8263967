package dev.kittiwake.simulation.fault;

import dev.kittiwake.simulation.world.SimStore;

/**
 * What operators do to regions, stores and members under way. No faults, but as hard to bear. See
 * {@link FaultKind}.
 */
final class OperatorFaults {
  private OperatorFaults() {}

  static void split(Stage stage, Fault fault) {
    stage.operators().split(fault.amount());
  }

  static void transfer(Stage stage, Fault fault) {
    stage.operators().transfer(fault.amount(), fault.target());
  }

  static void addPeer(Stage stage, Fault fault) {
    stage.operators().addPeer(fault.amount(), fault.target());
  }

  static void removePeer(Stage stage, Fault fault) {
    if (!stage.losses().forbidRemovals()) {
      stage.operators().removePeer(fault.amount(), fault.target());
    }
  }

  static void merge(Stage stage, Fault fault) {
    stage.operators().merge(fault.amount());
  }

  static void addStore(Stage stage, Fault fault) {
    SimStore store = stage.losses().newcomer();
    if (store != null) {
      store.start();
    }
  }

  static void drainStore(Stage stage, Fault fault) {
    stage.losses().drain(stage.store(fault.target()));
  }

  static void addMember(Stage stage, Fault fault) {
    stage.members().join(fault.amount());
  }

  static void removeMember(Stage stage, Fault fault) {
    stage.members().dismiss(fault.target());
  }
}
