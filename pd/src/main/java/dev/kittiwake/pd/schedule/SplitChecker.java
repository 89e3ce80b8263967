package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.proto.key.Key;
import java.util.List;

/** Cuts a region where other placement rules begin to hold: no region can obey two lists. */
public final class SplitChecker implements Checker {
  @Override
  public String name() {
    return "split-checker";
  }

  @Override
  public Decision check(RegionRecord region, ClusterView view) {
    List<Key> cuts = view.rules().cuts(region.range());
    if (cuts.isEmpty()) {
      return Decision.settled(name(), region.id(), "one list of rules holds for all its keys");
    }
    Decision.Trace trace = new Decision.Trace(name(), region.id());
    if (!region.hasLeader()) {
      return trace.because("no leader known").nothing();
    }
    return trace
        .because("other rules hold from " + cuts + " on")
        .decide(
            Operator.of(
                "rule-split-region", Operator.Kind.SPLIT, region, List.of(new SplitAtKeys(cuts))));
  }
}
