package dev.kittiwake.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tikv.common.TiConfiguration;
import org.tikv.common.TiSession;
import org.tikv.common.exception.RawCASConflictException;
import org.tikv.kvproto.Kvrpcpb.KvPair;
import org.tikv.raw.RawKVClient;
import org.tikv.shade.com.google.protobuf.ByteString;

/** TiKV's published Java client works with raw pairs in our cluster. */
@Timeout(300)
class PublishedRawClientTest {
  private static ListeningCluster cluster;
  private static TiSession session;
  private static RawKVClient raw;

  @BeforeAll
  static void start() {
    cluster = ListeningCluster.still();
    cluster.splitRaw("scan/03", "scan/07", "range/5");
    session = cluster.session(cluster.rawConfig()); // warms up, which uses the empty key
    raw = session.createRawClient();
  }

  @AfterAll
  static void stop() throws Exception {
    raw.close();
    session.close();
    cluster.close();
  }

  @Test
  void whatWasPutIsGotUntilItIsDeleted() {
    raw.put(key("k"), key("1"));
    assertEquals(Optional.of(key("1")), raw.get(key("k")));
    raw.put(key("k"), key("2"));
    assertEquals(Optional.of(key("2")), raw.get(key("k")));
    assertEquals(Optional.of(0L), raw.getKeyTTL(key("k")), "it lives for ever");
    raw.delete(key("k"));
    assertEquals(Optional.empty(), raw.get(key("k")));
    raw.delete(key("k")); // nothing to do
    assertEquals(Optional.empty(), raw.getKeyTTL(key("k")));
  }

  @Test
  void aLargeValueComesBackWhole() {
    byte[] large = new byte[3 << 20];
    for (int i = 0; i < large.length; i++) {
      large[i] = (byte) (i * 31);
    }
    raw.put(key("large"), ByteString.copyFrom(large));
    assertEquals(ByteString.copyFrom(large), raw.get(key("large")).orElseThrow());
    raw.delete(key("large"));
  }

  @Test
  void batchesGoToAllRegions() {
    Map<ByteString, ByteString> pairs =
        new TreeMap<>(ByteString.unsignedLexicographicalComparator());
    for (String at : List.of("batch/1", "range/6", "scan/05", "scan/08", "z")) {
      pairs.put(key(at), key("value of " + at));
    }
    raw.batchPut(pairs);
    List<ByteString> asked = new ArrayList<>(pairs.keySet());
    asked.add(key("absent"));
    Map<ByteString, ByteString> got = new TreeMap<>(ByteString.unsignedLexicographicalComparator());
    raw.batchGet(asked).forEach(pair -> got.put(pair.getKey(), pair.getValue()));
    assertEquals(pairs, got);
    raw.batchDelete(asked);
    assertEquals(List.of(), raw.batchGet(asked));
  }

  @Test
  void scansCrossRegionsAndStopWhereTheyAreTold() {
    for (int i = 0; i < 10; i++) {
      raw.put(key("scan/0" + i), key("v" + i));
    }
    assertEquals(
        "01 02 03 04 05 06 07 08", suffixes(raw.scan(key("scan/01"), key("scan/09")), "scan/"));
    assertEquals("01 02 03 04", suffixes(raw.scan(key("scan/01"), key("scan/09"), 4), "scan/"));
    assertEquals("06 07 08 09", suffixes(raw.scanPrefix(key("scan/0")).subList(6, 10), "scan/"));
    assertEquals(10, raw.scanPrefix(key("scan/")).size());
    List<KvPair> keysOnly = raw.scan(key("scan/02"), key("scan/04"), 10, true);
    assertEquals("02 03", suffixes(keysOnly, "scan/"));
    assertTrue(keysOnly.get(0).getValue().isEmpty());
    raw.deletePrefix(key("scan/"));
    assertEquals(List.of(), raw.scanPrefix(key("scan/")));
  }

  @Test
  void aDeletedRangeMayLieInTwoRegions() {
    for (int i = 0; i < 10; i++) {
      raw.put(key("range/" + i), key("v"));
    }
    raw.deleteRange(key("range/3"), key("range/8"));
    assertEquals("0 1 2 8 9", suffixes(raw.scanPrefix(key("range/")), "range/"));
  }

