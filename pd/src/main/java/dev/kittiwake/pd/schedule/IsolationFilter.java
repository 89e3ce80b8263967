package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.placement.Isolation;
import dev.kittiwake.pd.placement.Rule;
import dev.kittiwake.proto.metapb.Store;
import java.util.List;

/**
 * Only stores far enough from the others that hold the region: apart in the isolation level, and
 * not nearer than {@code floor}.
 *
 * @param others that keep their replica
 * @param floor the distance to keep; 0: any
 */
record IsolationFilter(Rule rule, List<Store> others, double floor) implements StoreFilter {
  @Override
  public String refuse(StoreView store, ClusterView view) {
    if (rule.locationLabels().isEmpty()) {
      return "";
    }
    String level = rule.isolationLevel();
    if (!level.isEmpty()
        && !Isolation.isApart(store.store(), others, rule.locationLabels(), level)) {
      return "shares its " + level + " with another replica";
    }
    return Isolation.score(store.store(), others, rule.locationLabels()) < floor
        ? "is too near to another replica"
        : "";
  }
}
