package dev.kittiwake.pd.schedule;

/** Looks at the whole cluster and proposes one move. Pure. */
public interface Scheduler {
  /** As it is written in reasons and metrics, e.g. {@code balance-leader-scheduler}. */
  String name();

  Decision schedule(ClusterView view);
}
