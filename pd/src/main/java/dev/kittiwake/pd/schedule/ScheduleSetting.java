package dev.kittiwake.pd.schedule;

import java.util.Locale;

/**
 * Every setting of scheduling, for the whole cluster: its name, its default, its value in the fast
 * test profile, its limits. Durations are written like {@code 10s}, sizes like {@code 8MiB}.
 */
public enum ScheduleSetting {
  MAX_REPLICAS("replication", Kind.COUNT, "3", "3", 1, 9, "wanted replicas of a region"),
  LOCATION_LABELS(
      "replication",
      Kind.TEXT,
      "",
      "",
      "labels of stores from wide to narrow, e.g. zone,rack,host"),
  ISOLATION_LEVEL(
      "replication", Kind.TEXT, "", "", "label that all replicas must differ in; empty = none"),
  ENABLE_PLACEMENT_RULES(
      "replication", Kind.BOOL, "true", "true", "rules place replicas; else only the two above"),
  MAX_STORE_DOWN_TIME(
      "schedule",
      Kind.DURATION,
      "30m",
      "3s",
      1,
      Kind.MONTH,
      "silent for so long, a store's replicas are replaced"),
  STORE_DISCONNECTED_TIME(
      "schedule",
      Kind.DURATION,
      "20s",
      "1s",
      1,
      Kind.MONTH,
      "silent for so long, a store gets nothing new"),
  LEADER_SCHEDULE_LIMIT(
      "schedule", Kind.COUNT, "4", "4", 0, 1 << 20, "leader moves at a time; 0 = none"),
  REGION_SCHEDULE_LIMIT(
      "schedule", Kind.COUNT, "2048", "2048", 0, 1 << 20, "replica moves at a time; 0 = none"),
  REPLICA_SCHEDULE_LIMIT(
      "schedule", Kind.COUNT, "64", "64", 0, 1 << 20, "replica repairs at a time; 0 = none"),
  MERGE_SCHEDULE_LIMIT("schedule", Kind.COUNT, "8", "8", 0, 1 << 20, "merges at a time; 0 = none"),
  HOT_REGION_SCHEDULE_LIMIT(
      "schedule", Kind.COUNT, "4", "4", 0, 1 << 20, "moves of hot regions at a time; 0 = none"),
  LOW_SPACE_RATIO(
      "schedule", Kind.RATIO, "0.8", "0.8", "a store that uses more of its space gets no replicas"),
  MAX_SNAPSHOT_COUNT(
      "schedule", Kind.COUNT, "64", "64", 0, 1 << 20, "a store with more snapshots gets none"),
  MAX_PENDING_PEER_COUNT(
      "schedule",
      Kind.COUNT,
      "64",
      "64",
      0,
      1 << 20,
      "a store with more lagging replicas gets none"),
  STORE_LIMIT(
      "schedule",
      Kind.COUNT,
      "15",
      "0",
      0,
      1 << 20,
      "replicas added to and taken from a store per minute; 0 = as many as there are"),
  ENABLE_JOINT_CONSENSUS(
      "schedule", Kind.BOOL, "false", "false", "a replacement changes several roles at once"),
  LEADER_TOLERANCE(
      "schedule", Kind.COUNT, "2", "2", 2, 1 << 20, "stores differ by so many leaders: one moves"),
  MAX_MERGE_REGION_SIZE(
      "schedule",
      Kind.SIZE,
      "54MiB",
      "16KiB",
      0,
      1L << 40,
      "larger regions are not merged; 0 = none"),
  MAX_MERGE_REGION_KEYS(
      "schedule", Kind.COUNT, "540000", "250", 0, 1L << 40, "regions of more keys are not merged"),
  SPLIT_MERGE_INTERVAL(
      "schedule", Kind.DURATION, "1h", "1s", 1, Kind.MONTH, "a split region is not merged so soon"),
  REGION_RETURN_INTERVAL(
      "schedule",
      Kind.DURATION,
      "10m",
      "1s",
      1,
      Kind.MONTH,
      "no balancing back to a store so soon"),
  HOT_REGION_CACHE_HITS_THRESHOLD(
      "schedule", Kind.COUNT, "3", "3", 1, 1000, "reports above the threshold that make it hot"),
  REJECT_LEADER_LABEL(
      "schedule", Kind.TEXT, "", "", "stores with this label get no leaders, e.g. zone=far"),
  SLOW_STORE_SCORE(
      "schedule", Kind.COUNT, "80", "80", 2, 100, "a store this slow hands its leaders over"),
  SLOW_STORE_RECOVERY(
      "schedule", Kind.DURATION, "10m", "2s", 1, Kind.MONTH, "well again for so long, it may lead"),
  PATROL_REGION_BATCH(
      "schedule", Kind.COUNT, "128", "128", 1, 8192, "regions that one round of the patrol checks"),
  SCHEDULER_MIN_INTERVAL(
      "schedule", Kind.DURATION, "10ms", "10ms", 1, Kind.HOUR, "pause between two moves"),
  SCHEDULER_MAX_INTERVAL(
      "schedule", Kind.DURATION, "5s", "100ms", 1, Kind.HOUR, "pause when there is nothing to do"),
  GC_ENABLE("gc", Kind.BOOL, "true", "true", "the placement driver moves the safe point itself"),
  GC_LIFE_TIME("gc", Kind.DURATION, "10m", "2s", 1, Kind.MONTH, "old versions live so long"),
  GC_RUN_INTERVAL("gc", Kind.DURATION, "10m", "1s", 1, Kind.MONTH, "how often it is moved");

