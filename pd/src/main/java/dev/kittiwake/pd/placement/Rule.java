package dev.kittiwake.pd.placement;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.metapb.Store;
import java.util.Comparator;
import java.util.List;

/**
 * Wants {@code count} replicas with a role for a range of keys.
 *
 * @param group rules are applied group by group
 * @param index order within the group
 * @param override takes the place of the group's earlier rules
 * @param range of keys as they are stored
 * @param locationLabels from wide to narrow: replicas stand as far apart as possible
 * @param isolationLevel a label in which they must differ; empty: none
 */
public record Rule(
    String group,
    String id,
    int index,
    boolean override,
    KeyRange range,
    Role role,
    int count,
    List<LabelConstraint> constraints,
    List<String> locationLabels,
    String isolationLevel) {
  /** The group and id of the rule that holds when there is no other. */
  public static final String DEFAULT_GROUP = "pd";

  public static final String DEFAULT_ID = "default";

  /** What a replica is for. */
  public enum Role {
    VOTER,
    LEADER,
    FOLLOWER,
    LEARNER;

    public String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  static final Comparator<Rule> ORDER =
      Comparator.comparingInt(Rule::index).thenComparing(Rule::id);

  public Rule {
    constraints = List.copyOf(constraints);
    locationLabels = List.copyOf(locationLabels);
    if (group.isBlank() || id.isBlank()) {
      throw new IllegalArgumentException("a rule needs group_id and id");
    }
    if (count < 1 || count > 100) {
      throw new IllegalArgumentException("count " + count + " of rule " + id + " is not 1 to 100");
    }
    if (role == Role.LEADER && count > 1) {
      throw new IllegalArgumentException(
          "rule " + id + " wants " + count + " leaders, a region has one");
    }
    if (!isolationLevel.isEmpty() && !locationLabels.contains(isolationLevel)) {
      throw new IllegalArgumentException(
          "isolation_level " + isolationLevel + " is not one of " + locationLabels);
    }
  }

  /** What holds without rules: as many voters as configured, for all keys. */
  public static Rule standard(int replicas, List<String> locationLabels, String isolationLevel) {
    return new Rule(
        DEFAULT_GROUP,
        DEFAULT_ID,
        0,
        false,
        new KeyRange(Key.EMPTY, Key.EMPTY),
        Role.VOTER,
        replicas,
        List.of(),
        locationLabels,
        locationLabels.contains(isolationLevel) ? isolationLevel : "");
  }

  public boolean accepts(Store store) {
    for (LabelConstraint constraint : constraints) {
      if (!constraint.matches(store)) {
        return false;
      }
    }
    return true;
  }

  boolean covers(Key key) {
    return range.contains(key);
  }

  @Override
  public String toString() {
    return group + "/" + id + " (" + count + " " + role.text() + ")";
  }
}
