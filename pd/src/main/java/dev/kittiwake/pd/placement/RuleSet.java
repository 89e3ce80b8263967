package dev.kittiwake.pd.placement;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All rules, and which of them hold for which keys: the keyspace is cut wherever a rule starts or
 * ends, and each piece has its list. A value.
 */
public final class RuleSet {
  private final List<Rule> rules;
  private final Map<String, RuleGroup> groups;
  private final NavigableMap<Key, List<Rule>> pieces = new TreeMap<>(); // by start

  private RuleSet(List<Rule> rules, Map<String, RuleGroup> groups) {
    this.rules = rules;
    this.groups = groups;
    pieces.put(Key.EMPTY, List.of());
    for (Rule rule : rules) {
      pieces.put(rule.range().start(), List.of());
      if (!rule.range().end().isEmpty()) {
        pieces.put(rule.range().end(), List.of());
      }
    }
    pieces.replaceAll((start, none) -> applied(start));
  }

  /** One rule for all keys. */
  public static RuleSet of(Rule only) {
    return of(List.of(only), List.of());
  }

  /**
   * @param groups those that are not named have index 0 and override nothing
   * @throws IllegalArgumentException if some keys would have no voters, or more than one leader
   */
  public static RuleSet of(Collection<Rule> rules, Collection<RuleGroup> groups) {
    Map<String, RuleGroup> byId = new LinkedHashMap<>();
    groups.forEach(group -> byId.put(group.id(), group));
    rules.forEach(rule -> byId.computeIfAbsent(rule.group(), id -> new RuleGroup(id, 0, false)));
    List<Rule> sorted = new ArrayList<>(rules);
    sorted.sort(
        Comparator.comparing((Rule rule) -> byId.get(rule.group()).index())
            .thenComparing(Rule::group)
            .thenComparing(Rule.ORDER));
    RuleSet set = new RuleSet(List.copyOf(sorted), byId);
    set.pieces.forEach(RuleSet::check);
    return set;
  }

  private static void check(Key start, List<Rule> applied) {
    boolean votes = false;
    int leaders = 0;
    for (Rule rule : applied) {
      votes |= rule.role() == Rule.Role.VOTER || rule.role() == Rule.Role.LEADER;
      leaders += rule.role() == Rule.Role.LEADER ? rule.count() : 0;
    }
    if (!votes) {
      throw new IllegalArgumentException("no rule wants a voter for the keys from " + start);
    }
    if (leaders > 1) {
      throw new IllegalArgumentException(
          "rules want " + leaders + " leaders for the keys from " + start);
    }
  }

  private List<Rule> applied(Key start) {
    List<Rule> applied = new ArrayList<>();
    String group = "";
    int groupStart = 0;
    for (Rule rule : rules) {
      if (!rule.covers(start)) {
        continue;
      }
      if (!rule.group().equals(group)) {
        group = rule.group();
        if (groups.get(group).override()) {
          applied.clear();
        }
        groupStart = applied.size();
      }
      if (rule.override()) {
        applied.subList(groupStart, applied.size()).clear();
      }
      applied.add(rule);
    }
    return List.copyOf(applied);
  }

  /** The rules for the keys from the start of {@code range} on. */
  public List<Rule> of(KeyRange range) {
    return pieces.size() == 1
        ? pieces.firstEntry().getValue()
        : pieces.floorEntry(range.start()).getValue();
  }

  /** Where a region over {@code range} must be cut, because other rules hold from there on. */
  public List<Key> cuts(KeyRange range) {
    if (pieces.size() == 1) {
      return List.of();
    }
    NavigableMap<Key, List<Rule>> inside =
        range.end().isEmpty()
            ? pieces.tailMap(range.start(), false)
            : pieces.subMap(range.start(), false, range.end(), false);
    List<Key> cuts = new ArrayList<>();
    List<Rule> before = of(range);
    for (Map.Entry<Key, List<Rule>> piece : inside.entrySet()) {
      if (!piece.getValue().equals(before)) {
        cuts.add(piece.getKey());
        before = piece.getValue();
      }
    }
    return cuts;
  }

  /** In the order in which they are applied. */
  public List<Rule> rules() {
    return rules;
  }

  public Collection<RuleGroup> groups() {
    return groups.values();
  }

  public Optional<Rule> find(String group, String id) {
    return rules.stream()
        .filter(rule -> rule.group().equals(group) && rule.id().equals(id))
        .findFirst();
  }
}
