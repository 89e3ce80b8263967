package dev.kittiwake.cli.chaos;

import dev.kittiwake.cli.chaos.process.ClusterPages;
import dev.kittiwake.cli.chaos.process.Node;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Whether every replica has applied what its leader had committed when this was first asked. Used
 * for one recovery.
 */
final class CaughtUp {
  private final ClusterPages pages;
  private final List<Node> stores;
  private final Map<Long, Long> goals = new TreeMap<>(); // region to commit index; empty at first
  private String lacking = "nothing was seen yet";

  CaughtUp(ClusterPages pages, List<Node> stores) {
    this.pages = pages;
    this.stores = stores;
  }

  /** Looks once. */
  boolean holds() throws IOException {
    List<ClusterPages.Region> regions;
    try {
      regions = pages.regions();
    } catch (IOException away) {
      lacking = "the placement driver does not answer";
      return false;
    }
    List<List<ClusterPages.Replica>> replicas = new ArrayList<>();
    for (Node store : stores) {
      Optional<List<ClusterPages.Replica>> own = pages.replicas(store.statusAddress());
      if (own.isEmpty()) {
        lacking = store.name() + " does not answer";
        return false;
      }
      replicas.add(own.get());
    }
    return regions.stream().allMatch(region -> holds(region.id(), replicas));
  }

  private boolean holds(long region, List<List<ClusterPages.Replica>> replicas) {
    if (!goals.containsKey(region)) {
      Optional<ClusterPages.Replica> leader =
          replicas.stream()
              .flatMap(List::stream)
              .filter(replica -> replica.region() == region && replica.leader())
              .findFirst();
      if (leader.isEmpty()) {
        lacking = "region " + region + " has no leader";
        return false;
      }
      goals.put(region, leader.get().commit());
    }
    for (int i = 0; i < replicas.size(); i++) {
      for (ClusterPages.Replica replica : replicas.get(i)) {
        if (replica.region() == region && replica.applied() < goals.get(region)) {
          lacking =
              "region %d on %s has applied %d of %d"
                  .formatted(region, stores.get(i).name(), replica.applied(), goals.get(region));
          return false;
        }
      }
    }
    return true;
  }

  /** What kept it from holding when last looked, for people. */
  String lacking() {
    return lacking;
  }
}
