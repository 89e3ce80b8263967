package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.placement.Rule;
import dev.kittiwake.pd.placement.RuleGroup;
import dev.kittiwake.pd.placement.RuleJson;
import dev.kittiwake.pd.placement.RuleSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What operators of the cluster have set beyond plain settings: rules, weights and limits of
 * stores, schedulers. It is kept among the settings, so that every member has it, under these
 * names: {@code rule.GROUP/ID}, {@code rule-group.ID} (JSON), {@code store-weight.ID}
 * (leader,region), {@code store-limit.ID} (add,remove), {@code scheduler.NAME} (on, off, or what it
 * works on). A value.
 */
public record PlacementSettings(
    SortedMap<String, Rule> ruleById,
    SortedMap<String, RuleGroup> groups,
    SortedMap<Long, StoreView.Weight> weights,
    SortedMap<Long, Limit> limits,
    SortedMap<String, String> schedulers) {
  public static final PlacementSettings NONE = of(Map.of());

  public static final String RULE = "rule.";
  public static final String RULE_GROUP = "rule-group.";
  public static final String STORE_WEIGHT = "store-weight.";
  public static final String STORE_LIMIT = "store-limit.";
  public static final String SCHEDULER = "scheduler.";

  /** Replicas per minute. */
  public record Limit(long add, long remove) {
    public Limit {
      if (add < 0 || remove < 0) {
        throw new IllegalArgumentException(
            "limits " + add + " and " + remove + " must not be below 0");
      }
    }

    void applyTo(StoreLimits to, long storeId) {
      to.limit(storeId, StoreLimits.Direction.ADD, add);
      to.limit(storeId, StoreLimits.Direction.REMOVE, remove);
    }
  }

  /**
   * Reads what is among the settings; others are not regarded.
   *
   * @throws IllegalArgumentException one line naming the setting and its value
   */
  public static PlacementSettings of(Map<String, String> values) {
    PlacementSettings all =
        new PlacementSettings(
            new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    new TreeMap<>(values)
        .forEach(
            (name, value) -> {
              try {
                all.read(name, value);
              } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                    name + " = \"" + value + "\" is not possible: " + e.getMessage(), e);
              }
            });
    return all;
  }

  private void read(String name, String value) {
    if (name.startsWith(RULE)) {
      Rule rule = RuleJson.read(value);
      ruleById.put(rule.group() + "/" + rule.id(), rule);
    } else if (name.startsWith(RULE_GROUP)) {
      RuleGroup group = RuleJson.readGroup(value);
      groups.put(group.id(), group);
    } else if (name.startsWith(STORE_WEIGHT)) {
      String[] parts = pair(value);
      weights.put(
          Long.parseUnsignedLong(name.substring(STORE_WEIGHT.length())),
          new StoreView.Weight(Double.parseDouble(parts[0]), Double.parseDouble(parts[1])));
    } else if (name.startsWith(STORE_LIMIT)) {
      String[] parts = pair(value);
      limits.put(
          Long.parseUnsignedLong(name.substring(STORE_LIMIT.length())),
          new Limit(Long.parseLong(parts[0]), Long.parseLong(parts[1])));
    } else if (name.startsWith(SCHEDULER)) {
      schedulers.put(name.substring(SCHEDULER.length()), value);
    }
  }

  private static String[] pair(String value) {
    String[] parts = value.split(",");
    if (parts.length != 2) {
      throw new IllegalArgumentException("two values are needed, separated by a comma");
    }
    return parts;
  }

  /** Whether the setting belongs here rather than to {@link ScheduleSetting}. */
  public static boolean owns(String name) {
    return name.startsWith(RULE)
        || name.startsWith(RULE_GROUP)
        || name.startsWith(STORE_WEIGHT)
        || name.startsWith(STORE_LIMIT)
        || name.startsWith(SCHEDULER);
  }

  /**
   * The rules that hold: those that were set, or else the default one from the settings; only that
   * one if rules are off.
   *
   * @throws IllegalArgumentException if they leave keys without voters
   */
  public RuleSet rules(ScheduleConfig config) {
    Rule standard =
        Rule.standard(
            config.maxReplicas(),
            config.locationLabels(),
            config.text(ScheduleSetting.ISOLATION_LEVEL));
    if (!config.is(ScheduleSetting.ENABLE_PLACEMENT_RULES)) {
      return RuleSet.of(standard);
    }
    List<Rule> all = new ArrayList<>(ruleById.values());
    if (all.stream().noneMatch(rule -> rule.group().equals(Rule.DEFAULT_GROUP))) {
      all.add(standard);
    }
    return RuleSet.of(all, groups.values());
  }
}
