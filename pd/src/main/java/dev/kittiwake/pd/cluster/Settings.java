package dev.kittiwake.pd.cluster;

import dev.kittiwake.pd.schedule.ScheduleConfig;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Settings that hold for the whole cluster and can change while it runs, under TiKV's names. A
 * value of a plain number of milliseconds may carry a unit: ms, s, m, h.
 */
public final class Settings {
  private static final Map<String, String> DEFAULTS = defaults();

  private Settings() {}

  private static Map<String, String> defaults() {
    TreeMap<String, String> names = new TreeMap<>();
    ScheduleConfig base = ScheduleConfig.DEFAULT;
    names.put("replication.max-replicas", "" + base.maxReplicas());
    names.put("schedule.max-store-down-time", base.maxStoreDownMillis() + "ms");
    names.put("schedule.store-disconnected-time", base.storeDisconnectedMillis() + "ms");
    names.put("schedule.leader-schedule-limit", "" + base.leaderLimit());
    names.put("schedule.region-schedule-limit", "" + base.regionLimit());
    names.put("schedule.replica-schedule-limit", "" + base.replicaLimit());
    names.put("schedule.low-space-ratio", "" + base.lowSpaceRatio());
    names.put("schedule.max-snapshot-count", "" + base.maxSnapshots());
    names.put("schedule.enable-joint-consensus", "" + base.jointConsensus());
    names.put("schedule.leader-tolerance", "" + base.leaderTolerance());
    return names;
  }

  /** All names with the values that hold: what was changed, else what is configured or default. */
  public static SortedMap<String, String> effective(
      Map<String, String> configured, Map<String, String> changed) {
    TreeMap<String, String> all = new TreeMap<>(DEFAULTS);
    all.putAll(configured);
    all.putAll(changed);
    return all;
  }

  /** The full name of a setting that was given with or without its group, or null. */
  public static String fullName(String name) {
    if (DEFAULTS.containsKey(name)) {
      return name;
    }
    for (String group : new String[] {"schedule.", "replication."}) {
      if (DEFAULTS.containsKey(group + name)) {
        return group + name;
      }
    }
    return null;
  }

  /**
   * @throws IllegalArgumentException naming the setting and the value, for an unusable value
   */
  public static ScheduleConfig scheduleConfig(Map<String, String> effective) {
    return new ScheduleConfig(
        (int) number(effective, "replication.max-replicas", 1, 9),
        millis(effective, "schedule.max-store-down-time"),
        millis(effective, "schedule.store-disconnected-time"),
        (int) number(effective, "schedule.leader-schedule-limit", 0, 1_000_000),
        (int) number(effective, "schedule.region-schedule-limit", 0, 1_000_000),
        (int) number(effective, "schedule.replica-schedule-limit", 0, 1_000_000),
        ratio(effective, "schedule.low-space-ratio"),
        (int) number(effective, "schedule.max-snapshot-count", 0, 1_000_000),
        bool(effective, "schedule.enable-joint-consensus"),
        (int) number(effective, "schedule.leader-tolerance", 2, 1_000_000));
  }

  private static long number(Map<String, String> values, String name, long min, long max) {
    String value = values.get(name).strip();
    try {
      long number = Long.parseLong(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw refused(name, value, "a whole number from " + min + " to " + max, e);
    }
    throw refused(name, value, "a whole number from " + min + " to " + max, null);
  }

  private static double ratio(Map<String, String> values, String name) {
    String value = values.get(name).strip();
    try {
      double ratio = Double.parseDouble(value);
      if (ratio > 0 && ratio <= 1) {
        return ratio;
      }
    } catch (NumberFormatException e) {
      throw refused(name, value, "a number above 0, at most 1", e);
    }
    throw refused(name, value, "a number above 0, at most 1", null);
  }

  private static boolean bool(Map<String, String> values, String name) {
    String value = values.get(name).strip();
    if (value.equals("true") || value.equals("false")) {
      return value.equals("true");
    }
    throw refused(name, value, "true or false", null);
  }

  private static long millis(Map<String, String> values, String name) {
    return millis(name, values.get(name));
  }

  /** A duration such as {@code 500ms}, {@code 3s}, {@code 30m}, {@code 1h}. */
  public static long millis(String name, String text) {
    String value = text.strip();
    long unit = 1;
    String digits = value;
    for (Map.Entry<String, Long> known : UNITS) {
      if (value.endsWith(known.getKey())) {
        unit = known.getValue();
        digits = value.substring(0, value.length() - known.getKey().length()).strip();
        break;
      }
    }
    try {
      long number = Long.parseLong(digits);
      if (number > 0 && number <= Long.MAX_VALUE / 3_600_000) {
        return number * unit;
      }
    } catch (NumberFormatException e) {
      throw refused(name, text, "a duration such as 500ms, 3s, 30m or 1h", e);
    }
    throw refused(name, text, "a duration such as 500ms, 3s, 30m or 1h", null);
  }

  private static final List<Map.Entry<String, Long>> UNITS =
      List.of(
          Map.entry("ms", 1L),
          Map.entry("s", 1000L),
          Map.entry("m", 60_000L),
          Map.entry("h", 3_600_000L));

  private static IllegalArgumentException refused(
      String name, String value, String wanted, Throwable cause) {
    return new IllegalArgumentException(
        name + " = \"" + value + "\" is not possible, it must be " + wanted, cause);
  }
}