  @Test
  void compareAndSetLetsOneOfManyWin() throws Exception {
    TiConfiguration config = cluster.rawConfig();
    config.setEnableAtomicForCAS(true);
    try (TiSession atomic = cluster.session(config);
        RawKVClient client = atomic.createRawClient()) {
      client.delete(key("cas"));
      assertEquals(Optional.empty(), client.putIfAbsent(key("cas"), key("0")));
      assertEquals(Optional.of(key("0")), client.putIfAbsent(key("cas"), key("1")));
      RawCASConflictException lost =
          assertThrows(
              RawCASConflictException.class,
              () -> client.compareAndSet(key("cas"), Optional.of(key("x")), key("y")));
      assertEquals(Optional.of(key("0")), lost.getPrevValue());

      int threads = 8;
      int each = 10;
      AtomicInteger conflicts = new AtomicInteger();
      ExecutorService pool = Executors.newFixedThreadPool(threads);
      try {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
          all.add(pool.submit(() -> increment(client, each, conflicts)));
        }
        for (Future<?> one : all) {
          one.get(120, TimeUnit.SECONDS);
        }
      } finally {
        pool.shutdownNow();
      }
      assertEquals(Optional.of(key("" + threads * each)), client.get(key("cas")));
    }
  }

  private static void increment(RawKVClient client, int times, AtomicInteger conflicts) {
    for (int done = 0; done < times; ) {
      ByteString old = client.get(key("cas")).orElseThrow();
      ByteString next = key("" + (Integer.parseInt(old.toStringUtf8()) + 1));
      try {
        client.compareAndSet(key("cas"), Optional.of(old), next);
        done++;
      } catch (RawCASConflictException somebodyWasFaster) {
        conflicts.incrementAndGet();
      }
    }
  }

  @Test
  void aLifetimeIsRefusedInClearWords() throws Exception {
    TiConfiguration config = cluster.rawConfig();
    config.setRawKVWriteTimeoutInMS(1_000);
    config.setWarmUpEnable(false);
    try (TiSession impatient = cluster.session(config);
        RawKVClient client = impatient.createRawClient()) {
      Throwable refused =
          assertThrows(RuntimeException.class, () -> client.put(key("ttl"), key("v"), 60));
      assertTrue(messages(refused).contains("ttl"), messages(refused));
      assertFalse(client.get(key("ttl")).isPresent());
    }
  }

  @Test
  void aSplitUnderARunningClientLosesNothing() throws Exception {
    writeWhile(
        "split/",
        () -> {
          cluster.splitRaw("split/10");
          cluster.splitRaw("split/100", "split/105");
        });
    int before = cluster.regions();
    assertTrue(before >= 7, "regions: " + before);
  }

  @Test
  void theKillOfALeaderUnderARunningClientLosesNothing() throws Exception {
    raw.put(key("kill/"), key("warm"));
    int leader = cluster.leaderOfRaw("kill/");
    writeWhile(
        "kill/",
        () -> {
          cluster.kill(leader);
          ListeningCluster.until(
              "another store leads", () -> cluster.leaderOfRaw("kill/") != leader);
        });
    cluster.restart(leader);
    raw.put(key("kill/"), key("again"));
    assertEquals(Optional.of(key("again")), raw.get(key("kill/")));
  }

  /** Puts keys one after another while something happens, and some after it; all must be there. */
  private static void writeWhile(String prefix, Runnable happening) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger written = new AtomicInteger();
    ExecutorService writer = Executors.newSingleThreadExecutor();
    try {
      Future<?> writing =
          writer.submit(
              () -> {
                for (int after = 0; after < 20; after += over.get() ? 1 : 0) {
                  int next = written.get();
                  raw.put(key(prefix + next), key("v" + next));
                  written.incrementAndGet(); // only what was acknowledged
                }
              });
      ListeningCluster.until("the client works", () -> written.get() >= 20 || writing.isDone());
      happening.run();
      over.set(true);
      writing.get(120, TimeUnit.SECONDS);
    } finally {
      writer.shutdownNow();
    }
    for (int i = 0; i < written.get(); i++) {
      assertEquals(Optional.of(key("v" + i)), raw.get(key(prefix + i)), prefix + i);
    }
  }

  private static String messages(Throwable thrown) {
    StringBuilder all = new StringBuilder();
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      all.append(each).append('\n');
    }
    return all.toString().toLowerCase(java.util.Locale.ROOT);
  }

  private static String suffixes(List<KvPair> pairs, String prefix) {
    return String.join(
        " ",
        pairs.stream().map(p -> p.getKey().toStringUtf8().substring(prefix.length())).toList());
  }

  private static ByteString key(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
