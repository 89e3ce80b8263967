package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.PeerRole;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Moves a leader from the store with the most to one with the fewest that has a replica. */
public final class BalanceLeader implements Scheduler {
  @Override
  public String name() {
    return "balance-leader-scheduler";
  }

  @Override
  public Decision schedule(ClusterView view) {
    Decision.Trace trace = new Decision.Trace(name(), 0);
    List<StoreView> serving =
        view.stores().stream()
            .filter(store -> store.isUp() && !store.isDisconnected(view.config()) && !store.busy())
            .sorted(
                Comparator.comparingInt(StoreView::leaders)
                    .reversed()
                    .thenComparingLong(StoreView::id))
            .toList();
    for (StoreView source : serving) {
      for (long regionId : view.leadersOn(source.id())) {
        Optional<RegionRecord> region = view.region(regionId);
        if (region.isEmpty() || view.isBusy(regionId) || region.get().isJoint()) {
          continue;
        }
        Optional<Peer> target = target(region.get(), source, serving, view.config());
        if (target.isPresent()) {
          int reached =
              serving.stream()
                  .filter(store -> store.id() == target.get().getStoreId())
                  .mapToInt(StoreView::leaders)
                  .sum();
          return trace
              .because(
                  "store "
                      + source.id()
                      + " leads "
                      + source.leaders()
                      + ", store "
                      + target.get().getStoreId()
                      + " leads "
                      + reached)
              .decide(
                  Operator.of(
                      "balance-leader",
                      Operator.Kind.LEADER,
                      region.get(),
                      List.of(
                          new OperatorStep.TransferLeader(
                              target.get().getStoreId(), target.get().getId()))));
        }
      }
      trace.because("store " + source.id() + " leads " + source.leaders() + ", nothing to move");
    }
    return trace.nothing();
  }

  private static Optional<Peer> target(
      RegionRecord region, StoreView source, List<StoreView> serving, ScheduleConfig config) {
    return serving.stream()
        .filter(store -> source.leaders() - store.leaders() >= config.leaderTolerance())
        .sorted(Comparator.comparingInt(StoreView::leaders).thenComparingLong(StoreView::id))
        .map(store -> region.peerOn(store.id()))
        .flatMap(Optional::stream)
        .filter(peer -> peer.getRole() == PeerRole.Voter && !peer.getIsWitness())
        .filter(peer -> !region.isDown(peer.getId()) && !region.isPending(peer.getId()))
        .findFirst();
  }
}
