package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.proto.metapb.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Joins a small region with its smaller neighbour. First the source's replicas go where the
 * target's are; then the source's leader is told. Both regions have an operator meanwhile.
 */
public final class MergeChecker implements Checker {
  /** What both have together must stay below the size at which stores split. */
  private static final long RESULT_FACTOR = 4;

  @Override
  public String name() {
    return "merge-checker";
  }

  @Override
  public Decision check(RegionRecord region, ClusterView view) {
    String unfit = refuseSource(region, view);
    if (!unfit.isEmpty()) {
      return Decision.settled(name(), region.id(), unfit);
    }
    Decision.Trace trace = new Decision.Trace(name(), region.id());
    if (!view.operators().isBelowLimit(Operator.Kind.MERGE, view.config())) {
      return trace.because("as many merges as may run are running").nothing();
    }
    RegionRecord best = null;
    for (Optional<RegionRecord> neighbour :
        List.of(view.tree().before(region), view.tree().after(region))) {
      if (neighbour.isEmpty()) {
        continue;
      }
      RegionRecord other = neighbour.get();
      String refused = refuseTarget(region, other, view);
      trace.because(
          "neighbour "
              + other.id()
              + (refused.isEmpty()
                  ? " has " + other.load().approximateBytes() + " bytes"
                  : " " + refused));
      if (refused.isEmpty()
          && (best == null || other.load().approximateBytes() < best.load().approximateBytes())) {
        best = other;
      }
    }
    return best == null ? trace.nothing() : merge(region, best, view, trace);
  }

  private static long maxBytes(ClusterView view) {
    return view.config().number(ScheduleSetting.MAX_MERGE_REGION_SIZE);
  }

  private static String refuseSource(RegionRecord region, ClusterView view) {
    if (region.load().approximateBytes() == 0) {
      return "its size is not known";
    }
    if (region.load().approximateBytes() > maxBytes(view)
        || region.load().approximateKeys()
            > view.config().number(ScheduleSetting.MAX_MERGE_REGION_KEYS)) {
      return "is not small";
    }
    return refuse(region, view);
  }

  /** What holds for both sides. */
  private static String refuse(RegionRecord region, ClusterView view) {
    if (!region.isHealthy()) {
      return "has a replica that is missing, lagging or learning";
    }
    if (region.peers().size() != wanted(region, view)) {
      return "has " + region.peers().size() + " replicas";
    }
    long since = view.unsplitMillis(region.id());
    if (since < view.config().number(ScheduleSetting.SPLIT_MERGE_INTERVAL)) {
      return "was split " + since / 1000 + " s ago";
    }
    return isHot(region, view) ? "is hot" : "";
  }

  private static int wanted(RegionRecord region, ClusterView view) {
    return view.rules().of(region.range()).stream().mapToInt(rule -> rule.count()).sum();
  }

  static boolean isHot(RegionRecord region, ClusterView view) {
    return view.store(region.leader().getStoreId())
        .filter(
            store ->
                view.hot()
                    .isHot(
                        region,
                        view.config().number(ScheduleSetting.HOT_REGION_CACHE_HITS_THRESHOLD),
                        store.regions().leaders().size(),
                        store.regions().all().size()))
        .isPresent();
  }

  private static String refuseTarget(RegionRecord source, RegionRecord target, ClusterView view) {
    if (view.isBusy(target.id())) {
      return "has an operator";
    }
    if (!view.rules().of(source.range()).equals(view.rules().of(target.range()))) {
      return "has other rules";
    }
    long together = source.load().approximateBytes() + target.load().approximateBytes();
    if (target.load().approximateBytes() == 0 || together > RESULT_FACTOR * maxBytes(view)) {
      return "is too large";
    }
    String leaving = onLeavingStore(source, target, view);
    return leaving.isEmpty() ? refuse(target, view) : leaving;
  }

  /** The source's replicas would move to stores that give theirs away, and from there again. */
  private static String onLeavingStore(RegionRecord source, RegionRecord target, ClusterView view) {
    for (Peer peer : target.peers()) {
      boolean serves = view.store(peer.getStoreId()).filter(StoreView::serves).isPresent();
      if (!serves && source.peerOn(peer.getStoreId()).isEmpty()) {
        return "has a replica on store " + peer.getStoreId() + ", which takes none";
      }
    }
    return "";
  }

  private static Decision merge(
      RegionRecord source, RegionRecord target, ClusterView view, Decision.Trace trace) {
    Optional<List<Operator>> both = plan(source, target, view);
    if (both.isEmpty()) {
      return trace.because("waiting for ids").nothing();
    }
    return trace
        .because("small enough to go up in region " + target.id())
        .decide(both.get().get(0), both.get().get(1));
  }

  /** What source and target have to do; none while there are no ids for replicas. */
  static Optional<List<Operator>> plan(RegionRecord source, RegionRecord target, ClusterView view) {
    Rearrangement plan = new Rearrangement(source, view);
    for (Peer peer : source.peers()) {
      if (target.peerOn(peer.getStoreId()).isEmpty()) {
        plan.without(peer.getStoreId());
      }
    }
    target.peers().forEach(peer -> plan.voter(peer.getStoreId()));
    Optional<List<OperatorStep>> moves = plan.steps();
    if (moves.isEmpty()) {
      return Optional.empty();
    }
    List<OperatorStep> steps = new ArrayList<>(moves.get());
    steps.add(new MergeRegion(source.id(), source.range(), target.region(), false));
    MergeRegion wait = new MergeRegion(source.id(), source.range(), target.region(), true);
    return Optional.of(
        List.of(
            Operator.of("merge-region", Operator.Kind.MERGE, source, steps),
            Operator.of("merge-region", Operator.Kind.MERGE, target, List.of(wait))));
  }
}
