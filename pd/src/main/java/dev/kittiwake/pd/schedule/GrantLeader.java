package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionIds;
import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.proto.metapb.Peer;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Makes some stores lead every region that they have a replica of, unless a rule or another
 * scheduler lets them not lead; balancing takes nothing from them meanwhile.
 */
public final class GrantLeader implements Scheduler {
  static final String NAME = "grant-leader-scheduler";
  private static final int TRIES = 32;

  private final SortedSet<Long> storeIds;

  public GrantLeader(SortedSet<Long> storeIds) {
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
      StoreView store = view.store(storeId).orElse(null);
      if (store == null || !store.serves()) {
        trace.because("store " + storeId + " does not serve");
        continue;
      }
      if (!store.leaderRefusal().isEmpty()) {
        trace.because("store " + storeId + " " + store.leaderRefusal());
        continue;
      }
      RegionIds ids = store.regions().followers();
      int from = ids.isEmpty() ? 0 : view.random().nextInt(ids.size());
      for (int i = 0; i < Math.min(TRIES, ids.size()); i++) {
        RegionRecord region = view.region(ids.at((from + i) % ids.size())).orElseThrow();
        Peer peer = region.peerOn(storeId).orElseThrow();
        if (!region.hasLeader()
            || storeIds.contains(region.leader().getStoreId())
            || view.isBusy(region.id())
            || region.isJoint()
            || !BalanceLeader.mayLead(region, peer)
            || !LeaderRoles.allow(region, peer, view)) {
          continue;
        }
        return trace
            .because("leaders are to go to store " + storeId)
            .decide(
                Operator.of(
                        "grant-leader",
                        Operator.Kind.LEADER,
                        region,
                        List.of(new OperatorStep.TransferLeader(storeId, peer.getId())))
                    .with(Operator.Priority.HIGH));
      }
      trace.because("store " + storeId + " follows in " + ids.size() + " regions");
    }
    return trace.nothing();
  }

  @Override
  public Map<Long, String> leaderHolds() {
    Map<Long, String> holds = new TreeMap<>();
    storeIds.forEach(id -> holds.put(id, "keeps its leaders (" + NAME + ")"));
    return holds;
  }
}
