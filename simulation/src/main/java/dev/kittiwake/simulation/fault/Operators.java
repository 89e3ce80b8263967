package dev.kittiwake.simulation.fault;

import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.proto.eraftpb.ConfChangeType;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.PeerRole;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.pdpb.AllocIDRequest;
import dev.kittiwake.proto.pdpb.ChangePeer;
import dev.kittiwake.proto.pdpb.Merge;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import dev.kittiwake.proto.pdpb.TransferLeader;
import dev.kittiwake.proto.rpc.PdMethod;
import dev.kittiwake.simulation.world.SimClient;
import dev.kittiwake.simulation.world.SimStore;
import dev.kittiwake.simulation.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * What an operator, or a placement driver with strange ideas, does to regions under way: steps are
 * handed to leaders as if the placement driver had sent them.
 */
public final class Operators {
  private final World world;
  private final List<Key> splitKeys;

  /**
   * @param splitKeys stored keys at which regions may be split
   */
  public Operators(World world, List<Key> splitKeys) {
    this.world = world;
    this.splitKeys = List.copyOf(splitKeys);
  }

  /** A region as its leader sees it. */
  private record Led(SimStore store, RegionView view) {}

  private List<Led> led() {
    List<Led> found = new ArrayList<>();
    for (SimStore store : world.stores()) {
      if (store.machine().isRunning() && !store.machine().isPaused() && store.access() != null) {
        for (RegionView view : store.access().regions()) {
          if (view.leader()) {
            found.add(new Led(store, view));
          }
        }
      }
    }
    return found;
  }

  private Led any(long amount) {
    List<Led> led = led();
    return led.isEmpty() ? null : led.get((int) (amount % led.size()));
  }

  /** Splits the region that holds a split key at it. */
  public void split(long amount) {
    Key key = splitKeys.get((int) (amount % splitKeys.size()));
    for (Led led : led()) {
      if (led.view().contains(key) && !led.view().range().start().equals(key)) {
        led.store()
            .machine()
            .later(0, "split", () -> led.store().access().split(led.view(), List.of(key)));
        return;
      }
    }
  }

  void transfer(long amount, int toStore) {
    Led led = any(amount);
    Peer peer = led == null ? null : peerOn(led.view(), toStore);
    if (peer != null) {
      step(led, b -> b.setTransferLeader(TransferLeader.newBuilder().setPeer(peer)));
    }
  }

  void addPeer(long amount, int onStore) {
    Led led = any(amount);
    if (led == null) {
      return;
    }
    SimStore store = world.stores().get(onStore % world.stores().size());
    Peer present = peerOn(led.view(), onStore);
    if (present == null && store.id() != 0) {
      allocateId(
          id ->
              step(
                  led,
                  b ->
                      b.setChangePeer(
                          change(
                              ConfChangeType.AddLearnerNode,
                              Peer.newBuilder()
                                  .setId(id)
                                  .setStoreId(store.id())
                                  .setRole(PeerRole.Learner)
                                  .build()))));
    } else if (present != null && present.getRole() == PeerRole.Learner) {
      Peer voter = present.toBuilder().setRole(PeerRole.Voter).build();
      step(led, b -> b.setChangePeer(change(ConfChangeType.AddNode, voter)));
    }
  }

  /** Ids grow, and stores count on that: only the placement driver hands them out. */
  private void allocateId(LongConsumer use) {
    for (SimClient client : world.clients()) {
      if (client.machine().isRunning() && !client.machine().isPaused()) {
        client
            .client()
            .pd()
            .call(PdMethod.ALLOC_ID, AllocIDRequest.getDefaultInstance())
            .thenAccept(answer -> use.accept(answer.getId()));
        return;
      }
    }
  }

  void removePeer(long amount, int onStore) {
    Led led = any(amount);
    Peer peer = led == null ? null : peerOn(led.view(), onStore);
    if (peer != null && led.view().region().getPeersCount() > 1) {
      step(led, b -> b.setChangePeer(change(ConfChangeType.RemoveNode, peer)));
    }
  }

  /** A region is told to go up in a neighbour. */
  void merge(long amount) {
    Led source = any(amount);
    if (source == null) {
      return;
    }
    for (Led other : led()) {
      if (areNeighbours(source.view().region(), other.view().region())) {
        step(source, b -> b.setMerge(Merge.newBuilder().setTarget(other.view().region())));
        return;
      }
    }
  }

  private static boolean areNeighbours(Region one, Region other) {
    return !one.getEndKey().isEmpty() && one.getEndKey().equals(other.getStartKey())
        || !other.getEndKey().isEmpty() && other.getEndKey().equals(one.getStartKey());
  }

  private static ChangePeer change(ConfChangeType type, Peer peer) {
    return ChangePeer.newBuilder().setChangeType(type).setPeer(peer).build();
  }

  private static void step(Led led, Consumer<RegionHeartbeatResponse.Builder> fill) {
    RegionHeartbeatResponse.Builder step =
        RegionHeartbeatResponse.newBuilder()
            .setRegionId(led.view().regionId())
            .setRegionEpoch(led.view().region().getRegionEpoch());
    fill.accept(step);
    led.store()
        .machine()
        .later(
            0,
            "step",
            () -> {
              if (led.store().access() != null) {
                led.store().node().store().onPlacementStep(step.build());
              }
            });
  }

  private Peer peerOn(RegionView view, int number) {
    SimStore store = world.stores().get(number % world.stores().size());
    for (Peer peer : view.region().getPeersList()) {
      if (peer.getStoreId() == store.id()) {
        return peer;
      }
    }
    return null;
  }
}
