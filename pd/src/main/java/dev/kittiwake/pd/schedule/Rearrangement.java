package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.PeerRole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The steps from how a region stands to how it should stand. A replica goes only after the one that
 * takes its place has caught up and votes; who leads hands over before he goes.
 */
final class Rearrangement {
  private final RegionRecord region;
  private final ClusterView view;
  private final Map<Long, Boolean> wanted = new LinkedHashMap<>(); // store to whether it votes
  private long leaderStore; // 0: as it is, or who takes the leader's place
  private String obstacle = "";

  Rearrangement(RegionRecord region, ClusterView view) {
    this.region = region;
    this.view = view;
    for (Peer peer : region.peers()) {
      wanted.put(peer.getStoreId(), peer.getRole() != PeerRole.Learner);
    }
  }

  Rearrangement voter(long storeId) {
    wanted.put(storeId, true);
    return this;
  }

  Rearrangement learner(long storeId) {
    wanted.put(storeId, false);
    return this;
  }

  Rearrangement without(long storeId) {
    wanted.remove(storeId);
    return this;
  }

  Rearrangement leader(long storeId) {
    leaderStore = storeId;
    return this;
  }

  /** Why {@link #plan} found no way. */
  String obstacle() {
    return obstacle;
  }

  /** None if there is nothing to do, or no way; then {@link #obstacle} says why. */
  Optional<Operator> plan(String name, Operator.Kind kind) {
    Optional<List<OperatorStep>> steps = steps();
    return steps.filter(some -> !some.isEmpty()).map(some -> Operator.of(name, kind, region, some));
  }

  Optional<List<OperatorStep>> steps() {
    List<Added> added = new ArrayList<>();
    for (Map.Entry<Long, Boolean> seat : wanted.entrySet()) {
      if (region.peerOn(seat.getKey()).isEmpty()) {
        OptionalLong id = view.newId();
        if (id.isEmpty()) {
          obstacle = "waiting for ids";
          return Optional.empty();
        }
        added.add(new Added(seat.getKey(), id.getAsLong(), seat.getValue()));
      }
    }
    List<Peer> removed = new ArrayList<>();
    List<Peer> promoted = new ArrayList<>();
    List<Peer> demoted = new ArrayList<>();
    for (Peer peer : region.peers()) {
      Boolean votes = wanted.get(peer.getStoreId());
      boolean learns = peer.getRole() == PeerRole.Learner;
      if (votes == null) {
        removed.add(peer);
      } else if (votes && learns) {
        promoted.add(peer);
      } else if (!votes && !learns) {
        demoted.add(peer);
      }
    }
    Optional<OperatorStep> transfer = transfer(added, removed, demoted);
    if (!obstacle.isEmpty()) {
      return Optional.empty();
    }
    boolean joint =
        view.config().jointConsensus()
            && voters(added) + promoted.size() + demoted.size() + voters(removed, 0) > 1;
    return Optional.of(
        joint
            ? jointly(added, removed, promoted, demoted, transfer)
            : oneByOne(added, removed, promoted, demoted, transfer));
  }

  private record Added(long storeId, long peerId, boolean votes) {}

  private static int voters(List<Added> added) {
    return (int) added.stream().filter(Added::votes).count();
  }

  private static int voters(List<Peer> peers, int none) {
    return none + (int) peers.stream().filter(p -> p.getRole() != PeerRole.Learner).count();
  }

  /** Empty if the leader stays; sets the obstacle if nobody can take over. */
  private Optional<OperatorStep> transfer(
      List<Added> added, List<Peer> removed, List<Peer> demoted) {
    long present = region.leader().getStoreId();
    boolean leaves =
        removed.stream().anyMatch(peer -> peer.getStoreId() == present)
            || demoted.stream().anyMatch(peer -> peer.getStoreId() == present);
    if (leaderStore == present || (leaderStore == 0 && !leaves)) {
      if (leaves) {
        obstacle = "store " + present + " cannot lead: it is to give up its vote";
      }
      return Optional.empty();
    }
    if (leaderStore != 0) {
      Optional<OperatorStep> wish = transferTo(leaderStore, added);
      if (wish.isPresent()) {
        return wish;
      }
      if (!leaves) { // somebody else is no substitute: he would have to hand over again
        obstacle = "store " + leaderStore + " cannot lead now: " + leadRefusal(leaderStore);
        return Optional.empty();
      }
    }
    for (Added one : added) {
      if (one.votes() && mayLead(one.storeId())) {
        return Optional.of(new OperatorStep.TransferLeader(one.storeId(), one.peerId()));
      }
    }
    for (boolean strict : new boolean[] {true, false}) {
      for (Peer peer : region.peers()) {
        if (peer.getStoreId() != present
            && leadRefusal(peer.getStoreId()).isEmpty()
            && (!strict || mayLead(peer.getStoreId()))) {
          return Optional.of(new OperatorStep.TransferLeader(peer.getStoreId(), peer.getId()));
        }
      }
    }
    if (!added.isEmpty() && added.get(0).votes()) {
      return Optional.of(
          new OperatorStep.TransferLeader(added.get(0).storeId(), added.get(0).peerId()));
    }
    if (leaves) {
      obstacle = "it leads and no other voter can";
    }
    return Optional.empty();
  }

