package dev.kittiwake.embedded;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.client.ClientConfig;
import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.pd.RegionRoute;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.pd.PdConfig;
import dev.kittiwake.pd.schedule.ScheduleSetting;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.MemComparable;
import dev.kittiwake.proto.metapb.PeerRole;
import dev.kittiwake.proto.pdpb.SplitRegionsRequest;
import dev.kittiwake.proto.rpc.PdMethod;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.tikv.common.TiConfiguration;
import org.tikv.common.TiSession;

/** Three stores and a placement driver on ports of their own, for clients that come by gRPC. */
final class ListeningCluster implements AutoCloseable {
  /**
   * Leaders move only when a test moves them: the published client keeps the store of its first
   * look for as long as a scan is retried, and then gives up by itself.
   */
  private static final PdConfig STILL =
      PdConfig.inMemory().withSetting(ScheduleSetting.LEADER_SCHEDULE_LIMIT.key(), "0");

  private final LocalCluster cluster;
  private final ClusterClient observer;

  /** Starts the cluster; returns when every region has three voters. */
  ListeningCluster() {
    this(PdConfig.inMemory());
  }

  /** Likewise, but leaders move only when a test moves them. */
  static ListeningCluster still() {
    return new ListeningCluster(STILL);
  }

  private ListeningCluster(PdConfig pd) {
    cluster =
        LocalCluster.builder()
            .stores(3)
            .inMemory()
            .kv(Surely.STEADY)
            .pd(pd)
            .listen("127.0.0.1", 0, 0)
            .start();
    observer = connect();
    awaitReplicas();
  }

  /** The placement driver's {@code host:port}. */
  String pd() {
    return cluster.pdUrl().replace("http://", "");
  }

  List<String> storeAddresses() {
    return cluster.storeAddresses();
  }

  /** Our own client, over gRPC. */
  ClusterClient connect() {
    return connect(Surely.PATIENT);
  }

  ClusterClient connect(ClientConfig config) {
    return ClusterClient.connect(List.of(pd()), config);
  }

  /** Settings of the published client for transactions, patient enough for a busy machine. */
  TiConfiguration txnConfig() {
    return patient(TiConfiguration.createDefault(pd()));
  }

  /** Settings of the published client for raw pairs. */
  TiConfiguration rawConfig() {
    return patient(TiConfiguration.createRawDefault(pd()));
  }

  private static TiConfiguration patient(TiConfiguration config) {
    config.setTimeout(5_000);
    config.setWarmUpTimeout(10_000);
    config.setRawKVReadTimeoutInMS(20_000);
    config.setRawKVWriteTimeoutInMS(20_000);
    config.setRawKVBatchReadTimeoutInMS(20_000);
    config.setRawKVBatchWriteTimeoutInMS(20_000);
    config.setRawKVScanTimeoutInMS(20_000);
    config.setGrpcHealthCheckTimeout(2_000);
    config.setMetricsEnable(false);
    return config;
  }

  TiSession session(TiConfiguration config) {
    return TiSession.create(config);
  }

  /** Makes regions begin at the given keys of transactional data. */
  void splitTxn(String... keys) {
    observer.splitRegions(Stream.of(keys).map(ListeningCluster::bytes).toList(), false);
    awaitReplicas();
  }

  /** Makes regions begin at the given raw keys. */
  void splitRaw(String... keys) {
    SplitRegionsRequest.Builder request = SplitRegionsRequest.newBuilder();
    for (String key : keys) {
      request.addSplitKeys(com.google.protobuf.ByteString.copyFromUtf8(key));
    }
    observer.pd().call(PdMethod.SPLIT_REGIONS, request.build()).join();
    for (String key : keys) {
      until(
          "a region begins at " + key,
          () -> route(bytes(key)).region().getStartKey().toStringUtf8().equals(key));
    }
    awaitReplicas();
  }

  int regions() {
    return observer.pd().scanRegions(new byte[0], new byte[0], 0).join().size();
  }

  private RegionRoute route(byte[] storedKey) {
    return observer.pd().region(storedKey).join();
  }

  /** The number of the store that leads the region of a raw key, as the placement driver knows. */
  int leaderOfRaw(String key) {
    return numberOf(route(bytes(key)).leader().getStoreId());
  }

  /** The number of the store that leads the region of a transactional key. */
  int leaderOfTxn(String key) {
    byte[] stored = MemComparable.encode(Key.of(key)).unsafeBytes();
    return numberOf(route(stored).leader().getStoreId());
  }

  /** The number of the store that leads the region of a transactional key, as the stores know. */
  int leadingTxn(String key) {
    Key stored = MemComparable.encode(Key.of(key));
    int[] leading = new int[1];
    until(
        "a store leads the region of " + key,
        () -> {
          long newest = -1;
          for (int number = 1; number <= cluster.storeCount(); number++) {
            for (RegionView view : cluster.access(number).regions()) {
              if (view.leader() && view.contains(stored) && view.term() > newest) {
                newest = view.term();
                leading[0] = number;
              }
            }
          }
          return newest >= 0;
        });
    return leading[0];
  }

  /**
   * Lets the leaders spread over the stores, then leaves them there: a leader that moves loses its
   * pessimistic locks, and offers no short cuts for a moment.
   */
  void settleLeaders() {
    until(
        "regions are led by two stores",
        () ->
            observer.pd().scanRegions(new byte[0], new byte[0], 0).join().stream()
                    .map(route -> route.leader().getStoreId())
                    .distinct()
                    .count()
                > 1);
    PdHttp.set(cluster.pdUrl(), ScheduleSetting.LEADER_SCHEDULE_LIMIT.key(), "0");
    until(
        "nothing is under way any more",
        () -> PdHttp.send(cluster.pdUrl(), "GET", "operators", "").matches("\\s*\\[\\s*]\\s*"));
  }

  private int numberOf(long storeId) {
    String address = observer.pd().store(storeId).join().orElseThrow().getAddress();
    return cluster.storeAddresses().indexOf(address) + 1;
  }

  void kill(int number) {
    cluster.kill(number);
  }

  void restart(int number) {
    cluster.restart(number);
    awaitReplicas();
  }

  /** Waits until every region has three voters and a leader. */
  void awaitReplicas() {
    until(
        "every region has three voters",
        () ->
            observer.pd().scanRegions(new byte[0], new byte[0], 0).join().stream()
                .allMatch(
                    route ->
                        route.region().getPeersList().stream()
                                .filter(peer -> peer.getRole() == PeerRole.Voter)
                                .count()
                            == 3));
  }

  static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(120).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "still not so after two minutes: " + what);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    observer.close();
    cluster.close();
  }
}
