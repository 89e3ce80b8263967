package dev.kittiwake.pd.schedule;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The settings of scheduling that hold now, checked. A value. */
public final class ScheduleConfig {
  public static final ScheduleConfig DEFAULT = of(Map.of());

  private final long[] numbers; // by ordinal
  private final SortedMap<String, String> values;
  private final List<String> locationLabels;

  private ScheduleConfig(SortedMap<String, String> values, long[] numbers) {
    this.values = values;
    this.numbers = numbers;
    String labels = values.get(ScheduleSetting.LOCATION_LABELS.key());
    this.locationLabels =
        Stream.of(labels.split(",")).map(String::strip).filter(l -> !l.isEmpty()).toList();
  }

  /**
   * @param given values under their full names; what is not given has its default, names of others
   *     are not regarded
   * @throws IllegalArgumentException one line for an unusable value
   */
  public static ScheduleConfig of(Map<String, String> given) {
    TreeMap<String, String> values = new TreeMap<>();
    ScheduleSetting[] all = ScheduleSetting.values();
    long[] numbers = new long[all.length];
    for (ScheduleSetting setting : all) {
      String value = given.getOrDefault(setting.key(), setting.standard());
      numbers[setting.ordinal()] = setting.parse(value);
      values.put(setting.key(), value);
    }
    return new ScheduleConfig(values, numbers);
  }

  /** With one value changed. */
  public ScheduleConfig with(ScheduleSetting setting, String value) {
    TreeMap<String, String> changed = new TreeMap<>(values);
    changed.put(setting.key(), value);
    return of(changed);
  }

  /** Count, milliseconds or bytes. */
  public long number(ScheduleSetting setting) {
    return numbers[setting.ordinal()];
  }

  public boolean is(ScheduleSetting setting) {
    return numbers[setting.ordinal()] == 1;
  }

  public String text(ScheduleSetting setting) {
    return values.get(setting.key());
  }

  public int maxReplicas() {
    return (int) number(ScheduleSetting.MAX_REPLICAS);
  }

  /** From wide to narrow. */
  public List<String> locationLabels() {
    return locationLabels;
  }

  public long maxStoreDownMillis() {
    return number(ScheduleSetting.MAX_STORE_DOWN_TIME);
  }

  public long storeDisconnectedMillis() {
    return number(ScheduleSetting.STORE_DISCONNECTED_TIME);
  }

  public double lowSpaceRatio() {
    return number(ScheduleSetting.LOW_SPACE_RATIO) / 1e6;
  }

  public boolean jointConsensus() {
    return is(ScheduleSetting.ENABLE_JOINT_CONSENSUS);
  }

  long limit(Operator.Kind kind) {
    switch (kind) {
      case LEADER:
        return number(ScheduleSetting.LEADER_SCHEDULE_LIMIT);
      case REGION:
        return number(ScheduleSetting.REGION_SCHEDULE_LIMIT);
      case REPLICA:
        return number(ScheduleSetting.REPLICA_SCHEDULE_LIMIT);
      case MERGE:
        return number(ScheduleSetting.MERGE_SCHEDULE_LIMIT) * 2; // both sides count
      case HOT_REGION:
        return number(ScheduleSetting.HOT_REGION_SCHEDULE_LIMIT);
      default:
        return Long.MAX_VALUE;
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScheduleConfig && values.equals(((ScheduleConfig) other).values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
