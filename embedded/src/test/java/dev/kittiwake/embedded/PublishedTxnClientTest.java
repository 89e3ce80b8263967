package dev.kittiwake.embedded;

import static dev.kittiwake.embedded.ListeningCluster.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
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
import org.tikv.common.BytePairWrapper;
import org.tikv.common.TiSession;
import org.tikv.common.meta.TiTimestamp;
import org.tikv.common.util.ConcreteBackOffer;
import org.tikv.kvproto.Kvrpcpb.KvPair;
import org.tikv.shade.com.google.protobuf.ByteString;
import org.tikv.txn.KVClient;

/** TiKV's published Java client runs transactions in our cluster. */
@Timeout(300)
class PublishedTxnClientTest {
  private static final long LONG_LIFE_MILLIS = 600_000;

  private static ListeningCluster cluster;
  private static TiSession session;
  private static KVClient client;

  @BeforeAll
  static void start() {
    cluster = ListeningCluster.still();
    cluster.splitTxn("many/1", "many/2", "two");
    session = cluster.session(cluster.txnConfig());
    client = session.createKVClient();
  }

  @AfterAll
  static void stop() throws Exception {
    client.close();
    session.close();
    cluster.close();
  }

  private static String get(String key) {
    return client.get(key(key), session.getTimestamp().getVersion()).toStringUtf8();
  }

  @Test
  void aCommitByHandIsSeenWholeAndOnlyAfterIt() throws Exception {
    try (PublishedTransaction transaction = new PublishedTransaction(session, 20_000)) {
      transaction.write("one=1", "two/a=2", "zzz=3").prewrite();
      long before = transaction.now();
      transaction.commitPrimary(transaction.now());
      long commitTs = transaction.now();
      assertEquals("1", get("one"));
      assertEquals("2", get("two/a"), "the reader resolves a secondary of the committed primary");
      assertEquals("", client.get(key("one"), transaction.startTs()).toStringUtf8());
      assertEquals("", client.get(key("zzz"), before).toStringUtf8());
      assertEquals("3", client.get(key("zzz"), commitTs).toStringUtf8());
    }
  }

  @Test
  void manyKeysInSeveralRegionsAreReadByGetBatchGetAndScan() throws Exception {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      words.add(String.format("many/%d%03d=v%d", i % 3, i, i));
    }
    PublishedTransaction.commit(session, words.toArray(String[]::new));
    long ts = session.getTimestamp().getVersion();

    List<ByteString> keys =
        words.stream().map(word -> key(word.substring(0, word.indexOf('=')))).toList();
    TreeMap<String, String> got = new TreeMap<>();
    for (KvPair pair :
        client.batchGet(ConcreteBackOffer.newBatchGetMaxBackOff(), new ArrayList<>(keys), ts)) {
      got.put(pair.getKey().toStringUtf8(), pair.getValue().toStringUtf8());
    }
    assertEquals(600, got.size());
    assertEquals("v77", got.get("many/2077"));

    List<KvPair> range = client.scan(key("many/"), key("many0"), ts);
    assertEquals(
        new ArrayList<>(got.keySet()),
        range.stream().map(pair -> pair.getKey().toStringUtf8()).toList());
    // No scan with a limit: this client fails by itself once a limit below the data is reached.
    assertEquals(
        600,
        client.scan(key("many/"), ts).stream()
            .filter(pair -> pair.getKey().toStringUtf8().startsWith("many/"))
            .count());

    Iterator<KvPair> all =
        session.createSnapshot(new TiTimestamp(ts >>> 18, ts & 0x3FFFF)).scanPrefix(key("many/"));
    int count = 0;
    while (all.hasNext()) {
      all.next();
      count++;
    }
    assertEquals(600, count);

