package dev.kittiwake.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.kittiwake.pd.PdConfig;
import dev.kittiwake.pd.PdServer;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.RegionEpoch;
import dev.kittiwake.proto.metapb.Store;
import dev.kittiwake.proto.pdpb.BootstrapRequest;
import dev.kittiwake.proto.pdpb.GetRegionRequest;
import dev.kittiwake.proto.pdpb.PutStoreRequest;
import dev.kittiwake.proto.pdpb.RegionHeartbeatRequest;
import dev.kittiwake.proto.pdpb.StoreHeartbeatRequest;
import dev.kittiwake.proto.pdpb.StoreStats;
import dev.kittiwake.proto.pdpb.TimeInterval;
import dev.kittiwake.proto.rpc.PdEndpoint;
import dev.kittiwake.proto.rpc.PdMethod;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * What region heartbeats cost a member of the placement driver: the whole path of one that leads a
 * cluster of that size. Bytes are decoded, the tree is asked and changed, statistics, checkers and
 * operators have their turn, schedulers and patrol run beside it. Only gRPC's part is left out.
 */
@Wiring
final class HeartbeatBench {
  static final int REPLICAS = 3;
  private static final int BARRIER_EVERY = 10_000;
  private static final int HOT_ONE_OF = 50;
  private static final int SECONDS = 60; // between two reports of a region

  private final int stores;
  private final int regions;

  /**
   * @param stores three at least
   */
  HeartbeatBench(int stores, int regions) {
    if (stores < REPLICAS || regions < 1) {
      throw new IllegalArgumentException(
          stores + " stores, " + regions + " regions: needed are " + REPLICAS + " and 1 at least");
    }
    this.stores = stores;
    this.regions = regions;
  }

  /**
   * What one round, in which each region reports once, measured.
   *
   * @param perSecond reports a second by the clock
   * @param cpuMicros of all threads of the process per report, the garbage collector's among them
   * @param perMinuteOnOneCore reports that one core's time would take in a minute
   */
  record Round(double perSecond, double cpuMicros, double perMinuteOnOneCore) {}

  List<Round> run(int rounds) throws InvalidProtocolBufferException {
    try (PdServer server = PdServer.start(PdConfig.inMemory())) {
      PdEndpoint pd = server.endpoint();
      begin(pd);
      SplittableRandom random = new SplittableRandom(1);
      byte[][] reports = new byte[regions][];
      for (int i = 0; i < regions; i++) {
        reports[i] = report(i, random);
      }
      PdEndpoint.RegionHeartbeats stream = pd.openRegionHeartbeats(message -> {}, cause -> {});
      List<Round> measured = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        measured.add(round(pd, stream, reports));
      }
      stream.close();
      return measured;
    }
  }

  private void begin(PdEndpoint pd) {
    Region first =
        Region.newBuilder()
            .setId(2)
            .setRegionEpoch(RegionEpoch.newBuilder().setConfVer(1).setVersion(1))
            .addPeers(Peer.newBuilder().setId(3).setStoreId(1))
            .build();
    pd.call(
            PdMethod.BOOTSTRAP,
            BootstrapRequest.newBuilder().setStore(store(1)).setRegion(first).build())
        .join();
    for (long id = 1; id <= stores; id++) {
      pd.call(PdMethod.PUT_STORE, PutStoreRequest.newBuilder().setStore(store(id)).build()).join();
      storeReports(pd, id);
    }
  }

  private static Store store(long id) {
    return Store.newBuilder().setId(id).setAddress("bench:" + id).setVersion("8.5.0").build();
  }

  private static void storeReports(PdEndpoint pd, long id) {
    pd.call(
            PdMethod.STORE_HEARTBEAT,
            StoreHeartbeatRequest.newBuilder()
                .setStats(StoreStats.newBuilder().setStoreId(id))
                .build())
        .join();
  }

  /** Region i of a cluster that is even; one of fifty is hot, all have some flow. */
  private byte[] report(int i, SplittableRandom random) {
    Region.Builder region =
        Region.newBuilder()
            .setId(i == 0 ? 2 : 1_000 + i)
            .setStartKey(i == 0 ? ByteString.EMPTY : key(i))
            .setEndKey(i == regions - 1 ? ByteString.EMPTY : key(i + 1))
            .setRegionEpoch(RegionEpoch.newBuilder().setConfVer(5).setVersion(1_000 + i));
    for (int peer = 0; peer < REPLICAS; peer++) {
      region.addPeers(
          Peer.newBuilder()
              .setId(1_000_000_000L + (long) i * REPLICAS + peer)
              .setStoreId(1 + (i + peer) % stores));
    }
    boolean hot = i % HOT_ONE_OF == 0;
    return RegionHeartbeatRequest.newBuilder()
        .setRegion(region)
        .setLeader(region.getPeers(0))
        .setTerm(6)
        .setApproximateSize(96 << 20)
        .setApproximateKeys(960_000)
        .setBytesWritten((long) SECONDS * (hot ? 100_000 : random.nextInt(3_000)))
        .setKeysWritten((long) SECONDS * (hot ? 1_000 : random.nextInt(30)))
        .setBytesRead((long) SECONDS * (hot ? 100_000 : random.nextInt(3_000)))
        .setKeysRead((long) SECONDS * (hot ? 1_000 : random.nextInt(30)))
        .setInterval(TimeInterval.newBuilder().setStartTimestamp(0).setEndTimestamp(SECONDS))
        .build()
        .toByteArray();
  }

  private static ByteString key(int i) {
    return ByteString.copyFromUtf8(String.format(Locale.ROOT, "t%010d", i));
  }

  private Round round(PdEndpoint pd, PdEndpoint.RegionHeartbeats stream, byte[][] reports)
      throws InvalidProtocolBufferException {
    long cpuBefore = cpuNanos();
    long start = System.nanoTime();
    for (int i = 0; i < reports.length; i++) {
      stream.send(RegionHeartbeatRequest.parseFrom(reports[i]));
      if (i % BARRIER_EVERY == BARRIER_EVERY - 1 || i == reports.length - 1) {
        pd.call(PdMethod.GET_REGION, GetRegionRequest.getDefaultInstance()).join();
      }
    }
    for (long id = 1; id <= stores; id++) {
      storeReports(pd, id);
    }
    double nanos = System.nanoTime() - start;
    double cpuEach = (double) (cpuNanos() - cpuBefore) / reports.length;
    return new Round(reports.length / (nanos / 1e9), cpuEach / 1e3, 60e9 / cpuEach);
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
