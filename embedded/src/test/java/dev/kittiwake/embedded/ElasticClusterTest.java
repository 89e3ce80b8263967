package dev.kittiwake.embedded;

import static dev.kittiwake.embedded.ListeningCluster.bytes;
import static dev.kittiwake.embedded.ListeningCluster.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.error.KvException;
import dev.kittiwake.client.error.UndeterminedException;
import dev.kittiwake.client.pd.RegionRoute;
import dev.kittiwake.client.txn.Scan;
import dev.kittiwake.client.txn.ScanOptions;
import dev.kittiwake.client.txn.TransactionOptions;
import dev.kittiwake.kv.KvConfig;
import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.pd.PdConfig;
import dev.kittiwake.pd.schedule.ScheduleSetting;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.Store;
import dev.kittiwake.proto.metapb.StoreState;
import dev.kittiwake.proto.pdpb.GetAllStoresRequest;
import dev.kittiwake.proto.rpc.PdMethod;
import dev.kittiwake.testkit.ledger.Ledger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Stores are added, killed and drained and regions split and merge while clients write, read and
 * compare: no request fails, no acknowledged write is lost or doubled, and the regions have every
 * key once all along. The small form of what {@code bin/kittiwake chaos --small-regions --spares 2
 * --workloads tpcc,ledger} does to processes.
 */
@Tag("long")
@Timeout(900)
class ElasticClusterTest {
  private static final int KEYS = 400; // of each writer
  private static final int BATCH = 20;
  private static final long MOMENT_SECONDS = 5;
  private static final String PADDING = "x".repeat(900);

  private final Ledger ledger = new Ledger();
  private final Set<String> closed = ConcurrentHashMap.newKeySet(); // the end of a write is unknown
  private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
  private final List<Future<?>> working = new ArrayList<>();
  private volatile boolean stopped;
  private volatile boolean clearing; // most keys go, and stay away

  /** Raw keys, or transactional ones. */
  private enum Space {
    RAW,
    TXN
  }

  private static String key(Space space, int i) {
    return String.format("%s/%04d", space.name().toLowerCase(java.util.Locale.ROOT), i);
  }

  private static LocalCluster smallRegions() {
    PdConfig pd = PdConfig.inMemory();
    for (ScheduleSetting setting : ScheduleSetting.values()) {
      pd = pd.withSetting(setting.key(), setting.fast());
    }
    KvConfig kv =
        KvConfig.fastTest()
            .with(KvSetting.REGION_SPLIT_SIZE, "16KiB")
            .with(KvSetting.REGION_MAX_SIZE, "24KiB")
            .with(KvSetting.SPLIT_CHECK_DIFF, "2KiB")
            .with(KvSetting.SPLIT_QPS, "0")
            .with(KvSetting.HIBERNATE_AFTER, "500ms");
    return LocalCluster.builder()
        .stores(4)
        .inMemory()
        .kv(kv)
        .pd(
            pd.withSetting(ScheduleSetting.MAX_MERGE_REGION_SIZE.key(), "6KiB")
                .withSetting(ScheduleSetting.SPLIT_MERGE_INTERVAL.key(), "3s")
                .withSetting(ScheduleSetting.SLOW_STORE_SCORE.key(), "100")
                .withSetting(ScheduleSetting.GC_LIFE_TIME.key(), "10s"))
        .listen("127.0.0.1", 0, 0)
        .start();
  }

