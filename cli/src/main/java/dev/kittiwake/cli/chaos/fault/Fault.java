package dev.kittiwake.cli.chaos.fault;

import java.io.IOException;

/** One harm, with everything that was drawn for it. */
public sealed interface Fault
    permits AddStore,
        ClockJump,
        CutConnections,
        DrainStore,
        FsyncError,
        HungDisk,
        FullDisk,
        KillAll,
        KillPd,
        KillStore,
        OneWay,
        Partition,
        PauseNode,
        PowerCut,
        PowerCutAll,
        SlowDisk,
        SlowNetwork,
        StopStore {
  FaultKind kind();

  /** One line for people, with names and times. */
  String describe();

  /**
   * Does the harm, lets it last, and takes it back: afterwards every process runs again.
   *
   * @throws dev.kittiwake.cli.chaos.process.ProcessFailure if a process does not do what it must
   * @throws IOException if the harm itself cannot be done
   */
  void strike(Arena arena) throws IOException, InterruptedException;
}
