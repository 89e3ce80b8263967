package dev.kittiwake.pd;

import dev.kittiwake.pd.cluster.Settings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Configuration of one member. Durations carry a unit (ms, s, m, h). Names that are not known are
 * refused.
 *
 * @param name of this member, unique in the cluster
 * @param memberId of this member, positive and unique in the cluster
 * @param listen host:port for gRPC and HTTP, port 0 for any; none: only calls inside this JVM
 * @param advertise URL under which clients reach this member; none: made from {@code listen}
 * @param dataDir none: everything is kept in memory
 * @param clusterId of the cluster that the data must belong to; 0: any
 * @param settings of the schedulers, for the whole cluster, under their full names
 */
public record PdConfig(
    String name,
    long memberId,
    Optional<String> listen,
    Optional<String> advertise,
    Optional<Path> dataDir,
    long clusterId,
    Timing timing,
    Map<String, String> settings) {
  /**
   * @param raftTickMillis ten of these without a leader start an election
   * @param timestampStepMillis how often timestamps follow the clock
   * @param timestampWindowMillis how far ahead a bound of timestamps is saved
   * @param patrolMillis pause between two rounds of the checkers
   */
  public record Timing(
      long raftTickMillis,
      long timestampStepMillis,
      long timestampWindowMillis,
      long patrolMillis,
      int idBlock,
      long snapshotEntries) {
    public static final Timing DEFAULT = new Timing(300, 50, 3_000, 100, 1_000, 10_000);
  }

  public static final int DEFAULT_PORT = 2379;

  public PdConfig {
    settings = new TreeMap<>(settings);
    if (memberId <= 0) {
      throw new IllegalArgumentException("member-id = " + memberId + " must be positive");
    }
    if (name.isBlank()) {
      throw new IllegalArgumentException("name must not be empty");
    }
    Settings.scheduleConfig(Settings.effective(settings, Map.of()));
  }

  /** A member in memory that only this JVM can call: for embedded clusters and tests. */
  public static PdConfig inMemory() {
    return new PdConfig(
        "pd-1",
        1,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        0,
        Timing.DEFAULT,
        Map.of());
  }

  /** A member that listens on {@code host:port}. */
  public PdConfig withListen(String hostAndPort) {
    return new PdConfig(
        name, memberId, Optional.of(hostAndPort), advertise, dataDir, clusterId, timing, settings);
  }

  public PdConfig withAdvertise(String url) {
    return new PdConfig(
        name, memberId, listen, Optional.of(url), dataDir, clusterId, timing, settings);
  }

  public PdConfig withDataDir(Path directory) {
    return new PdConfig(
        name, memberId, listen, advertise, Optional.of(directory), clusterId, timing, settings);
  }

  public PdConfig withClusterId(long id) {
    return new PdConfig(name, memberId, listen, advertise, dataDir, id, timing, settings);
  }

  public PdConfig withTiming(Timing newTiming) {
    return new PdConfig(name, memberId, listen, advertise, dataDir, clusterId, newTiming, settings);
  }

  /** With one setting of the schedulers, e.g. {@code replication.max-replicas}. */
  public PdConfig withSetting(String settingName, String value) {
    TreeMap<String, String> changed = new TreeMap<>(settings);
    changed.put(settingName, value);
    return new PdConfig(name, memberId, listen, advertise, dataDir, clusterId, timing, changed);
  }

  /** Port and directory that a member uses if nothing else is said. */
  public static PdConfig standard() {
    return inMemory().withListen("127.0.0.1:" + DEFAULT_PORT).withDataDir(Path.of("default.pd"));
  }

  /**
   * This configuration with some values replaced, as read from a configuration file.
   *
   * @throws IllegalArgumentException one line that names the setting, its value and what is
   *     possible
   */
  public PdConfig with(Map<String, String> values) {
    Map<String, String> left = new LinkedHashMap<>(values);
    Timing newTiming =
        new Timing(
            millis(left, "raft-tick", timing.raftTickMillis()),
            millis(left, "tso-update-interval", timing.timestampStepMillis()),
            millis(left, "tso-save-interval", timing.timestampWindowMillis()),
            millis(left, "patrol-interval", timing.patrolMillis()),
            (int) number(left, "id-block", timing.idBlock(), 1, 1_000_000),
            number(left, "snapshot-entries", timing.snapshotEntries(), 1, Integer.MAX_VALUE));
    String newName = left.getOrDefault("name", name);
    long newMember = number(left, "member-id", memberId, 1, Long.MAX_VALUE);
    long newCluster = number(left, "cluster-id", clusterId, 0, Long.MAX_VALUE);
    Optional<String> newListen = Optional.ofNullable(left.remove("listen")).or(() -> listen);
    Optional<String> newAdvertise =
        Optional.ofNullable(left.remove("advertise")).or(() -> advertise);
    Optional<Path> newDir =
        Optional.ofNullable(left.remove("data-dir")).map(Path::of).or(() -> dataDir);
    left.remove("name");
    TreeMap<String, String> newSettings = new TreeMap<>(settings);
    left.forEach((key, value) -> newSettings.put(settingName(key), value));
    return new PdConfig(
        newName, newMember, newListen, newAdvertise, newDir, newCluster, newTiming, newSettings);
  }

  private static String settingName(String key) {
    String full = Settings.fullName(key);
    if (full == null) {
      throw new IllegalArgumentException(
          "setting \""
              + key
              + "\" is not known; known are "
              + List.of(
                  "name",
                  "member-id",
                  "listen",
                  "advertise",
                  "data-dir",
                  "cluster-id",
                  "raft-tick",
                  "tso-update-interval",
                  "tso-save-interval",
                  "patrol-interval",
                  "id-block",
                  "snapshot-entries")
              + " and "
              + Settings.effective(Map.of(), Map.of()).keySet());
    }
    return full;
  }

  private static long millis(Map<String, String> values, String key, long otherwise) {
    String value = values.remove(key);
    return value == null ? otherwise : Settings.millis(key, value);
  }

  private static long number(
      Map<String, String> values, String key, long otherwise, long min, long max) {
    String value = values.remove(key);
    if (value == null) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(value.strip());
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          key + " = \"" + value + "\" must be a whole number from " + min + " to " + max, e);
    }
    throw new IllegalArgumentException(
        key + " = \"" + value + "\" must be a whole number from " + min + " to " + max);
  }
}