  @Test
  void storesComeAndGoAndRegionsSplitAndMergeUnderLoad() throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    try (LocalCluster cluster = smallRegions();
        ClusterClient client = cluster.connect()) {
      cluster.kill(4); // it joins later
      for (Space space : Space.values()) {
        SplittableRandom random = new SplittableRandom(space.ordinal());
        beside(threads, () -> write(client, space, random));
        beside(threads, () -> compare(client, space));
      }
      beside(threads, () -> watchRegions(client));
      until(() -> "regions do not split: " + count(client), () -> count(client) >= 30);

      cluster.restart(4);
      until(
          () -> "store 4 is given " + cluster.access(4).regions().size() + " replicas",
          () -> cluster.access(4).regions().size() >= 10);

      cluster.kill(1);
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
      cluster.restart(1);

      long drained = id(cluster, client, 2);
      drain(cluster, drained);
      until(
          () -> "store 2 still has " + cluster.access(2).regions().size() + " replicas",
          () -> state(client, drained) == StoreState.Tombstone);
      cluster.kill(2);

      int most = count(client);
      clearing = true;
      until(
          () -> "regions do not merge: " + count(client) + " of " + most + " are left",
          () -> count(client) <= most * 3 / 4);

      stopped = true;
      for (Future<?> one : working) {
        one.get(120, TimeUnit.SECONDS);
      }
      for (Space space : Space.values()) {
        look(client, space);
      }
      until(() -> hole(client), () -> hole(client) == null);
      assertEquals(List.of(), List.copyOf(wrong));
    } finally {
      stopped = true;
      threads.shutdownNow();
    }
  }

  private void beside(ExecutorService threads, Callable<?> turn) {
    working.add(
        threads.submit(
            () -> {
              while (!stopped) {
                turn.call();
              }
              return null;
            }));
  }

  /** One batch of the keys that follow each other. */
  private Object write(ClusterClient client, Space space, SplittableRandom random) {
    int first = random.nextInt(KEYS / BATCH) * BATCH;
    boolean deletion = clearing ? first > 0 : random.nextInt(10) == 0;
    Map<String, Integer> writes = new LinkedHashMap<>();
    for (int i = first; i < first + BATCH; i++) {
      if (!closed.contains(key(space, i))) {
        writes.put(key(space, i), ledger.begin(key(space, i), deletion));
      }
    }
    try {
      if (space == Space.RAW) {
        writeRaw(client, writes, deletion);
      } else {
        writeInTransaction(client, writes, deletion);
      }
      writes.forEach(ledger::acknowledged);
    } catch (UndeterminedException lost) {
      closed.addAll(writes.keySet()); // a raw write is not sent twice: the answer died with a store
    } catch (KvException failure) {
      closed.addAll(writes.keySet());
      wrong.add(space + " write: " + failure);
    }
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10)); // else versions are most of the data
    return null;
  }

  private static void writeRaw(
      ClusterClient client, Map<String, Integer> writes, boolean deletion) {
    if (deletion) {
      client.raw().batchDelete(writes.keySet().stream().map(Key::of).toList());
    } else {
      Map<Key, byte[]> pairs = new LinkedHashMap<>();
      writes.forEach((key, number) -> pairs.put(Key.of(key), value(number)));
      client.raw().batchPut(pairs);
    }
  }

  private static void writeInTransaction(
      ClusterClient client, Map<String, Integer> writes, boolean deletion) {
    client
        .transactions()
        .run(
            TransactionOptions.optimistic(),
            txn -> {
              writes.forEach(
                  (key, number) -> {
                    if (deletion) {
                      txn.delete(bytes(key));
                    } else {
                      txn.put(bytes(key), value(number));
                    }
                  });
              return null;
            });
  }

  private static byte[] value(int number) {
    return bytes(number + " " + PADDING);
  }

  private static int number(byte[] value) {
    String shown = text(value);
    return Integer.parseInt(shown.substring(0, shown.indexOf(' ')));
  }

  private Object compare(ClusterClient client, Space space) {
    try {
      look(client, space);
    } catch (KvException failure) {
      wrong.add(space + " read: " + failure);
    }
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    return null;
  }

  /** Compares everything with the ledger; begins anew if versions were collected meanwhile. */
  private void look(ClusterClient client, Space space) {
    for (int tries = 1; ; tries++) {
      try {
        lookOnce(client, space);
        return;
      } catch (KvException late) {
        if (!late.getMessage().contains("versions are collected") || tries == 20) {
          throw late;
        }
      }
    }
  }

  private void lookOnce(ClusterClient client, Space space) {
    String from = key(space, 0);
    String to = key(space, KEYS);
    Ledger.Look look = ledger.look(from, to);
    List<Ledger.Row> rows = new ArrayList<>();
    if (space == Space.RAW) {
      client
          .raw()
          .scan(bytes(from), bytes(to), 2 * KEYS)
          .forEach(pair -> rows.add(new Ledger.Row(text(pair.key()), number(pair.value()))));
    } else {
      try (Scan scan =
          client
              .transactions()
              .latestSnapshot()
              .scan(bytes(from), bytes(to), ScanOptions.FORWARD)) {
        while (scan.next()) {
          rows.add(new Ledger.Row(text(scan.key()), number(scan.value())));
        }
      }
    }
    wrong.addAll(look.complaints(rows));
  }

  /**
   * The placement driver hears of the two regions of a split or merge one after the other, if new
   * leaders are quicker than the old one: only what lasts is wrong.
   */
  private Object watchRegions(ClusterClient client) {
    String hole = hole(client);
    for (long begun = System.nanoTime(); hole != null && !stopped; hole = hole(client)) {
      if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(MOMENT_SECONDS)) {
        wrong.add(hole);
        return null;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    return null;
  }

  /** Where the regions do not have every key once, or null. */
  private static String hole(ClusterClient client) {
    ByteString end = ByteString.EMPTY;
    for (RegionRoute route : regions(client)) {
      Region region = route.region();
      if (!region.getStartKey().equals(end)) {
        return "region %d begins at '%s', the one before it ends at '%s'"
            .formatted(region.getId(), region.getStartKey().toStringUtf8(), end.toStringUtf8());
      }
      end = region.getEndKey();
    }
    return end.isEmpty() ? null : "the last region ends at '" + end.toStringUtf8() + "'";
  }

  private static List<RegionRoute> regions(ClusterClient client) {
    return client.pd().scanRegions(new byte[0], new byte[0], 0).join();
  }

  private static int count(ClusterClient client) {
    return regions(client).size();
  }

  private static List<Store> stores(ClusterClient client) {
    return client
        .pd()
        .call(PdMethod.GET_ALL_STORES, GetAllStoresRequest.getDefaultInstance())
        .join()
        .getStoresList();
  }

  private static long id(LocalCluster cluster, ClusterClient client, int number) {
    String address = cluster.storeAddresses().get(number - 1);
    return stores(client).stream()
        .filter(store -> store.getAddress().equals(address))
        .findFirst()
        .orElseThrow()
        .getId();
  }

  private static StoreState state(ClusterClient client, long id) {
    return stores(client).stream()
        .filter(store -> store.getId() == id)
        .findFirst()
        .orElseThrow()
        .getState();
  }

  private static void drain(LocalCluster cluster, long id) throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(cluster.pdUrl() + "/pd/api/v1/store/" + id))
                    .DELETE()
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertEquals(200, answer.statusCode(), answer.body());
  }

  private void until(Supplier<String> complaint, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(240);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, () -> complaint.get() + "; " + wrong);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }
}
