package dev.kittiwake.simulation.fault;

/** Clocks that run wrong or jump. See {@link FaultKind}. */
final class ClockFaults {
  private ClockFaults() {}

  static void drift(Stage stage, Fault fault) {
    stage.machine(fault.target()).drift(1 + fault.amount() / 1000.0);
  }

  static void jump(Stage stage, Fault fault) {
    stage.machine(fault.target()).jump(fault.amount() * Stage.MILLI);
  }

  static void wildDrift(Stage stage, Fault fault) {
    double rate = Math.pow(4, fault.amount() / (double) (1 << 16)) / 2;
    stage.store(fault.target()).machine().drift(rate);
  }
}