    List<byte[]> some = List.of(ListeningCluster.bytes("many/0000"), ListeningCluster.bytes("no"));
    List<BytePairWrapper> present = new ArrayList<>();
    for (BytePairWrapper pair : session.createSnapshot().batchGet(10_000, new ArrayList<>(some))) {
      if (pair.getValue().length > 0) {
        present.add(pair);
      }
    }
    assertEquals(1, present.size());
  }

  @Test
  void theLaterOfTwoCommitsOfOneKeyConflicts() throws Exception {
    try (PublishedTransaction late = new PublishedTransaction(session, 20_000)) {
      late.write("conflict=late").within(500);
      PublishedTransaction.commit(session, "conflict=early");
      assertThrows(RuntimeException.class, late::prewrite);
    }
    assertEquals("early", get("conflict"));
  }

  @Test
  void aReaderPassesTheLocksOfALongLivedDeadClientByPushingIt() throws Exception {
    PublishedTransaction.commit(session, "push/a=old", "two/push=old");
    long commitTs;
    try (TiSession dying = cluster.session(cluster.txnConfig());
        PublishedTransaction dead = new PublishedTransaction(dying, LONG_LIFE_MILLIS)) {
      dead.write("push/a=new", "two/push=new").prewrite();
      commitTs = dead.now();

      assertEquals("old", get("push/a"), "nobody waits for ten minutes");
      assertEquals("old", get("two/push"));
      List<KvPair> scanned =
          client.scan(key("push/"), key("push0"), session.getTimestamp().getVersion());
      assertEquals("old", scanned.get(0).getValue().toStringUtf8());

      dead.within(500);
      assertThrows(RuntimeException.class, () -> dead.commitPrimary(commitTs));
      assertEquals("old", get("push/a"), "a commit below a reader's timestamp is refused");

      long later = dead.now();
      dead.within(20_000).commitPrimary(later);
      dead.commitSecondaries(later);
    }
    assertEquals("new", get("push/a"));
    assertEquals("new", get("two/push"));
  }

  @Test
  void theLocksOfAClientThatDiedAreRolledBackOnceTheyExpire() throws Exception {
    PublishedTransaction.commit(session, "dead/a=old", "two/dead=old");
    long deadTs;
    try (TiSession dying = cluster.session(cluster.txnConfig());
        PublishedTransaction dead = new PublishedTransaction(dying, 200)) {
      dead.write("dead/a=never", "two/dead=never").prewrite();
      deadTs = dead.startTs();
    }
    until(
        "the locks have expired",
        () -> (session.getTimestamp().getVersion() >>> 18) > (deadTs >>> 18) + 200);
    try (PublishedTransaction writer = new PublishedTransaction(session, 20_000)) {
      writer.write("two/dead=next", "dead/a=next").prewrite(); // resolves what it meets
      long commitTs = writer.now();
      writer.commitPrimary(commitTs);
      writer.commitSecondaries(commitTs);
    }
    assertEquals("next", get("dead/a"));
    assertEquals("next", get("two/dead"));
  }

  @Test
  void aClientThatDiedAfterItsPrimaryWasCommittedHasCommittedAll() throws Exception {
    try (TiSession dying = cluster.session(cluster.txnConfig());
        PublishedTransaction dead = new PublishedTransaction(dying, LONG_LIFE_MILLIS)) {
      dead.write("half/a=new", "half/b=new", "two/half=new").prewrite();
      dead.commitPrimary(dead.now());
    }
    assertEquals("new", get("two/half"));
    assertEquals("new", get("half/b"));
  }

  @Test
  void aSplitUnderARunningClientLosesNothing() throws Exception {
    workWhile("split/", () -> cluster.splitTxn("split/1", "split/10", "split/15"));
    assertTrue(cluster.regions() >= 7, "regions: " + cluster.regions());
  }

  @Test
  void theKillOfALeaderUnderARunningClientLosesNothing() throws Exception {
    PublishedTransaction.commit(session, "kill/=warm");
    int leader = cluster.leaderOfTxn("kill/");
    workWhile(
        "kill/",
        () -> {
          cluster.kill(leader);
          until("another store leads", () -> cluster.leaderOfTxn("kill/") != leader);
        });
    cluster.restart(leader);
    PublishedTransaction.commit(session, "kill/=again");
    assertEquals("again", get("kill/"));
  }

  /** Commits pairs of keys one after another while something happens; all must be there. */
  private static void workWhile(String prefix, Runnable happening) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger committed = new AtomicInteger();
    ExecutorService writer = Executors.newSingleThreadExecutor();
    List<Integer> acknowledged = new ArrayList<>(); // read after the writer has ended
    try {
      Future<?> writing =
          writer.submit(
              () -> {
                int next = 0;
                for (int after = 0; after < 10; after += over.get() ? 1 : 0, next++) {
                  if (commitPair(prefix, next)) {
                    acknowledged.add(next);
                    committed.incrementAndGet();
                  }
                }
              });
      until("the client works", () -> committed.get() >= 10 || writing.isDone());
      happening.run();
      int atEnd = committed.get();
      over.set(true);
      writing.get(120, TimeUnit.SECONDS);
      assertTrue(committed.get() > atEnd, "the client has found its way");
    } finally {
      writer.shutdownNow();
    }
    for (int i : acknowledged) {
      assertEquals("v" + i, get(prefix + i));
      assertEquals("v" + i, get("two/" + prefix + i));
    }
  }

  /**
   * Whether the client knows that it has committed; a call that meets a leader change may fail in
   * its hands, then the pair does not count.
   */
  private static boolean commitPair(String prefix, int number) {
    try {
      PublishedTransaction.commit(
          session, prefix + number + "=v" + number, "two/" + prefix + number + "=v" + number);
      return true;
    } catch (Exception failed) {
      return false;
    }
  }

  private static ByteString key(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
