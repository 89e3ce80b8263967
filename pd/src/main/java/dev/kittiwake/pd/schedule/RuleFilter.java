package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.placement.LabelConstraint;
import dev.kittiwake.pd.placement.Rule;

/** Only stores whose labels fit the rule. */
record RuleFilter(Rule rule) implements StoreFilter {
  @Override
  public String refuse(StoreView store, ClusterView view) {
    for (LabelConstraint constraint : rule.constraints()) {
      if (!constraint.matches(store.store())) {
        return "is not " + constraint;
      }
    }
    return "";
  }
}
