package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;

/** Looks at one region and says what it lacks. Pure. */
public interface Checker {
  /** As it is written in reasons and metrics, e.g. {@code replica-checker}. */
  String name();

  Decision check(RegionRecord region, ClusterView view);
}
