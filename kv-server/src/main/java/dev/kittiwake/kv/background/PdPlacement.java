package dev.kittiwake.kv.background;

import dev.kittiwake.client.pd.PdClient;
import dev.kittiwake.client.pd.RegionRoute;
import dev.kittiwake.kv.region.Placement;
import dev.kittiwake.kv.region.RegionReport;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.pdpb.AskBatchSplitRequest;
import dev.kittiwake.proto.pdpb.AskBatchSplitResponse;
import dev.kittiwake.proto.pdpb.PeerStats;
import dev.kittiwake.proto.pdpb.RegionHeartbeatRequest;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import dev.kittiwake.proto.pdpb.ReportBatchSplitRequest;
import dev.kittiwake.proto.pdpb.SplitID;
import dev.kittiwake.proto.pdpb.TimeInterval;
import dev.kittiwake.proto.rpc.PdEndpoint.RegionHeartbeats;
import dev.kittiwake.proto.rpc.PdMethod;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The placement driver as the replicas see it: region reports leave on one heartbeat stream, which
 * is opened again when it ends, and the steps that come back go to the store. Thread-safe.
 */
public final class PdPlacement implements Placement, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PdPlacement.class);

  /** So long a silence means to the placement driver that a peer is damaged. */
  private static final long DAMAGED_SECONDS = 1_000_000_000;

  private final PdClient pd;
  private final Executor background;
  private final ScheduledExecutorService timer;
  private final InstantSource clock;
  private final long tickMillis;
  private final long reopenMillis;
  private final TrafficMeter traffic = new TrafficMeter(); // guarded by this
  private volatile Consumer<RegionHeartbeatResponse> steps = step -> {};
  private volatile Runnable opened = () -> {};
  private RegionHeartbeats stream; // guarded by this; null = not open
  private long attempt; // guarded by this; the openings so far, to tell old streams from new
  private boolean ended; // guarded by this; whether the stream of the last attempt has ended
  private volatile boolean closed;

  /**
   * @param tickMillis length of the store's tick, to turn ticks into seconds
   * @param reopenMillis pause before a broken stream is opened again
   */
  public PdPlacement(
      PdClient pd,
      Executor background,
      ScheduledExecutorService timer,
      InstantSource clock,
      long tickMillis,
      long reopenMillis) {
    this.pd = pd;
    this.background = background;
    this.timer = timer;
    this.clock = clock;
    this.tickMillis = tickMillis;
    this.reopenMillis = reopenMillis;
  }

  /**
   * Opens the stream.
   *
   * @param receiver gets what the placement driver wants done, on any thread
   * @param onOpened is run whenever a stream has been opened: a placement driver that was started
   *     again knows no leaders until it is told
   */
  public void start(Consumer<RegionHeartbeatResponse> receiver, Runnable onOpened) {
    steps = receiver;
    opened = onOpened;
    open();
  }

  private void open() {
    long number;
    synchronized (this) {
      number = ++attempt;
      ended = false;
    }
    RegionHeartbeats fresh =
        pd.openRegionHeartbeats(step -> steps.accept(step), cause -> onEnded(number, cause));
    synchronized (this) {
      if (number != attempt || ended) {
        return; // it ended while it was being opened, and is opened again already or soon
      }
      stream = fresh;
    }
    opened.run();
  }

  private void onEnded(long number, Throwable cause) {
    synchronized (this) {
      if (closed || ended || number != attempt) {
        return;
      }
      ended = true;
      stream = null;
    }
    LOG.debug("the region heartbeat stream ended", cause);
    timer.schedule(this::reopen, reopenMillis, TimeUnit.MILLISECONDS);
  }

  private void reopen() {
    if (!closed) {
      background.execute(this::open);
    }
  }

  @Override
  public CompletableFuture<List<SplitID>> splitIds(Region region, int count) {
    AskBatchSplitRequest request =
        AskBatchSplitRequest.newBuilder().setRegion(region).setSplitCount(count).build();
    return pd.call(PdMethod.ASK_BATCH_SPLIT, request).thenApply(AskBatchSplitResponse::getIdsList);
  }

  @Override
  public void reportSplit(List<Region> regions) {
    ReportBatchSplitRequest request =
        ReportBatchSplitRequest.newBuilder().addAllRegions(regions).build();
    pd.call(PdMethod.REPORT_BATCH_SPLIT, request)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                LOG.debug("a split was not reported; heartbeats will tell", failure);
              }
            });
  }

  @Override
  public void reportRegion(RegionReport report) {
    if (!closed) {
      background.execute(() -> send(report));
    }
  }

  @Override
  public CompletableFuture<Optional<Region>> region(long regionId) {
    return pd.regionById(regionId).thenApply(route -> route.map(RegionRoute::region));
  }

  @Override
  public CompletableFuture<Optional<Region>> regionAt(Key storedKey) {
    return pd.region(storedKey.toBytes())
        .thenApply(route -> Optional.ofNullable(route).map(RegionRoute::region));
  }

  private void send(RegionReport report) {
    RegionHeartbeats open;
    RegionHeartbeatRequest.Builder heartbeat =
        RegionHeartbeatRequest.newBuilder()
            .setRegion(report.region())
            .setLeader(report.leader())
            .setTerm(report.term())
            .addAllPendingPeers(report.pending());
    if (report.size() != null) {
      // At least 1, for 0 means "not known".
      heartbeat
          .setApproximateSize(Math.max(1, report.size().bytes()))
          .setApproximateKeys(report.size().keys());
    }
    for (RegionReport.SilentPeer silent : report.down()) {
      heartbeat.addDownPeers(
          PeerStats.newBuilder()
              .setPeer(silent.peer())
              .setDownSeconds(
                  silent.ticks() == RegionReport.SilentPeer.DAMAGED
                      ? DAMAGED_SECONDS
                      : Math.max(1, silent.ticks() * tickMillis / 1000)));
    }
    long now = clock.instant().getEpochSecond();
    synchronized (this) {
      open = stream;
      traffic
          .next(report.region().getId(), report.traffic(), now)
          .ifPresent(flow -> add(heartbeat, flow));
    }
    if (open != null && !closed) {
      open.send(heartbeat.build());
    }
  }

  private static void add(RegionHeartbeatRequest.Builder heartbeat, TrafficMeter.Flow flow) {
    heartbeat
        .setBytesWritten(flow.traffic().writtenBytes())
        .setKeysWritten(flow.traffic().writtenKeys())
        .setBytesRead(flow.traffic().readBytes())
        .setKeysRead(flow.traffic().readKeys())
        .setInterval(
            TimeInterval.newBuilder().setStartTimestamp(flow.begin()).setEndTimestamp(flow.end()));
  }

  @Override
  public void close() {
    RegionHeartbeats open;
    synchronized (this) {
      closed = true;
      open = stream;
      stream = null;
    }
    if (open != null) {
      open.close();
    }
  }
}
