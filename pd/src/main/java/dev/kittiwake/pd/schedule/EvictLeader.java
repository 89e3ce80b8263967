package dev.kittiwake.pd.schedule;

import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Takes all leaders from some stores and lets them get none, e.g. before they are restarted. */
public final class EvictLeader implements Scheduler {
  static final String NAME = "evict-leader-scheduler";

  private final SortedSet<Long> storeIds;

  public EvictLeader(SortedSet<Long> storeIds) {
    this.storeIds = new TreeSet<>(storeIds);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Decision schedule(ClusterView view) {
    Decision.Trace trace = new Decision.Trace(name(), 0);
    for (long storeId : storeIds) {
      Optional<Operator> operator = Handover.next(storeId, "evict-leader", view, trace);
      if (operator.isPresent()) {
        return trace.because("leaders are to leave store " + storeId).decide(operator.get());
      }
      trace.because(
          "store " + storeId + " leads " + view.tree().leadersOn(storeId).size() + " regions");
    }
    return trace.nothing();
  }

  @Override
  public Map<Long, String> leaderRefusals() {
    Map<Long, String> refusals = new TreeMap<>();
    storeIds.forEach(id -> refusals.put(id, "is to have no leaders (" + NAME + ")"));
    return refusals;
  }
}
