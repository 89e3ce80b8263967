package dev.kittiwake.pd;

import static dev.kittiwake.pd.Bootstrapped.await;
import static dev.kittiwake.pd.Bootstrapped.bootstrap;
import static dev.kittiwake.pd.Bootstrapped.put;
import static dev.kittiwake.pd.Bootstrapped.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.RegionEpoch;
import dev.kittiwake.proto.pdpb.GetRegionRequest;
import dev.kittiwake.proto.pdpb.RegionHeartbeatRequest;
import dev.kittiwake.proto.pdpb.StoreHeartbeatRequest;
import dev.kittiwake.proto.pdpb.StoreStats;
import dev.kittiwake.proto.pdpb.TimeInterval;
import dev.kittiwake.proto.rpc.PdEndpoint;
import dev.kittiwake.proto.rpc.PdMethod;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * How many region heartbeats a member can take in: run by hand (or {@code HeartbeatCostTest}, one
 * of the long tests), not by the build. The whole path: bytes are decoded, the tree is asked and
 * changed, statistics, checkers and operators have their turn, schedulers and patrol run beside it.
 * Arguments: stores, regions, rounds (200 100000 20).
 */
final class HeartbeatCost {
  private HeartbeatCost() {}

  public static void main(String[] args) throws InvalidProtocolBufferException {
    int stores = args.length > 0 ? Integer.parseInt(args[0]) : 200;
    int regions = args.length > 1 ? Integer.parseInt(args[1]) : 100_000;
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 20;
    perMinuteOnOneCore(stores, regions, rounds);
  }

  /** How many a minute of one core's time can take, in the last round. */
  static double perMinuteOnOneCore(int stores, int regions, int rounds)
      throws InvalidProtocolBufferException {
    try (PdServer server = PdServer.start(PdConfig.inMemory())) {
      PdEndpoint pd = server.endpoint();
      bootstrap(pd);
      heard(pd, 1);
      for (long id = 2; id <= stores; id++) {
        put(pd, store(id));
        heard(pd, id);
      }
      SplittableRandom random = new SplittableRandom(1);
      byte[][] heartbeats = new byte[regions][];
      for (int i = 0; i < regions; i++) {
        heartbeats[i] = heartbeat(i, regions, stores, random);
      }
      PdEndpoint.RegionHeartbeats stream = pd.openRegionHeartbeats(message -> {}, cause -> {});
      double rate = 0;
      for (int round = 0; round < rounds; round++) {
        rate = round(pd, stream, heartbeats, stores, round);
      }
      stream.close();
      return rate;
    }
  }

  private static void heard(PdEndpoint pd, long storeId) {
    await(
        pd.call(
            PdMethod.STORE_HEARTBEAT,
            StoreHeartbeatRequest.newBuilder()
                .setStats(StoreStats.newBuilder().setStoreId(storeId))
                .build()));
  }

  /** Region i of a cluster that is even; one of fifty is hot, all have some flow. */
  private static byte[] heartbeat(int i, int regions, int stores, SplittableRandom random) {
    Region.Builder region =
        Region.newBuilder()
            .setId(i == 0 ? 2 : 1_000 + i)
            .setStartKey(i == 0 ? ByteString.EMPTY : key(i))
            .setEndKey(i == regions - 1 ? ByteString.EMPTY : key(i + 1))
            .setRegionEpoch(RegionEpoch.newBuilder().setConfVer(5).setVersion(1_000 + i));
    for (int peer = 0; peer < 3; peer++) {
      region.addPeers(
          Peer.newBuilder()
              .setId(1_000_000_000L + i * 3L + peer)
              .setStoreId(1 + (i + peer * 7L) % stores));
    }
    boolean hot = i % 50 == 0;
    return RegionHeartbeatRequest.newBuilder()
        .setRegion(region)
        .setLeader(region.getPeers(0))
        .setTerm(6)
        .setApproximateSize(96 << 20)
        .setApproximateKeys(960_000)
        .setBytesWritten(60L * (hot ? 100_000 : random.nextInt(3_000)))
        .setKeysWritten(60L * (hot ? 1_000 : random.nextInt(30)))
        .setBytesRead(60L * (hot ? 100_000 : random.nextInt(3_000)))
        .setKeysRead(60L * (hot ? 1_000 : random.nextInt(30)))
        .setInterval(TimeInterval.newBuilder().setStartTimestamp(0).setEndTimestamp(60))
        .build()
        .toByteArray();
  }

  private static ByteString key(int i) {
    return ByteString.copyFromUtf8(String.format(Locale.ROOT, "t%010d", i));
  }

  private static double round(
      PdEndpoint pd, PdEndpoint.RegionHeartbeats stream, byte[][] heartbeats, int stores, int round)
      throws InvalidProtocolBufferException {
    long cpu = cpuNanos();
    long start = System.nanoTime();
    for (int i = 0; i < heartbeats.length; i++) {
      stream.send(RegionHeartbeatRequest.parseFrom(heartbeats[i]));
      if (i % 10_000 == 9_999) {
        await(pd.call(PdMethod.GET_REGION, GetRegionRequest.getDefaultInstance()));
      }
    }
    for (long id = 1; id <= stores; id++) {
      heard(pd, id);
    }
    double nanos = System.nanoTime() - start;
    double cpuEach = (double) (cpuNanos() - cpu) / heartbeats.length;
    System.out.printf(
        Locale.ROOT,
        "round %d: %.0f heartbeats/s, %.2f us of cpu each = %.1f million a minute on one core%n",
        round,
        heartbeats.length / (nanos / 1e9),
        cpuEach / 1e3,
        60e9 / cpuEach / 1e6);
    return 60e9 / cpuEach;
  }

  /** Of all threads of this process, the garbage collector's among them. */
  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
