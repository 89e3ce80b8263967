package dev.kittiwake.pd.meta;

import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.PeerRole;

/**
 * The regions of one store, kept up to date with every report, so that nobody has to count.
 * Confined to one thread.
 */
public final class StoreRegions {
  private final RegionIds all = new RegionIds();
  private final RegionIds leaders = new RegionIds();
  private final RegionIds followers = new RegionIds();
  private final RegionIds learners = new RegionIds();
  private final RegionIds pending = new RegionIds();
  private long leaderMiB; // sum over leaders
  private long replicaMiB; // sum over all

  void add(RegionRecord region, Peer peer) {
    long id = region.id();
    all.insert(id);
    if (peer.getRole() == PeerRole.Learner) {
      learners.insert(id);
    } else if (peer.getId() != region.leader().getId()) {
      followers.insert(id);
    }
    if (region.isPending(peer.getId())) {
      pending.insert(id);
    }
    replicaMiB += region.countedMiB();
  }

  void remove(RegionRecord region, Peer peer) {
    long id = region.id();
    all.delete(id);
    if (peer.getRole() == PeerRole.Learner) {
      learners.delete(id);
    } else if (peer.getId() != region.leader().getId()) {
      followers.delete(id);
    }
    if (region.isPending(peer.getId())) {
      pending.delete(id);
    }
    replicaMiB -= region.countedMiB();
  }

  void clear() {
    for (RegionIds ids : new RegionIds[] {all, leaders, followers, learners, pending}) {
      ids.clear();
    }
    leaderMiB = 0;
    replicaMiB = 0;
  }

  void addLeader(RegionRecord region) {
    leaders.insert(region.id());
    leaderMiB += region.countedMiB();
  }

  void removeLeader(RegionRecord region) {
    leaders.delete(region.id());
    leaderMiB -= region.countedMiB();
  }

  /** A region of the store has another size now. */
  void resize(long deltaMiB, boolean leads) {
    replicaMiB += deltaMiB;
    leaderMiB += leads ? deltaMiB : 0;
  }

  public RegionIds all() {
    return all;
  }

  public RegionIds leaders() {
    return leaders;
  }

  /** Voters that do not lead. */
  public RegionIds followers() {
    return followers;
  }

  public RegionIds learners() {
    return learners;
  }

  /** Replicas that lag too far behind their leader. */
  public RegionIds pending() {
    return pending;
  }

  public long leaderMiB() {
    return leaderMiB;
  }

  public long replicaMiB() {
    return replicaMiB;
  }
}
