package dev.kittiwake.kv.background;

import dev.kittiwake.client.pd.PdClient;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.proto.pdpb.StoreHeartbeatRequest;
import dev.kittiwake.proto.pdpb.StoreStats;
import dev.kittiwake.proto.pdpb.TimeInterval;
import dev.kittiwake.proto.rpc.PdMethod;
import java.time.InstantSource;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the placement driver that this store lives and how full it is. Run by a timer. */
public final class StoreHeartbeat implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(StoreHeartbeat.class);

  private final long storeId;
  private final PdClient pd;
  private final InstantSource clock;
  private final Supplier<List<RegionView>> regions;
  private final Supplier<Space> space;
  private final Supplier<Integer> snapshots;
  private final IntSupplier slowScore;
  private final long startSeconds;
  private long lastSeconds;

  /**
   * The disk of the data directory.
   *
   * @param capacity bytes in all
   * @param available bytes free
   * @param used bytes taken by this store
   */
  public record Space(long capacity, long available, long used) {}

  /**
   * @param snapshots how many are being sent and received
   * @param slowScore how slow the disk is, 1 to 100
   */
  public StoreHeartbeat(
      long storeId,
      PdClient pd,
      InstantSource clock,
      Supplier<List<RegionView>> regions,
      Supplier<Space> space,
      Supplier<Integer> snapshots,
      IntSupplier slowScore) {
    this.slowScore = slowScore;
    this.storeId = storeId;
    this.pd = pd;
    this.clock = clock;
    this.regions = regions;
    this.space = space;
    this.snapshots = snapshots;
    this.startSeconds = clock.instant().getEpochSecond();
    this.lastSeconds = startSeconds;
  }

  @Override
  public void run() {
    long now = clock.instant().getEpochSecond();
    Space disk = space.get();
    StoreStats stats =
        StoreStats.newBuilder()
            .setStoreId(storeId)
            .setCapacity(disk.capacity())
            .setAvailable(disk.available())
            .setUsedSize(disk.used())
            .setRegionCount(regions.get().size())
            .setSendingSnapCount(snapshots.get())
            .setSlowScore(slowScore.getAsInt())
            .setStartTime((int) startSeconds)
            .setInterval(
                TimeInterval.newBuilder().setStartTimestamp(lastSeconds).setEndTimestamp(now))
            .build();
    lastSeconds = now;
    pd.call(PdMethod.STORE_HEARTBEAT, StoreHeartbeatRequest.newBuilder().setStats(stats).build())
        .whenComplete(
            (answer, failure) -> {
              if (failure != null) {
                LOG.debug("store={} heartbeat not delivered", storeId, failure);
              }
            });
  }
}