  private Optional<OperatorStep> transferTo(long storeId, List<Added> added) {
    for (Added one : added) {
      if (one.storeId() == storeId && one.votes()) {
        return Optional.of(new OperatorStep.TransferLeader(storeId, one.peerId()));
      }
    }
    return region
        .peerOn(storeId)
        .filter(peer -> leadRefusal(storeId).isEmpty())
        .map(peer -> new OperatorStep.TransferLeader(storeId, peer.getId()));
  }

  /** Why the region's replica on the store cannot take the lead; empty if it can. */
  private String leadRefusal(long storeId) {
    Optional<Peer> peer = region.peerOn(storeId);
    if (peer.isEmpty() || peer.get().getIsWitness()) {
      return "it has no replica that could";
    }
    if (!Boolean.TRUE.equals(wanted.get(storeId))) {
      return "its replica has no vote";
    }
    if (region.isDown(peer.get().getId())) {
      return "its replica does not answer";
    }
    if (region.isPending(peer.get().getId())) {
      return "its replica lags";
    }
    return view.store(storeId).filter(StoreView::answers).isEmpty() ? "it is not heard of" : "";
  }

  private boolean mayLead(long storeId) {
    return view.store(storeId)
        .filter(store -> Filters.passes(Filters.LEADER_TARGET, store, view))
        .isPresent();
  }

  private static List<OperatorStep> oneByOne(
      List<Added> added,
      List<Peer> removed,
      List<Peer> promoted,
      List<Peer> demoted,
      Optional<OperatorStep> transfer) {
    List<OperatorStep> steps = new ArrayList<>();
    List<OperatorStep> after = new ArrayList<>(); // wait for who leads next
    boolean handedOver = transfer.isEmpty();
    promoted.forEach(p -> steps.add(new OperatorStep.PromoteLearner(p.getStoreId(), p.getId())));
    List<Peer> toGo = new ArrayList<>(removed);
    for (Added one : added) {
      steps.add(new OperatorStep.AddLearner(one.storeId(), one.peerId()));
      if (one.votes()) {
        steps.add(new OperatorStep.PromoteLearner(one.storeId(), one.peerId()));
      }
      if (!handedOver && isTo(transfer.get(), one.peerId())) {
        steps.add(transfer.get());
        handedOver = true;
      }
      if (!toGo.isEmpty()) {
        Peer gone = toGo.remove(0);
        (handedOver ? steps : after)
            .add(new OperatorStep.RemovePeer(gone.getStoreId(), gone.getId()));
      }
    }
    if (!handedOver) {
      steps.add(transfer.get());
    }
    steps.addAll(after);
    demoted.forEach(p -> steps.add(new DemoteVoter(p.getStoreId(), p.getId())));
    toGo.forEach(p -> steps.add(new OperatorStep.RemovePeer(p.getStoreId(), p.getId())));
    return steps;
  }

  private static boolean isTo(OperatorStep transfer, long peerId) {
    return ((OperatorStep.TransferLeader) transfer).peerId() == peerId;
  }

  private static List<OperatorStep> jointly(
      List<Added> added,
      List<Peer> removed,
      List<Peer> promoted,
      List<Peer> demoted,
      Optional<OperatorStep> transfer) {
    List<OperatorStep> steps = new ArrayList<>();
    List<OperatorStep.Seat> up = new ArrayList<>();
    List<OperatorStep.Seat> down = new ArrayList<>();
    for (Added one : added) {
      steps.add(new OperatorStep.AddLearner(one.storeId(), one.peerId()));
      if (one.votes()) {
        up.add(new OperatorStep.Seat(one.storeId(), one.peerId()));
      }
    }
    promoted.forEach(p -> up.add(new OperatorStep.Seat(p.getStoreId(), p.getId())));
    demoted.forEach(p -> down.add(new OperatorStep.Seat(p.getStoreId(), p.getId())));
    for (Peer peer : removed) {
      if (peer.getRole() != PeerRole.Learner) {
        down.add(new OperatorStep.Seat(peer.getStoreId(), peer.getId()));
      }
    }
    steps.add(new OperatorStep.EnterJoint(up, down));
    transfer.ifPresent(steps::add);
    steps.add(new OperatorStep.LeaveJoint(up.size() + down.size()));
    removed.forEach(p -> steps.add(new OperatorStep.RemovePeer(p.getStoreId(), p.getId())));
    return steps;
  }
}
