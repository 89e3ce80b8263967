package dev.kittiwake.pd.cluster;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.pd.meta.RegionTree;
import dev.kittiwake.pd.meta.SaveRegions;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.Store;
import dev.kittiwake.proto.metapb.StoreState;
import dev.kittiwake.proto.pdpb.Error;
import dev.kittiwake.proto.pdpb.ErrorType;
import dev.kittiwake.proto.pdpb.RegionHeartbeatRequest;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import dev.kittiwake.proto.pdpb.ResponseHeader;
import io.grpc.Status;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes region heartbeats in. Confined to the loop. */
public final class RegionReports {
  private static final Logger log = LoggerFactory.getLogger(RegionReports.class);

  private final PdCluster cluster;
  private final SortedMap<Long, Region> dirty = new TreeMap<>(); // to be persisted
  private final SortedSet<Long> removed = new TreeSet<>();
  private boolean flushIsDue;
  private long taken;
  private long stale;

  RegionReports(PdCluster cluster) {
    this.cluster = cluster;
  }

  /** Reports of regions that told how things are, since this member started. */
  public long taken() {
    return taken;
  }

  /** Reports that were older than what was known. */
  public long stale() {
    return stale;
  }

  /** One heartbeat has arrived on a stream. Faults of the sender end its stream. */
  public void onHeartbeat(RegionStreams.Stream stream, RegionHeartbeatRequest heartbeat) {
    if (!cluster.meta().isBootstrapped()) {
      stream.responses().accept(refused(ErrorType.NOT_BOOTSTRAPPED, "cluster is not bootstrapped"));
      end(stream, Status.FAILED_PRECONDITION.withDescription("cluster is not bootstrapped"));
      return;
    }
    long storeId = heartbeat.getLeader().getStoreId();
    Optional<Store> store = cluster.meta().store(storeId);
    if (heartbeat.getLeader().getId() == 0 || store.isEmpty()) {
      end(
          stream,
          Status.INVALID_ARGUMENT.withDescription(
              "region heartbeat from unknown store " + Long.toUnsignedString(storeId)));
      return;
    }
    if (store.get().getState() == StoreState.Tombstone) {
      return;
    }
    cluster.streams().bind(storeId, stream);
    Region region = heartbeat.getRegion();
    if (region.getId() == 0 || region.getPeersCount() == 0) {
      stream
          .responses()
          .accept(refused(ErrorType.UNKNOWN, "region heartbeat without region id or peers"));
      return;
    }
    take(RegionRecord.of(heartbeat));
  }

  private void take(RegionRecord report) {
    RegionTree.Offered offered = cluster.tree().offer(report);
    if (offered instanceof RegionTree.Offered.Stale) {
      stale++;
      log.debug("event=stale_heartbeat reason={}", ((RegionTree.Offered.Stale) offered).reason());
      return;
    }
    taken++;
    RegionTree.Offered.Accepted accepted = (RegionTree.Offered.Accepted) offered;
    if (!accepted.overlapped().isEmpty()
        || isNew(accepted, cluster.tree().find(report.id()).orElseThrow())) {
      persistSoon(report, accepted);
    }
    cluster.placement().onReport(cluster.tree().find(report.id()).orElseThrow(), accepted);
  }

  /** Whether range, epoch or peers are others than those that are persisted. */
  private static boolean isNew(RegionTree.Offered.Accepted accepted, RegionRecord taken) {
    return accepted.previous().isEmpty() || accepted.previous().get().differsDurably(taken);
  }

  private void persistSoon(RegionRecord report, RegionTree.Offered.Accepted accepted) {
    dirty.put(report.id(), report.region());
    removed.remove(report.id());
    for (long ended : accepted.ended()) { // what is left of the others is still worth knowing
      dirty.remove(ended);
      removed.add(ended);
    }
    if (!flushIsDue) {
      flushIsDue = true;
      cluster.runtime().loop().execute(this::flush);
    }
  }

  /**
   * What one loop round changed goes into one entry. If that fails, a new leader hears it again.
   */
  private void flush() {
    flushIsDue = false;
    SaveRegions command = new SaveRegions(List.copyOf(dirty.values()), List.copyOf(removed));
    dirty.clear();
    removed.clear();
    cluster
        .propose(command)
        .whenComplete(
            (outcome, failure) -> {
              if (failure != null) {
                log.info("event=regions_not_saved reason={}", failure.toString());
              }
            });
  }

  private void end(RegionStreams.Stream stream, Status status) {
    cluster.streams().remove(stream);
    stream.closed().accept(status.asRuntimeException());
  }

  private RegionHeartbeatResponse refused(ErrorType type, String message) {
    return RegionHeartbeatResponse.newBuilder()
        .setHeader(
            ResponseHeader.newBuilder()
                .setClusterId(cluster.meta().clusterId())
                .setError(Error.newBuilder().setType(type).setMessage(message)))
        .build();
  }
}
