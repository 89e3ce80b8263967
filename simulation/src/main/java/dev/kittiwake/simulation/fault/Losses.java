package dev.kittiwake.simulation.fault;

import dev.kittiwake.kv.engine.EngineSnapshot;
import dev.kittiwake.kv.region.RegionImage;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.PeerRole;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.simulation.world.SimPd;
import dev.kittiwake.simulation.world.SimStore;
import dev.kittiwake.simulation.world.World;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Stores that come, and stores that may be gone for good: one at most whose log is damaged, and
 * those that were told to leave. Never so many that a region could lose its majority.
 */
final class Losses {
  private static final int NEWCOMERS = 2;
  private static final int ENOUGH_STORES = 4; // of which one may leave
  private static final int ENOUGH_VOTERS = 3; // of which one may be lost

  private final World world;
  private final Set<SimStore> leaving = new LinkedHashSet<>();
  private SimStore damaged; // null = none
  private int newcomers;

  Losses(World world) {
    this.world = world;
  }

  /** Whether no region may be made smaller: one of its members is as good as lost. */
  boolean forbidRemovals() {
    return damaged != null;
  }

  /** Whether a store may end, or not start, and stay away. */
  boolean mayGo(SimStore store) {
    return store == damaged || leaving.contains(store);
  }

  boolean isDamaged(SimStore store) {
    return store == damaged;
  }

  /** Whether the log of {@code store} may be damaged now; from then on it is the one. */
  boolean mayDamage(SimStore store) {
    if (damaged == null && leaving.isEmpty() && canDoWithout(store)) {
      damaged = store;
    }
    return store == damaged;
  }

  /**
   * Every region has voters enough to lose one, and those that have a replica there are led. One
   * that has too few, none of them there, could get another one there a moment later.
   */
  private boolean canDoWithout(SimStore store) {
    if (store.access() == null) {
      return false;
    }
    Map<Long, RegionView> led = new HashMap<>();
    for (SimStore each : world.stores()) {
      if (each.access() != null) {
        each.access().regions().stream()
            .filter(RegionView::leader)
            .forEach(view -> led.merge(view.regionId(), view, Losses::newer));
      }
    }
    return led.values().stream().allMatch(Losses::hasEnough)
        && world.stores().stream().allMatch(each -> isLed(each, store, led.keySet()));
  }

  /**
   * Whether all regions are led that have a replica on {@code lost}, as far as the disk of one
   * store knows: a store that has just started does not show its regions yet.
   */
  private static boolean isLed(SimStore one, SimStore lost, Set<Long> led) {
    try (EngineSnapshot snapshot = one.disk().engine().snapshot()) {
      return RegionImage.held(snapshot).stream()
          .filter(region -> one == lost || isMember(region, lost))
          .allMatch(region -> led.contains(region.getId()));
    }
  }

  private static boolean isMember(Region region, SimStore store) {
    return region.getPeersList().stream().anyMatch(peer -> peer.getStoreId() == store.id());
  }

  private static RegionView newer(RegionView one, RegionView other) {
    return one.term() > other.term() ? one : other;
  }

  private static boolean hasEnough(RegionView view) {
    int voters = 0;
    for (Peer peer : view.region().getPeersList()) {
      if (peer.getRole() != PeerRole.Voter) {
        return false; // a change is under way
      }
      voters++;
    }
    return voters >= ENOUGH_VOTERS;
  }

  /** A new store; null if there are enough. */
  SimStore newcomer() {
    return newcomers++ < NEWCOMERS ? world.addStore() : null;
  }

  /** Tells the placement driver that a store shall be emptied, if there are others enough. */
  void drain(SimStore store) {
    long staying = world.stores().stream().filter(each -> each.id() != 0 && !mayGo(each)).count();
    if (damaged != null || staying < ENOUGH_STORES || store.id() == 0 || mayGo(store)) {
      return;
    }
    for (SimPd pd : world.pds()) {
      if (pd.server() != null && !pd.machine().isPaused() && pd.server().leads()) {
        leaving.add(store);
        pd.machine().later(0, "drain", () -> drain(pd, store));
        return;
      }
    }
  }

  /** Nobody hears whether it worked: the store may leave or stay. */
  private static void drain(SimPd pd, SimStore store) {
    if (pd.server() != null) {
      pd.server().drainStore(store.id());
    }
  }
}
