package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.placement.Isolation;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Takes leaders from the stores with a label that was set to have none, e.g. a far away zone. */
public final class LabelScheduler implements Scheduler {
  static final String NAME = "label-scheduler";

  private final Map<Long, String> refusals = new TreeMap<>(); // by store

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Decision schedule(ClusterView view) {
    Decision.Trace trace = new Decision.Trace(name(), 0);
    refusals.clear();
    String label = view.config().text(ScheduleSetting.REJECT_LEADER_LABEL);
    int equals = label.indexOf('=');
    if (equals <= 0) {
      return trace.because("no label is set to reject leaders").nothing();
    }
    for (StoreView store : view.stores()) {
      if (Isolation.label(store.store(), label.substring(0, equals))
          .equals(label.substring(equals + 1))) {
        refusals.put(store.id(), "has " + label + " (" + NAME + ")");
      }
    }
    for (long storeId : refusals.keySet()) {
      view.store(storeId).ifPresent(store -> store.refuseLeaders(refusals.get(storeId)));
      Optional<Operator> operator = Handover.next(storeId, "label-reject-leader", view, trace);
      if (operator.isPresent()) {
        return trace.because("store " + storeId + " has " + label).decide(operator.get());
      }
    }
    return trace.because(refusals.size() + " stores have " + label).nothing();
  }

  @Override
  public Map<Long, String> leaderRefusals() {
    return new TreeMap<>(refusals);
  }
}
