package dev.kittiwake.pd.schedule;

import java.util.Map;
import java.util.Optional;

/**
 * Takes the leaders from a store that has become slow, and lets it lead again when it has been well
 * for a while. One store at a time: if all are slow, moving leaders mends nothing.
 */
public final class SlowStore implements Scheduler {
  static final String NAME = "evict-slow-store-scheduler";
  private static final long WELL = 1;

  private long evicted; // 0: none
  private long wellSinceMillis = -1; // -1: it is not well

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Decision schedule(ClusterView view) {
    Decision.Trace trace = new Decision.Trace(name(), 0);
    if (evicted == 0) {
      long limit = view.config().number(ScheduleSetting.SLOW_STORE_SCORE);
      long slow = 0;
      long found = 0;
      for (StoreView store : view.stores()) {
        if (store.serves() && store.slowScore() >= limit) {
          slow++;
          found = store.id();
        }
      }
      if (slow != 1) {
        return trace.because(slow + " stores are slow").nothing();
      }
      evicted = found;
      wellSinceMillis = -1;
      view.store(evicted).ifPresent(store -> store.refuseLeaders(refusal(evicted)));
    }
    return evict(view, trace);
  }

  private Decision evict(ClusterView view, Decision.Trace trace) {
    StoreView store = view.store(evicted).filter(one -> !one.isTombstone()).orElse(null);
    if (store == null || hasRecovered(store, view)) {
      trace.because("store " + evicted + (store == null ? " is gone" : " is well again"));
      evicted = 0;
      return trace.nothing();
    }
    trace.because("store " + evicted + " is slow (" + store.slowScore() + ")");
    Optional<Operator> operator = Handover.next(evicted, "evict-slow-store", view, trace);
    return operator.map(trace::decide).orElseGet(trace::nothing);
  }

  private boolean hasRecovered(StoreView store, ClusterView view) {
    if (store.slowScore() > WELL) {
      wellSinceMillis = -1;
      return false;
    }
    if (wellSinceMillis < 0) {
      wellSinceMillis = view.nowMillis();
    }
    return view.nowMillis() - wellSinceMillis
        >= view.config().number(ScheduleSetting.SLOW_STORE_RECOVERY);
  }

  private static String refusal(long storeId) {
    return "was slow (" + NAME + ", store " + storeId + ")";
  }

  @Override
  public Map<Long, String> leaderRefusals() {
    return evicted == 0 ? Map.of() : Map.of(evicted, refusal(evicted));
  }
}
