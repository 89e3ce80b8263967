package dev.kittiwake.cli.chaos.ability;

/** Something that faults need of the host. */
public enum Ability {
  /** Signals to processes that we started. */
  SIGNALS,
  /** Finding out which process has opened a connection. */
  SOCKET_OWNERS,
  /** Tracing a process and changing what its syncs return. */
  SYNC_TROUBLE,
  /** File systems of our own on loop devices. */
  LOOP_DISKS,
  /** Cutting the power of such a file system. */
  POWER_CUT,
  /** Shifting the wall clock of a process. */
  CLOCKS
}
