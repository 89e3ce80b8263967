package dev.kittiwake.pd.cluster;

import dev.kittiwake.pd.schedule.ScheduleConfig;
import dev.kittiwake.pd.schedule.ScheduleSetting;
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
    for (ScheduleSetting setting : ScheduleSetting.values()) {
      names.put(setting.key(), setting.standard());
    }
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
    for (String group : new String[] {"schedule.", "replication.", "gc."}) {
      if (DEFAULTS.containsKey(group + name)) {
        return group + name;
      }
    }
    return null;
  }

  /**
   * A value that somebody gives now, as it is to be kept; see {@link ScheduleSetting#accept}.
   *
   * @param name in full
   * @throws IllegalArgumentException naming the setting, the value, and what is possible
   */
  public static String accepted(String name, String value) {
    for (ScheduleSetting setting : ScheduleSetting.values()) {
      if (setting.key().equals(name)) {
        return setting.accept(value);
      }
    }
    return value;
  }

  /**
   * @throws IllegalArgumentException naming the setting and the value, for an unusable value
   */
  public static ScheduleConfig scheduleConfig(Map<String, String> effective) {
    return ScheduleConfig.of(effective);
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