  /** What a value looks like. */
  public enum Kind {
    COUNT,
    DURATION,
    SIZE,
    RATIO,
    BOOL,
    TEXT;

    private static final long HOUR = 3_600_000;
    private static final long MONTH = 31 * 24 * HOUR;
  }

  private final String key;
  private final Kind kind;
  private final String standard;
  private final String fast;
  private final long min;
  private final long max;
  private final String meaning;

  ScheduleSetting(
      String group, Kind kind, String standard, String fast, long min, long max, String meaning) {
    this.key = group + "." + name(group, name());
    this.kind = kind;
    this.standard = standard;
    this.fast = fast;
    this.min = min;
    this.max = max;
    this.meaning = meaning;
  }

  ScheduleSetting(String group, Kind kind, String standard, String fast, String meaning) {
    this(group, kind, standard, fast, 0, Long.MAX_VALUE, meaning);
  }

  private static String name(String group, String constant) {
    String name = constant.toLowerCase(Locale.ROOT).replace('_', '-');
    return name.startsWith(group + "-") ? name.substring(group.length() + 1) : name;
  }

  /** In a configuration file and over HTTP, e.g. {@code schedule.store-limit}. */
  public String key() {
    return key;
  }

  public Kind kind() {
    return kind;
  }

  public String standard() {
    return standard;
  }

  /** For tests that cannot wait. */
  public String fast() {
    return fast;
  }

  public String meaning() {
    return meaning;
  }

  /**
   * The value as a number: a count, milliseconds, bytes, 0 or 1 for a yes or no, millionths for a
   * ratio; 0 for text.
   *
   * @throws IllegalArgumentException naming the setting, the value, and what is possible
   */
  long parse(String text) {
    String value = text.strip();
    switch (kind) {
      case COUNT:
        return number(value, 1, value, "a whole number from " + min + " to " + max);
      case DURATION:
        return unit(value, DURATION_UNITS, "a duration such as 500ms, 3s, 30m or 1h");
      case SIZE:
        return unit(value, SIZE_UNITS, "a size such as 512B, 64KiB, 96MiB or 1GiB");
      case RATIO:
        return ratio(value);
      case BOOL:
        if (value.equals("true") || value.equals("false")) {
          return value.equals("true") ? 1 : 0;
        }
        throw refused(value, "true or false", null);
      default:
        return 0;
    }
  }

  /**
   * The value as it is to be kept, stricter than {@link #parse}, which also reads what earlier
   * programs have kept: a duration has its unit, since people who write 30 mean seconds or minutes
   * and never milliseconds; a size without one is in MiB, as in TiKV's placement driver. An empty
   * value is left to others.
   *
   * @throws IllegalArgumentException naming the setting, the value, and what is possible
   */
  public String accept(String text) {
    String value = text.strip();
    if (value.isEmpty()) {
      return value;
    }
    boolean bare = Character.isDigit(value.charAt(value.length() - 1));
    if (kind == Kind.DURATION && bare) {
      throw refused(value, "a number and a unit, ms, s, m or h: 500ms, 3s, 30m, 1h", null);
    }
    String kept = kind == Kind.SIZE && bare ? value + "MiB" : value;
    long number = parse(kept);
    boolean silence = this == MAX_STORE_DOWN_TIME || this == STORE_DISCONNECTED_TIME;
    if (silence && number < SHORTEST_SILENCE_MILLIS) {
      throw refused(value, "1s at least: every store is silent between two heartbeats", null);
    }
    return kept;
  }

  private static final long SHORTEST_SILENCE_MILLIS = 1000;

  private record Unit(String suffix, long factor) {}

  private static final Unit[] DURATION_UNITS = {
    new Unit("ms", 1), new Unit("s", 1000), new Unit("m", 60_000), new Unit("h", 3_600_000)
  };
  private static final Unit[] SIZE_UNITS = {
    new Unit("KiB", 1 << 10), new Unit("MiB", 1 << 20), new Unit("GiB", 1 << 30), new Unit("B", 1)
  };

  private long unit(String value, Unit[] units, String wanted) {
    for (Unit unit : units) {
      if (value.endsWith(unit.suffix())) {
        String digits = value.substring(0, value.length() - unit.suffix().length()).strip();
        return number(digits, unit.factor(), value, wanted);
      }
    }
    return number(value, 1, value, wanted);
  }

  private long number(String digits, long factor, String value, String wanted) {
    try {
      long number = Math.multiplyExact(Long.parseLong(digits), factor);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException | ArithmeticException e) {
      throw refused(value, wanted, e);
    }
    throw refused(value, wanted, null);
  }

  private long ratio(String value) {
    try {
      double ratio = Double.parseDouble(value);
      if (ratio > 0 && ratio <= 1) {
        return Math.round(ratio * 1_000_000);
      }
    } catch (NumberFormatException e) {
      throw refused(value, "a number above 0, at most 1", e);
    }
    throw refused(value, "a number above 0, at most 1", null);
  }

  private IllegalArgumentException refused(String value, String wanted, Throwable cause) {
    return new IllegalArgumentException(
        key + " = \"" + value + "\" is not possible, it must be " + wanted, cause);
  }
}
