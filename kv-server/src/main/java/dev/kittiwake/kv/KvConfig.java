package dev.kittiwake.kv;

import dev.kittiwake.kv.region.MergeRule;
import dev.kittiwake.kv.region.SplitRule;
import dev.kittiwake.kv.region.StoreSettings;
import dev.kittiwake.raft.wal.WalConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The configuration of a store: a value for every {@link KvSetting}. Immutable.
 *
 * <p>A file has one {@code name = value} per line; {@code #} begins a comment, quotes around a
 * value are dropped.
 */
public final class KvConfig {
  private static final Pattern NUMBER = Pattern.compile("(\\d+)\\s*([A-Za-z]*)");

  private static final int LOAD_WINDOWS = 10;

  private final Map<KvSetting, String> values;
  private final Map<KvSetting, Long> numbers = new EnumMap<>(KvSetting.class);

  private KvConfig(Map<KvSetting, String> values) {
    this.values = Collections.unmodifiableMap(new EnumMap<>(values));
    for (KvSetting setting : KvSetting.values()) {
      if (setting.kind() != KvSetting.Kind.TEXT) {
        numbers.put(setting, parse(setting, values.get(setting)));
      }
    }
    long election = (number(KvSetting.RAFT_ELECTION_TICKS) - 1) * number(KvSetting.RAFT_TICK);
    if (number(KvSetting.LEADER_LEASE) >= election) {
      throw new InvalidConfig(
          "leader-lease is "
              + text(KvSetting.LEADER_LEASE)
              + ", it must be shorter than the election timeout less one tick ("
              + election / 1000
              + "ms)");
    }
    requireOrder(KvSetting.REGION_SPLIT_SIZE, KvSetting.REGION_MAX_SIZE);
    requireOrder(KvSetting.REGION_SPLIT_KEYS, KvSetting.REGION_MAX_KEYS);
    if (number(KvSetting.RAFT_HEARTBEAT_TICKS) >= number(KvSetting.RAFT_ELECTION_TICKS)) {
      throw new InvalidConfig("raft-heartbeat-ticks must be below raft-election-ticks");
    }
  }

  private void requireOrder(KvSetting smaller, KvSetting larger) {
    if (number(smaller) > number(larger)) {
      throw new InvalidConfig(
          smaller.label()
              + " is "
              + text(smaller)
              + ", it must not be larger than "
              + larger.label()
              + " ("
              + text(larger)
              + ")");
    }
  }

  /** The values for production. */
  public static KvConfig standard() {
    Map<KvSetting, String> values = new EnumMap<>(KvSetting.class);
    for (KvSetting setting : KvSetting.values()) {
      values.put(setting, setting.standard());
    }
    return new KvConfig(values);
  }

  /** Short times and small sizes, in memory, on any free port. */
  public static KvConfig fastTest() {
    Map<KvSetting, String> values = new EnumMap<>(KvSetting.class);
    for (KvSetting setting : KvSetting.values()) {
      values.put(setting, setting.fastTest());
    }
    return new KvConfig(values);
  }

  /** This configuration with one value replaced. */
  public KvConfig with(KvSetting setting, String value) {
    Map<KvSetting, String> changed = new EnumMap<>(values);
    changed.put(setting, value);
    return new KvConfig(changed);
  }

  /**
   * This configuration with the values of {@code file}.
   *
   * @throws InvalidConfig naming file, line and what to do
   */
  public KvConfig with(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new InvalidConfig("cannot read the configuration file " + file);
    }
    Map<KvSetting, String> changed = new EnumMap<>(values);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).replaceFirst("(^|\\s)#.*", "").trim();
      if (line.isEmpty()) {
        continue;
      }
      try {
        int equals = line.indexOf('=');
        if (equals < 0) {
          throw new InvalidConfig("expected \"name = value\", found \"" + line + "\"");
        }
        KvSetting setting = setting(line.substring(0, equals).trim());
        String value = unquote(line.substring(equals + 1).trim());
        if (setting.kind() != KvSetting.Kind.TEXT) {
          parse(setting, value); // so that the message can name the line
        }
        changed.put(setting, value);
      } catch (InvalidConfig invalid) {
        throw new InvalidConfig(file + " line " + (i + 1) + ": " + invalid.getMessage());
      }
    }
    try {
      return new KvConfig(changed);
    } catch (InvalidConfig invalid) {
      throw new InvalidConfig(file + ": " + invalid.getMessage());
    }
  }

  /**
   * The setting of that name.
   *
   * @throws InvalidConfig with the most similar name if there is none
   */
  public static KvSetting setting(String label) {
    KvSetting nearest = null;
    int best = Integer.MAX_VALUE;
    for (KvSetting setting : KvSetting.values()) {
      int distance = distance(setting.label(), label.toLowerCase(Locale.ROOT));
      if (distance < best) {
        best = distance;
        nearest = setting;
      }
    }
    if (best == 0) {
      return nearest;
    }
    throw new InvalidConfig(
        "unknown setting \"" + label + "\"; did you mean \"" + nearest.label() + "\"?");
  }

  public String text(KvSetting setting) {
    return values.get(setting);
  }

  /** Counts as they are, sizes in bytes, durations in microseconds, flags as 0 or 1. */
  public long number(KvSetting setting) {
    return numbers.get(setting);
  }

  public int count(KvSetting setting) {
    return Math.toIntExact(number(setting));
  }

  public long millis(KvSetting setting) {
    return TimeUnit.MICROSECONDS.toMillis(number(setting));
  }

  public long nanos(KvSetting setting) {
    return TimeUnit.MICROSECONDS.toNanos(number(setting));
  }

  public boolean flag(KvSetting setting) {
    return number(setting) != 0;
  }

  WalConfig wal() {
    return new WalConfig(
        number(KvSetting.WAL_SEGMENT),
        count(KvSetting.WAL_SEGMENTS),
        WalConfig.DEFAULT.spareSegments(),
        number(KvSetting.WAL_CACHE),
        WalConfig.DEFAULT.maxBufferBytes());
  }

  /** What the region layer needs, with times in ticks. */
  public StoreSettings store() {
    return new StoreSettings(
        count(KvSetting.RAFT_ELECTION_TICKS),
        count(KvSetting.RAFT_HEARTBEAT_TICKS),
        nanos(KvSetting.LEADER_LEASE),
        nanos(KvSetting.SLOW_SYNC),
        number(KvSetting.RAFT_ENTRY_MAX_SIZE),
        count(KvSetting.RAFT_BATCH_SIZE),
        count(KvSetting.MAX_QUEUED_REQUESTS),
        count(KvSetting.MAX_QUEUED_MESSAGES),
        count(KvSetting.REGIONS_PER_ROUND),
        count(KvSetting.RAFT_ELECTION_TICKS),
        new StoreSettings.Compaction(
            ticks(KvSetting.LOG_GC_TICK),
            count(KvSetting.LOG_GC_THRESHOLD),
            number(KvSetting.LOG_GC_COUNT_LIMIT),
            count(KvSetting.LOG_GC_RESERVE_TICKS) * ticks(KvSetting.LOG_GC_TICK)),
        ticks(KvSetting.REGION_HEARTBEAT),
        ticks(KvSetting.PEER_DOWN),
        count(KvSetting.SNAPSHOT_CONCURRENCY),
        ticks(KvSetting.SNAPSHOT_LIFE),
        ticks(KvSetting.STALE_CHECK),
        split(),
        new MergeRule(count(KvSetting.MERGE_MAX_LOG_GAP)),
        nanos(KvSetting.RAFT_TICK),
        number(KvSetting.HIBERNATE_AFTER) == 0 ? 0 : ticks(KvSetting.HIBERNATE_AFTER));
  }

  private SplitRule split() {
    int windowTicks = Math.max(1, ticks(KvSetting.SPLIT_QPS_DURATION) / LOAD_WINDOWS);
    int windows = Math.max(1, ticks(KvSetting.SPLIT_QPS_DURATION) / windowTicks);
    long windowMicros = windowTicks * number(KvSetting.RAFT_TICK);
    long requests = number(KvSetting.SPLIT_QPS) * windowMicros / 1_000_000;
    return new SplitRule(
        ticks(KvSetting.SPLIT_CHECK_TICK),
        number(KvSetting.REGION_SPLIT_SIZE),
        number(KvSetting.REGION_MAX_SIZE),
        number(KvSetting.REGION_SPLIT_KEYS),
        number(KvSetting.REGION_MAX_KEYS),
        count(KvSetting.SPLIT_PIECES),
        number(KvSetting.SPLIT_CHECK_DIFF),
        new SplitRule.Load(
            windowTicks, windows, number(KvSetting.SPLIT_QPS) == 0 ? 0 : Math.max(1, requests)));
  }

  private int ticks(KvSetting duration) {
    return (int)
        Math.max(1, Math.min(Integer.MAX_VALUE, number(duration) / number(KvSetting.RAFT_TICK)));
  }

  private static String unquote(String value) {
    boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  private static long parse(KvSetting setting, String value) {
    if (setting.kind() == KvSetting.Kind.FLAG) {
      if (!value.equals("true") && !value.equals("false")) {
        throw invalid(setting, value, "true or false");
      }
      return value.equals("true") ? 1 : 0;
    }
    String example =
        switch (setting.kind()) {
          case DURATION -> "a duration like 500ms, 10s or 5m";
          case SIZE -> "a size like 64KiB or 8MiB";
          default -> "a whole number";
        };
    Matcher matcher = NUMBER.matcher(value.trim());
    if (!matcher.matches() || matcher.group(1).length() > 15) {
      throw invalid(setting, value, example);
    }
    long unit = unit(setting.kind(), matcher.group(2).toLowerCase(Locale.ROOT));
    long number = Long.parseLong(matcher.group(1));
    if (unit < 0 || (unit == 0 && number != 0)) {
      throw invalid(setting, value, example);
    }
    long result = number * unit;
    if (result < setting.min() || result > setting.max()) {
      throw new InvalidConfig(
          setting.label()
              + " = \""
              + value
              + "\" is out of its limits, "
              + setting.min()
              + " to "
              + setting.max()
              + switch (setting.kind()) {
                case DURATION -> " microseconds";
                case SIZE -> " bytes";
                default -> "";
              });
    }
    return result;
  }

  /** Factor to microseconds, bytes or 1; 0 = a unit is missing, -1 = unknown. */
  private static long unit(KvSetting.Kind kind, String name) {
    if (kind == KvSetting.Kind.COUNT) {
      return name.isEmpty() ? 1 : -1;
    }
    if (name.isEmpty()) {
      return 0;
    }
    List<String> names =
        kind == KvSetting.Kind.DURATION
            ? Arrays.asList("us", "ms", "s", "m", "h")
            : Arrays.asList("b", "kib", "mib", "gib", "tib");
    long[] factors =
        kind == KvSetting.Kind.DURATION
            ? new long[] {1, 1_000, 1_000_000, 60_000_000, 3_600_000_000L}
            : new long[] {1, 1L << 10, 1L << 20, 1L << 30, 1L << 40};
    int at = names.indexOf(name);
    return at < 0 ? -1 : factors[at];
  }

  private static InvalidConfig invalid(KvSetting setting, String value, String expected) {
    return new InvalidConfig(setting.label() + " = \"" + value + "\" is not " + expected);
  }

  /** Levenshtein's distance: how many letters differ. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replace, 1 + Math.min(above, row[j - 1]));
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
