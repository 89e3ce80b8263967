package dev.kittiwake.cli.chaos.process;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What cluster to put up.
 *
 * @param spares how many stores may be added later
 * @param gates whether a network that can be broken stands between all of them
 * @param disks whether each has a file system of its own
 * @param clocks the library that shifts wall clocks, if they are to be shifted
 * @param smallRegions whether regions are split at 64 KiB, and everything about them is brisk
 * @param settings a configuration file of the stores, if not the small default
 * @param readySeconds how long a process may take to get ready
 */
public record ClusterShape(
    int stores,
    int spares,
    boolean gates,
    boolean disks,
    Optional<Path> clocks,
    boolean smallRegions,
    Optional<Path> settings,
    long readySeconds) {
  public ClusterShape {
    if (stores < 1 || stores + spares > 9) {
      throw new IllegalArgumentException(
          "stores and spares must be 1 to 9, not " + stores + " and " + spares);
    }
  }
}
