package dev.kittiwake.simulation.invariant;

import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.simulation.world.SimStore;
import dev.kittiwake.simulation.world.World;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One leader per region and term; terms and epochs only grow; no store holds a key twice, or has
 * found itself to differ from the others.
 */
final class Leaders {
  private final World world;
  private final Map<Long, Map<Long, Long>> leaderOf = new HashMap<>(); // region → term → peer

  Leaders(World world) {
    this.world = world;
  }

  void check() {
    for (SimStore store : world.stores()) {
      if (store.access() == null) {
        continue;
      }
      if (!store.access().damagedRegions().isEmpty()) {
        world.violate(
            "replicas hold the same",
            store.address() + " has damaged replicas of " + store.access().damagedRegions(),
            null);
      }
      List<RegionView> views = store.access().regions();
      KeyRange before = null;
      for (RegionView view : views) {
        if (view.leader()) {
          leads(store, view);
        }
        if (before != null && before.overlaps(view.range())) {
          world.violate(
              "overlap", store.address() + " holds " + before + " and " + view.range(), null);
        }
        before = view.range();
      }
    }
  }

  private void leads(SimStore store, RegionView view) {
    Long known =
        leaderOf
            .computeIfAbsent(view.regionId(), id -> new HashMap<>())
            .putIfAbsent(view.term(), view.peer().getId());
    if (known != null && known != view.peer().getId()) {
      world.violate(
          "one leader per term",
          "region "
              + view.regionId()
              + " in term "
              + view.term()
              + " is led by peers "
              + known
              + " and "
              + view.peer().getId()
              + " ("
              + store.address()
              + ")",
          null);
    }
  }
}
