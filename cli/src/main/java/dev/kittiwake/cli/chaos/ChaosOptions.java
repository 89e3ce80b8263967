package dev.kittiwake.cli.chaos;

import dev.kittiwake.cli.chaos.fault.FaultKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What to do.
 *
 * @param against addresses of a placement driver; empty to start a cluster of our own
 * @param minutes how long, unless {@code rounds} says how many faults
 * @param rounds how many faults; 0 if {@code minutes} counts
 * @param brisk no pauses between faults, and short ones
 * @param spares stores that may be added
 * @param smallRegions regions of 64 KiB, and everything about them brisk
 * @param ledgerKeys how many keys of about 1 KiB the ledger's clients keep
 * @param clients of each key-value load
 * @param pauseMillis about how long such a client waits between two actions
 * @param fullScale TPC-C's real size of a warehouse instead of a small one
 * @param data where the processes keep their data; empty for a temporary place
 * @param patienceSeconds how long the cluster may take to recover from one fault
 */
public record ChaosOptions(
    List<String> against,
    double minutes,
    int rounds,
    boolean brisk,
    long seed,
    Set<FaultKind> faults,
    Set<String> workloads,
    int stores,
    int spares,
    boolean smallRegions,
    int ledgerKeys,
    int warehouses,
    int terminals,
    int clients,
    long pauseMillis,
    boolean fullScale,
    Optional<Path> settings,
    Optional<Path> data,
    Path report,
    long patienceSeconds) {
  /** Names of all workloads. */
  public static final List<String> WORKLOADS =
      List.of("tpcc", "register", "append", "append-locking", "bank", "set", "ledger");

  public ChaosOptions {
    against = List.copyOf(against);
    faults = Set.copyOf(faults);
    workloads = Set.copyOf(workloads);
    require(rounds >= 0, "--rounds must not be negative, but is " + rounds);
    require(
        rounds > 0 || minutes > 0 && minutes <= 7 * 24 * 60,
        "--minutes must be above 0 and at most a week, not " + minutes);
    require(stores >= 1 && stores <= 9, "--stores must be 1 to 9, not " + stores);
    require(
        spares >= 0 && stores + spares <= 9,
        "--stores and --spares must be 9 at most, not " + stores + " and " + spares);
    require(
        spares > 0 || faults.stream().noneMatch(FaultKind::needsSpares),
        "add-store and drain-store need --spares");
    require(
        ledgerKeys >= 1_000 && ledgerKeys <= 10_000_000,
        "--ledger-keys must be 1000 to 10000000, not " + ledgerKeys);
    require(clients >= 1 && clients <= 64, "--clients must be 1 to 64, not " + clients);
    require(terminals >= 1 && terminals <= 256, "--terminals must be 1 to 256, not " + terminals);
    require(
        warehouses >= 1 && warehouses <= 100, "--warehouses must be 1 to 100, not " + warehouses);
    require(pauseMillis >= 0 && pauseMillis <= 60_000, "--client-pause must be at most a minute");
    require(patienceSeconds >= 5 && patienceSeconds <= 3_600, "--patience must be 5s to 1h");
    for (String workload : workloads) {
      require(
          WORKLOADS.contains(workload),
          "there is no workload '"
              + workload
              + "': choose of all, "
              + String.join(", ", WORKLOADS));
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  boolean ownCluster() {
    return against.isEmpty();
  }
}
