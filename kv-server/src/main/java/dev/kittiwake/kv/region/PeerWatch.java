package dev.kittiwake.kv.region;

import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.raft.Append;
import dev.kittiwake.raft.Heartbeat;
import dev.kittiwake.raft.InstallSnapshot;
import dev.kittiwake.raft.Message;
import dev.kittiwake.raft.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Watches the members of a region: a leader reports who is silent or lags, a replica without a
 * leader asks whether it is still a member. Confined to the store loop.
 */
final class PeerWatch {
  private static final int SOON_TICKS = 10;
  private static final int EARLY_TICKS = 320;

  private final StoreSettings settings;
  private final Map<Long, Long> heard =
      new LinkedHashMap<>(); // peer → last tick at which it was active
  private List<Peer> reportedPending = List.of();
  private long silence; // ticks in which no leader was heard
  private long led; // ticks in which this replica has led
  private long soon; // tick of a report out of turn; 0 = none

  PeerWatch(StoreSettings settings) {
    this.settings = settings;
  }

  void onLeaderChange() {
    silence = 0;
    led = 0;
    heard.clear();
  }

  /** A message has come. (A learner goes on believing in a leader that it no longer hears.) */
  void onMessage(Message message) {
    if (message instanceof Append
        || message instanceof Heartbeat
        || message instanceof InstallSnapshot) {
      silence = 0;
    }
  }

  void onTick(RegionReplica replica) {
    long tick = replica.ticks();
    if (replica.face().leads()) {
      Status status = replica.driver().status();
      for (Status.Peer peer : status.peers()) {
        if (peer.recentlyActive() || !heard.containsKey(peer.id())) {
          heard.put(peer.id(), tick);
        }
      }
      led++;
      boolean due =
          tick % settings.heartbeatEveryTicks() == 0 || early() || soon != 0 && tick >= soon;
      if (due || !pending(replica, status).equals(reportedPending)) {
        replica.report();
      }
    } else if (++silence % settings.staleCheckTicks() == 0) {
      askWhetherStillMember(replica);
    }
  }

  /**
   * A new leader reports after 10 ticks, after 20, 40 and so on: in a new cluster the first reports
   * come before all stores have joined, and the placement driver acts only when it is reported to.
   */
  private boolean early() {
    return led <= EARLY_TICKS && led % SOON_TICKS == 0 && Long.bitCount(led / SOON_TICKS) == 1;
  }

  /**
   * Reports a moment later: something that the placement driver wanted could not be done, and it
   * asks again when it hears of the region.
   */
  void reportSoon(RegionReplica replica) {
    soon = replica.ticks() + SOON_TICKS;
  }

  RegionReport report(RegionReplica replica) {
    RegionFace face = replica.face();
    Status status = replica.driver().status();
    List<RegionReport.SilentPeer> down = new ArrayList<>();
    for (Peer peer : face.region().getPeersList()) {
      long silence = replica.ticks() - heard.getOrDefault(peer.getId(), replica.ticks());
      if (replica.hashCheck().damaged().contains(peer.getId())) {
        down.add(new RegionReport.SilentPeer(peer, RegionReport.SilentPeer.DAMAGED));
      } else if (peer.getId() != face.peer().getId() && silence >= settings.peerDownTicks()) {
        down.add(new RegionReport.SilentPeer(peer, (int) silence));
      }
    }
    reportedPending = pending(replica, status);
    soon = 0;
    return new RegionReport(
        face.region(),
        face.peer(),
        face.term(),
        down,
        reportedPending,
        traffic(replica),
        replica.size().known() ? replica.size().estimate() : null);
  }

  private static RegionReport.Traffic traffic(RegionReplica replica) {
    RegionSize.Estimate size = replica.size().estimate();
    long bytesOfKey = size.keys() == 0 ? 0 : size.bytes() / size.keys();
    long readKeys = replica.load().keys();
    return new RegionReport.Traffic(
        replica.applier().writtenBytes(),
        replica.applier().writtenKeys(),
        readKeys * bytesOfKey,
        readKeys);
  }

  /** Peers that cannot yet take part: they wait for a snapshot. */
  private static List<Peer> pending(RegionReplica replica, Status status) {
    Region region = replica.face().region();
    long logStart = replica.log().start().index();
    List<Peer> pending = new ArrayList<>();
    for (Status.Peer peer : status.peers()) {
      boolean waits = peer.pendingSnapshot() != 0 || peer.match() < logStart;
      Peer known = Regions.peer(region, peer.id());
      if (waits && known != null && peer.id() != status.id()) {
        pending.add(known);
      }
    }
    return pending;
  }

  private static void askWhetherStillMember(RegionReplica replica) {
    if (replica.merge().isGoneFor(Merging.NOBODY)) {
      replica.destroyAsRemoved();
      return;
    }
    replica
        .context()
        .placement()
        .region(replica.regionId())
        .whenComplete(
            (known, failure) -> {
              if (failure == null) {
                replica.execute(() -> onAnswer(replica, known));
              }
            });
  }

  private static void onAnswer(RegionReplica replica, Optional<Region> known) {
    if (replica.isDestroyed()) {
      return;
    }
    if (known.isEmpty()) {
      MergedAway.findOut(replica); // if so, it goes the next time
    } else if (MergedAway.hasRemoved(known.get(), replica.face())) {
      replica.destroyAsRemoved();
    }
  }
}
