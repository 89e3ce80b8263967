package dev.kittiwake.embedded;

import static dev.kittiwake.embedded.ListeningCluster.bytes;
import static dev.kittiwake.embedded.ListeningCluster.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.protobuf.ByteString;
import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.pd.RegionRoute;
import dev.kittiwake.kv.KvConfig;
import dev.kittiwake.pd.PdConfig;
import dev.kittiwake.pd.schedule.ScheduleSetting;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.PeerRole;
import dev.kittiwake.proto.metapb.Store;
import dev.kittiwake.proto.metapb.StoreState;
import dev.kittiwake.proto.pdpb.GetAllStoresRequest;
import dev.kittiwake.proto.pdpb.SplitRegionsRequest;
import dev.kittiwake.proto.rpc.PdMethod;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Regions spread over the stores by themselves, as stores come and go. */
@Timeout(1200)
class BalanceTest {
  private static final int REGIONS = 40;
  private static final int DIFFERENCE = 3; // between any two stores

  /** How many regions each store leads and holds, by its number. */
  private record Spread(Map<Integer, Integer> leaders, Map<Integer, Integer> replicas) {
    boolean isEvenOver(List<Integer> stores) {
      return isEven(leaders, stores) && isEven(replicas, stores);
    }

    private static boolean isEven(Map<Integer, Integer> counts, List<Integer> stores) {
      int least = Integer.MAX_VALUE;
      int most = 0;
      for (int store : stores) {
        least = Math.min(least, counts.getOrDefault(store, 0));
        most = Math.max(most, counts.getOrDefault(store, 0));
      }
      return stores.containsAll(counts.keySet()) && most - least <= DIFFERENCE;
    }
  }

  @Test
  void regionsSpreadAndAStoreIsDrainedAndANewOneFillsUp() throws Exception {
    PdConfig pd = PdConfig.inMemory();
    for (ScheduleSetting setting : ScheduleSetting.values()) {
      pd = pd.withSetting(setting.key(), setting.fast());
    }
    try (LocalCluster cluster =
            LocalCluster.builder()
                .stores(5)
                .inMemory()
                .kv(KvConfig.fastTest())
                .pd(
                    pd.withSetting(ScheduleSetting.MAX_MERGE_REGION_SIZE.key(), "0")
                        .withSetting(ScheduleSetting.SLOW_STORE_SCORE.key(), "100"))
                .listen("127.0.0.1", 0, 0)
                .start();
        ClusterClient client = cluster.connect(Surely.PATIENT)) {
      cluster.kill(5); // it joins in later
      split(client);
      for (int i = 0; i < REGIONS; i++) {
        Surely.put(client, bytes(key(i) + "/v"), bytes("value " + i));
      }
      untilEven(cluster, client, List.of(1, 2, 3, 4));

      cluster.restart(5);
      untilEven(cluster, client, List.of(1, 2, 3, 4, 5));

      long drained = id(cluster, client, 2);
      delete(cluster, "store/" + drained);
      until(
          () -> "store 2 is not a tombstone: " + spread(cluster, client),
          () -> state(client, drained) == StoreState.Tombstone);
      untilEven(cluster, client, List.of(1, 3, 4, 5));
      assertEquals("Removed 1 tombstone stores.", delete(cluster, "stores/remove-tombstone"));
      assertEquals(4, stores(client).size());

      for (int i = 0; i < REGIONS; i++) {
        assertEquals("value " + i, text(client.raw().get(bytes(key(i) + "/v"))));
      }
    }
  }

  private static String delete(LocalCluster cluster, String path) throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(cluster.pdUrl() + "/pd/api/v1/" + path))
                    .DELETE()
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertEquals(200, answer.statusCode(), answer.body());
    return answer.body().replace("\"", "").strip();
  }

  private static String key(int i) {
    return String.format(Locale.ROOT, "k%03d", i);
  }

  private static void split(ClusterClient client) {
    SplitRegionsRequest.Builder request = SplitRegionsRequest.newBuilder();
    for (int i = 1; i < REGIONS; i++) {
      request.addSplitKeys(ByteString.copyFromUtf8(key(i)));
    }
    client.pd().call(PdMethod.SPLIT_REGIONS, request.build()).join();
    until(() -> "the regions are not split", () -> regions(client).size() == REGIONS);
  }

  private static List<RegionRoute> regions(ClusterClient client) {
    return client.pd().scanRegions(new byte[0], new byte[0], 0).join();
  }

  private static Map<Long, Integer> numbers(LocalCluster cluster, ClusterClient client) {
    Map<Long, Integer> numbers = new TreeMap<>();
    for (Store store : stores(client)) {
      numbers.put(store.getId(), cluster.storeAddresses().indexOf(store.getAddress()) + 1);
    }
    return numbers;
  }

  private static List<Store> stores(ClusterClient client) {
    return client
        .pd()
        .call(PdMethod.GET_ALL_STORES, GetAllStoresRequest.getDefaultInstance())
        .join()
        .getStoresList();
  }

  private static long id(LocalCluster cluster, ClusterClient client, int number) {
    return numbers(cluster, client).entrySet().stream()
        .filter(entry -> entry.getValue() == number)
        .mapToLong(Map.Entry::getKey)
        .sum();
  }

  private static StoreState state(ClusterClient client, long id) {
    return stores(client).stream()
        .filter(store -> store.getId() == id)
        .map(Store::getState)
        .findFirst()
        .orElseThrow();
  }

  private static Spread spread(LocalCluster cluster, ClusterClient client) {
    Map<Long, Integer> numbers = numbers(cluster, client);
    Spread spread = new Spread(new TreeMap<>(), new TreeMap<>());
    for (RegionRoute route : regions(client)) {
      spread.leaders().merge(numbers.getOrDefault(route.leader().getStoreId(), 0), 1, Integer::sum);
      for (Peer peer : route.region().getPeersList()) {
        spread.replicas().merge(numbers.getOrDefault(peer.getStoreId(), 0), 1, Integer::sum);
      }
    }
    return spread;
  }

  /** Even, and every region with three voters and nothing else. */
  private static void untilEven(LocalCluster cluster, ClusterClient client, List<Integer> over) {
    until(
        () -> "not even over stores " + over + ": " + spread(cluster, client),
        () -> {
          Spread now = spread(cluster, client);
          return now.isEvenOver(over)
              && regions(client).stream()
                  .allMatch(
                      route ->
                          route.region().getPeersCount() == 3
                              && route.region().getPeersList().stream()
                                  .allMatch(peer -> peer.getRole() == PeerRole.Voter));
        });
  }

  private static void until(Supplier<String> otherwise, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(240).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        fail(otherwise.get());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }
}
