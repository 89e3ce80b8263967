package dev.kittiwake.pd.schedule;

/** Refuses stores. Pure. */
@FunctionalInterface
interface StoreFilter {
  /** Why the store cannot be chosen, as a fact about it; empty if it can. */
  String refuse(StoreView store, ClusterView view);
}
