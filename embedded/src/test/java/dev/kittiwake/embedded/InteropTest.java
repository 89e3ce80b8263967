package dev.kittiwake.embedded;

import static dev.kittiwake.embedded.ListeningCluster.bytes;
import static dev.kittiwake.embedded.ListeningCluster.text;
import static dev.kittiwake.embedded.ListeningCluster.until;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.client.ClientConfig;
import dev.kittiwake.client.ClientRuntime;
import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.error.WriteConflictException;
import dev.kittiwake.client.pd.EndpointPdClient;
import dev.kittiwake.client.rpc.GrpcKvRpc;
import dev.kittiwake.client.rpc.KvRpc;
import dev.kittiwake.client.txn.Scan;
import dev.kittiwake.client.txn.ScanOptions;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.client.txn.TransactionOptions;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.CommitRequest;
import dev.kittiwake.proto.rpc.KvEndpoint;
import dev.kittiwake.proto.rpc.KvMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tikv.common.TiSession;
import org.tikv.common.util.ConcreteBackOffer;
import org.tikv.kvproto.Kvrpcpb.KvPair;
import org.tikv.raw.RawKVClient;
import org.tikv.shade.com.google.protobuf.ByteString;
import org.tikv.txn.KVClient;

/** Our client and TiKV's published one share data and clean up after each other. */
@Timeout(300)
class InteropTest {
  private static ListeningCluster cluster;
  private static ClusterClient ours;
  private static TiSession theirs;
  private static KVClient theirClient;

  private static final List<AutoCloseable> leftovers =
      new CopyOnWriteArrayList<>(); // of dead clients

