package dev.kittiwake.pd;

import dev.kittiwake.pd.cluster.Settings;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

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
    Group group,
    Map<String, String> settings) {
  /**
   * The group that a new member belongs to. Without effect once it has data.
   *
   * @param founders host:port by name, of all first members, the same on each of them; empty: this
   *     member is alone
   * @param join host:port of members of a group that this one is to join; empty: it does not
   */
  public record Group(SortedMap<String, String> founders, List<String> join) {
    public static final Group ALONE = new Group(new TreeMap<>(), List.of());

    public Group {
      founders = Collections.unmodifiableSortedMap(new TreeMap<>(founders));
      join = List.copyOf(join);
      if (!founders.isEmpty() && !join.isEmpty()) {
        throw new IllegalArgumentException(
            "a member either begins a group (initial-cluster) or joins one (join), not both");
      }
    }

    /**
     * Reads {@code a=host:port,b=host:port,c=host:port}.
     *
     * @throws IllegalArgumentException one line that names what is wrong
     */
    public static Group founders(String list) {
      TreeMap<String, String> founders = new TreeMap<>();
      for (String one : list.split(",", -1)) {
        int equals = one.indexOf('=');
        String name = equals < 0 ? "" : one.substring(0, equals).strip();
        String address = equals < 0 ? "" : one.substring(equals + 1).strip();
        if (!NAME.matcher(name).matches() || !ADDRESS.matcher(address).matches()) {
          throw new IllegalArgumentException(
              "initial-cluster: \""
                  + one.strip()
                  + "\" must be name=host:port, for example"
                  + " a=10.0.0.1:2379,b=10.0.0.2:2379,c=10.0.0.3:2379");
        }
        if (founders.containsKey(name) || founders.containsValue(address)) {
          throw new IllegalArgumentException(
              "initial-cluster: \"" + one.strip() + "\" names a member or an address twice");
        }
        founders.put(name, address);
      }
      return new Group(founders, List.of());
    }

    public static Group joining(List<String> addresses) {
      for (String address : addresses) {
        if (!ADDRESS.matcher(address).matches()) {
          throw new IllegalArgumentException(
              "join: \"" + address + "\" must be host:port, for example 10.0.0.1:2379");
        }
      }
      return new Group(new TreeMap<>(), addresses);
    }
  }

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern ADDRESS = Pattern.compile("[^\\s/=,]+:\\d{1,5}");

  /**
   * @param raftTickMillis unit of the times between members
   * @param electionTicks so many ticks without a leader start an election, up to twice as many by
   *     chance; a leader that hears no majority for so long resigns
   * @param timestampStepMillis how often timestamps follow the clock
   * @param timestampWindowMillis how far ahead a bound of timestamps is saved
   * @param maxClockJumpMillis a clock that jumps further ahead is not followed
   * @param patrolMillis pause between two rounds of the checkers
   */
  public record Timing(
      long raftTickMillis,
      int electionTicks,
      long timestampStepMillis,
      long timestampWindowMillis,
      long maxClockJumpMillis,
      long patrolMillis,
      int idBlock,
      long snapshotEntries) {
    public static final Timing DEFAULT =
        new Timing(100, 15, 50, 3_000, 24 * 3_600_000L, 100, 1_000, 10_000);

    public Timing {
      if (electionTicks < 5) {
        throw new IllegalArgumentException(
            "election-timeout = "
                + electionTicks * raftTickMillis
                + "ms must be at least five times raft-tick = "
                + raftTickMillis
                + "ms");
      }
    }

    public Timing withRaft(long tickMillis, int ticksToElection) {
      return new Timing(
          tickMillis,
          ticksToElection,
          timestampStepMillis,
          timestampWindowMillis,
          maxClockJumpMillis,
          patrolMillis,
          idBlock,
          snapshotEntries);
    }

    public Timing withBlocks(int ids, long entriesToSnapshot) {
      return new Timing(
          raftTickMillis,
          electionTicks,
          timestampStepMillis,
          timestampWindowMillis,
          maxClockJumpMillis,
          patrolMillis,
          ids,
          entriesToSnapshot);
    }

    public long electionMillis() {
      return raftTickMillis * electionTicks;
    }

    /**
     * Shorter than the time in which nobody else is elected, by two ticks for clocks that differ.
     */
    public long leaseMillis() {
      return raftTickMillis * (electionTicks - 2);
    }
  }

  public static final int DEFAULT_PORT = 2379;

  public PdConfig {
    settings = new TreeMap<>(settings);
    if (memberId <= 0) {
      throw new IllegalArgumentException("member-id = " + memberId + " must be positive");
    }
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "name = \"" + name + "\" must be 1 to 64 letters, digits, dots, dashes or underscores");
    }
    if (!group.founders().isEmpty() && !group.founders().containsKey(name)) {
      throw new IllegalArgumentException(
          "name = \"" + name + "\" is not in initial-cluster: " + group.founders().keySet());
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
        Group.ALONE,
        Map.of());
  }

  /** A member that listens on {@code host:port}. */
  public PdConfig withListen(String hostAndPort) {
    return new PdConfig(
        name,
        memberId,
        Optional.of(hostAndPort),
        advertise,
        dataDir,
        clusterId,
        timing,
        group,
        settings);
  }

  public PdConfig withAdvertise(String url) {
    return new PdConfig(
        name, memberId, listen, Optional.of(url), dataDir, clusterId, timing, group, settings);
  }

  public PdConfig withDataDir(Path directory) {
    return new PdConfig(
        name,
        memberId,
        listen,
        advertise,
        Optional.of(directory),
        clusterId,
        timing,
        group,
        settings);
  }

  public PdConfig withClusterId(long id) {
    return new PdConfig(name, memberId, listen, advertise, dataDir, id, timing, group, settings);
  }

  public PdConfig withTiming(Timing newTiming) {
    return new PdConfig(
        name, memberId, listen, advertise, dataDir, clusterId, newTiming, group, settings);
  }

  public PdConfig withName(String newName) {
    return new PdConfig(
        newName, memberId, listen, advertise, dataDir, clusterId, timing, group, settings);
  }

  /** One of several members. */
  public PdConfig withGroup(String newName, Group newGroup) {
    return new PdConfig(
        newName, memberId, listen, advertise, dataDir, clusterId, timing, newGroup, settings);
  }

  /**
   * With one setting of the schedulers, e.g. {@code replication.max-replicas}.
   *
   * @throws IllegalArgumentException one line that names the setting, if there is no such, or the
   *     value
   */
  public PdConfig withSetting(String key, String value) {
    TreeMap<String, String> changed = new TreeMap<>(settings);
    changed.put(settingName(key), value);
    return new PdConfig(
        name, memberId, listen, advertise, dataDir, clusterId, timing, group, changed);
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
    long tick = millis(left, "raft-tick", timing.raftTickMillis());
    Timing newTiming =
        new Timing(
            tick,
            (int) (millis(left, "election-timeout", tick * timing.electionTicks()) / tick),
            millis(left, "tso-update-interval", timing.timestampStepMillis()),
            millis(left, "tso-save-interval", timing.timestampWindowMillis()),
            millis(left, "max-clock-jump", timing.maxClockJumpMillis()),
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
    Group newGroup =
        left.containsKey("initial-cluster")
            ? Group.founders(left.remove("initial-cluster"))
            : left.containsKey("join")
                ? Group.joining(List.of(left.remove("join").split("\\s*,\\s*")))
                : group;
    left.remove("name");
    TreeMap<String, String> newSettings = new TreeMap<>(settings);
    left.forEach(
        (key, value) -> {
          String full = settingName(key);
          newSettings.put(full, Settings.accepted(full, value));
        });
    return new PdConfig(
        newName,
        newMember,
        newListen,
        newAdvertise,
        newDir,
        newCluster,
        newTiming,
        newGroup,
        newSettings);
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
                  "initial-cluster",
                  "join",
                  "raft-tick",
                  "election-timeout",
                  "max-clock-jump",
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