  @BeforeAll
  static void start() {
    cluster = ListeningCluster.still();
    cluster.splitTxn("m");
    ours = cluster.connect();
    theirs = cluster.session(cluster.txnConfig());
    theirClient = theirs.createKVClient();
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable leftover : leftovers) {
      leftover.close();
    }
    theirClient.close();
    theirs.close();
    ours.close();
    cluster.close();
  }

  private static String oursReads(String key) {
    return text(ours.transactions().latestSnapshot().get(bytes(key)));
  }

  private static String theirsReads(String key) {
    return theirClient.get(key(key), theirs.getTimestamp().getVersion()).toStringUtf8();
  }

  private static ByteString key(String text) {
    return ByteString.copyFromUtf8(text);
  }

  /** No asynchronous commit: the published client does not know it. */
  private static TransactionOptions ordinary() {
    return TransactionOptions.optimistic().withAsyncCommit(false).withOnePhaseCommit(false);
  }

  @Test
  void rawPairsAreSharedBothWays() throws Exception {
    try (TiSession session = cluster.session(cluster.rawConfig());
        RawKVClient raw = session.createRawClient()) {
      ours.raw().put(bytes("raw/1"), bytes("ours"));
      raw.put(key("raw/2"), key("theirs"));
      assertEquals("ours", raw.get(key("raw/1")).orElseThrow().toStringUtf8());
      assertArrayEquals(bytes("theirs"), ours.raw().get(bytes("raw/2")));
      assertEquals(2, raw.scanPrefix(key("raw/")).size());
      assertEquals(2, ours.raw().scan(bytes("raw/"), bytes("raw0"), 10).size());
    }
  }

  @Test
  void whatOursCommittedIsReadByTheirsAtTheRightTime() {
    long before = theirs.getTimestamp().getVersion();
    for (boolean onePhase : new boolean[] {true, false}) {
      Transaction transaction = ours.transactions().begin(ordinary().withOnePhaseCommit(onePhase));
      for (int i = 0; i < 300; i++) {
        transaction.put(bytes(String.format("ours/%b/%03d", onePhase, i)), bytes("v" + i));
      }
      if (!onePhase) {
        transaction.put(bytes("z/ours"), bytes("far"));
        transaction.put(bytes("z/long"), new byte[5_000]); // too long to stay in the lock
      }
      transaction.commit();
    }
    long after = theirs.getTimestamp().getVersion();
    assertEquals("v7", theirsReads("ours/true/007"));
    assertEquals("far", theirsReads("z/ours"));
    assertEquals(5_000, theirClient.get(key("z/long"), after).size());
    assertEquals("", theirClient.get(key("ours/true/007"), before).toStringUtf8());
    assertEquals(600, theirClient.scan(key("ours/"), key("ours0"), after).size());
    List<KvPair> some =
        theirClient.batchGet(
            ConcreteBackOffer.newBatchGetMaxBackOff(),
            new ArrayList<>(List.of(key("ours/false/299"), key("z/ours"))),
            after);
    assertEquals(2, some.stream().filter(pair -> !pair.getValue().isEmpty()).count());
  }

  @Test
  void whatTheirsCommittedIsReadByOurs() throws Exception {
    long before = ours.transactions().currentTimestamp();
    List<String> words = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      words.add(String.format("%s/%03d=v%d", i % 2 == 0 ? "theirs" : "z/theirs", i, i));
    }
    PublishedTransaction.commit(theirs, words.toArray(String[]::new));
    assertEquals("v8", oursReads("theirs/008"));
    assertEquals("v9", oursReads("z/theirs/009"));
    assertEquals(null, text(ours.transactions().snapshot(before).get(bytes("theirs/008"))));
    assertEquals(
        Set.of(Key.of("theirs/010"), Key.of("z/theirs/011")),
        ours.transactions()
            .latestSnapshot()
            .batchGet(List.of(Key.of("theirs/010"), Key.of("z/theirs/011"), Key.of("no")))
            .keySet());
    int seen = 0;
    try (Scan scan =
        ours.transactions()
            .latestSnapshot()
            .scan(bytes("theirs/"), bytes("theirs0"), ScanOptions.REVERSE)) {
      while (scan.next()) {
        seen++;
      }
    }
    assertEquals(150, seen);
  }

  @Test
  void conflictsBetweenTheTwoAreFoundOnBothSides() throws Exception {
    Transaction mine = ours.transactions().begin(ordinary());
    mine.startTs();
    PublishedTransaction.commit(theirs, "conflict=theirs");
    mine.put(bytes("conflict"), bytes("ours"));
    assertThrows(WriteConflictException.class, mine::commit);

    try (PublishedTransaction late = new PublishedTransaction(theirs, 20_000)) {
      ours.transactions()
          .run(
              transaction -> {
                transaction.put(bytes("conflict"), bytes("ours again"));
                return null;
              });
      late.write("conflict=late").within(500);
      assertThrows(RuntimeException.class, late::prewrite);
    }
    assertEquals("ours again", theirsReads("conflict"));
  }

  @Test
  void oursRollsBackWhatTheirsLeftBehindAndFinishesWhatTheirsHadCommitted() throws Exception {
    PublishedTransaction.commit(theirs, "left/a=old", "z/left=old");
    long deadTs;
    try (TiSession dying = cluster.session(cluster.txnConfig());
        PublishedTransaction dead = new PublishedTransaction(dying, 200)) {
      dead.write("left/a=never", "z/left=never").prewrite();
      deadTs = dead.startTs();
      assertEquals("old", oursReads("z/left"), "a living lock is pushed, not waited for");
    }
    awaitLife(deadTs, 200);
    assertEquals("old", oursReads("left/a"));
    writeOurs("left/a", "z/left");

    try (TiSession dying = cluster.session(cluster.txnConfig());
        PublishedTransaction dead = new PublishedTransaction(dying, 600_000)) {
      dead.write("left/a=committed", "z/left=committed").prewrite();
      dead.commitPrimary(dead.now());
    }
    assertEquals("committed", oursReads("z/left"));
    writeOurs("z/left", "left/a");
  }

  private static void writeOurs(String... keys) {
    Transaction transaction = ours.transactions().begin(ordinary());
    for (String key : keys) {
      transaction.put(bytes(key), bytes("ours"));
    }
    transaction.commit();
    for (String key : keys) {
      assertEquals("ours", theirsReads(key));
    }
  }

  private static void awaitLife(long startTs, long ttlMillis) {
    until(
        "the locks have expired",
        () -> (ours.transactions().currentTimestamp() >>> 18) > (startTs >>> 18) + ttlMillis);
  }

  @Test
  void theirsPassesAndRollsBackTheLocksOfOurDeadClient() throws Exception {
    PublishedTransaction.commit(theirs, "died/a=old", "z/died=old");
    long deadTs = dieBeforeCommitOf(null, "died/a", "z/died");
    assertEquals("old", theirsReads("z/died"), "whether the locks are alive or not");
    assertEquals("old", theirsReads("died/a"));
    awaitLife(deadTs, 1_000);
    PublishedTransaction.commit(theirs, "z/died=next", "died/a=next");
    assertEquals("next", oursReads("died/a"));
    assertEquals("next", oursReads("z/died"));
  }

  @Test
  void theirsFinishesWhatOurDeadClientHadCommitted() throws Exception {
    PublishedTransaction.commit(theirs, "done/a=old", "z/done=old");
    dieBeforeCommitOf("z/done", "done/a", "z/done");
    assertEquals("new", theirsReads("z/done"));
    assertEquals("new", theirsReads("done/a"));
  }

  /**
   * Our client writes {@code keys} and dies when it is about to commit {@code last}, or anything at
   * all if that is null.
   *
   * @return the start timestamp of its transaction
   */
  private static long dieBeforeCommitOf(String last, String... keys) throws Exception {
    CountDownLatch dead = new CountDownLatch(1);
    ClientConfig config =
        ClientConfig.DEFAULT.withTransactions(
            ClientConfig.TransactionConfig.DEFAULT.withLockTimes(1_000, 1_000, 10_000));
    ClientRuntime runtime = ClientRuntime.production();
    EndpointPdClient pd = EndpointPdClient.connect(List.of(cluster.pd()), config, runtime);
    GrpcKvRpc stores = new GrpcKvRpc(config, runtime);
    leftovers.addAll(List.of(stores, pd, runtime::close));
    ClusterClient dying = new ClusterClient(pd, new Dying(stores, last, dead), config, runtime);
    Transaction transaction = dying.transactions().begin(ordinary());
    for (String key : keys) {
      transaction.put(bytes(key), bytes("new"));
    }
    long startTs = transaction.startTs();
    Thread committer = new Thread(transaction::commit); // never ends if nothing is committed
    committer.setDaemon(true);
    committer.start();
    assertTrue(dead.await(120, TimeUnit.SECONDS), "it came as far as the commit");
    if (last != null) {
      committer.join(120_000);
      assertFalse(committer.isAlive(), "the user heard that it is committed");
    }
    return startTs; // nothing of the client is closed yet: a dead one closes nothing
  }

  /** From one commit on, nothing that this client says reaches a store. */
  private record Dying(KvRpc rpc, String last, CountDownLatch dead) implements KvRpc {
    @Override
    public KvEndpoint endpoint(String address) {
      KvEndpoint store = rpc.endpoint(address);
      return new KvEndpoint() {
        @Override
        public <Q, R> CompletableFuture<R> call(KvMethod<Q, R> method, Q request) {
          if (request instanceof CommitRequest commit && (last == null || commits(commit, last))) {
            dead.countDown();
          }
          return dead.getCount() == 0 ? new CompletableFuture<>() : store.call(method, request);
        }
      };
    }

    private static boolean commits(CommitRequest commit, String key) {
      return commit.getKeysList().stream().anyMatch(each -> each.toStringUtf8().equals(key));
    }

    @Override
    public void close() {
      rpc.close();
    }
  }
}
