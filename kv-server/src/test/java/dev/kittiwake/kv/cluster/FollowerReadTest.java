package dev.kittiwake.kv.cluster;

import static dev.kittiwake.kv.cluster.TxnRequests.bytes;
import static dev.kittiwake.kv.cluster.TxnRequests.stored;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.kv.cluster.SimCluster.SimStore;
import dev.kittiwake.proto.kvrpcpb.BatchGetRequest;
import dev.kittiwake.proto.kvrpcpb.BatchGetResponse;
import dev.kittiwake.proto.kvrpcpb.Context;
import dev.kittiwake.proto.kvrpcpb.GetResponse;
import dev.kittiwake.proto.kvrpcpb.PrewriteResponse;
import dev.kittiwake.proto.kvrpcpb.ScanRequest;
import dev.kittiwake.proto.kvrpcpb.ScanResponse;
import dev.kittiwake.proto.rpc.KvMethod;
import dev.kittiwake.raft.Append;
import dev.kittiwake.raft.AppendReply;
import dev.kittiwake.raft.ReadIndexReply;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Followers serve transactional reads, and nothing is ever committed below what they served. */
class FollowerReadTest {
  private final SimCluster cluster = new SimCluster(81).serving().grow(3);
  private final TxnRequests txn = new TxnRequests(cluster);

  private Context.Builder replicaRead(SimStore store, String key) {
    return txn.at(store, key).setReplicaRead(true);
  }

  private GetResponse read(SimStore store, String key, long ts) {
    return cluster.await(txn.get(store, replicaRead(store, key), key, ts));
  }

  @Test
  void everyKindOfReadIsAsNewAsTheQuestion() {
    SimStore follower = txn.follower("k");
    for (int i = 0; i < 10; i++) {
      txn.put("k", "v" + i);
      long ts = txn.timestamp();
      assertEquals("v" + i, read(follower, "k", ts).getValue().toStringUtf8());
      BatchGetResponse batch =
          cluster.await(
              follower
                  .side
                  .api()
                  .call(
                      KvMethod.KV_BATCH_GET,
                      BatchGetRequest.newBuilder()
                          .setContext(replicaRead(follower, "k"))
                          .addKeys(bytes("k"))
                          .addKeys(bytes("none"))
                          .setVersion(ts)
                          .build()));
      assertEquals(List.of("v" + i), values(batch.getPairsList()));
      ScanResponse scan =
          cluster.await(
              follower
                  .side
                  .api()
                  .call(
                      KvMethod.KV_SCAN,
                      ScanRequest.newBuilder()
                          .setContext(replicaRead(follower, "k"))
                          .setLimit(10)
                          .setVersion(ts)
                          .build()));
      assertEquals(List.of("v" + i), values(scan.getPairsList()));
    }
  }

  private static List<String> values(List<dev.kittiwake.proto.kvrpcpb.KvPair> pairs) {
    return pairs.stream().map(pair -> pair.getValue().toStringUtf8()).toList();
  }

  @Test
  void withoutTheWishAFollowerNamesTheLeader() {
    SimStore follower = txn.follower("k");
    GetResponse refused = cluster.await(txn.get(follower, txn.at(follower, "k"), "k", 10));
    assertEquals(
        cluster.leader(stored("k")).view().peer(),
        refused.getRegionError().getNotLeader().getLeader());
  }

  /** The leader computes the commit timestamp, and knows of the read at the other store. */
  @Test
  void aCommitAfterTheReadLiesAboveIt() {
    txn.put("k", "old");
    long startTs = txn.timestamp();
    long readTs = txn.timestamp();
    SimStore follower = txn.follower("k");
    assertEquals("old", read(follower, "k", readTs).getValue().toStringUtf8());
    PrewriteResponse committed = cluster.await(txn.prewrite("k", "new", startTs, true));
    assertTrue(
        Long.compareUnsigned(committed.getOnePcCommitTs(), readTs) > 0,
        committed + " is below a read at " + readTs);
    assertEquals("old", read(follower, "k", readTs).getValue().toStringUtf8());
  }

  /** It is decided, but no entry tells of it yet: only the leader's memory knows. */
  @Test
  void aCommitInFlightIsInTheWayOfWhoeverReadsAboveIt() {
    txn.put("k", "old");
    txn.put("other", "there");
    long before = txn.timestamp();
    SimStore follower = txn.follower("k");
    cluster.lost = envelope -> envelope.message() instanceof AppendReply;
    CompletableFuture<PrewriteResponse> inFlight = txn.prewrite("k", "new", txn.timestamp(), true);
    cluster.time.run(20);
    assertFalse(inFlight.isDone(), "nobody has acknowledged it");
    long after = txn.timestamp();
    CompletableFuture<GetResponse> blocked =
        txn.get(follower, replicaRead(follower, "k"), "k", after);
    CompletableFuture<GetResponse> free =
        txn.get(follower, replicaRead(follower, "other"), "other", after);
    GetResponse answer = cluster.await(blocked);
    assertEquals("k", answer.getError().getLocked().getKey().toStringUtf8(), answer.toString());
    assertEquals(
        "there",
        cluster.await(free).getValue().toStringUtf8(),
        "whoever asked in the same round and meets no lock is served");
    assertEquals("old", read(follower, "k", before).getValue().toStringUtf8());
    cluster.lost = envelope -> false;
    long commitTs = cluster.await(inFlight).getOnePcCommitTs();
    assertEquals("new", read(follower, "k", commitTs).getValue().toStringUtf8());
    assertTrue(Long.compareUnsigned(commitTs, after) <= 0, "the read had to be refused");
  }

  @Test
  void aLockInTheDataIsToldWithItsTransaction() {
    long startTs = txn.timestamp();
    assertEquals(0, cluster.await(txn.prewrite("k", "v", startTs, false)).getErrorsCount());
    SimStore follower = txn.follower("k");
    long readTs = txn.timestamp();
    assertEquals(startTs, read(follower, "k", readTs).getError().getLocked().getLockVersion());
    assertEquals(
        startTs,
        read(follower, "k", -1).getError().getLocked().getLockVersion(),
        "the latest is asked for: a follower does not know what its leader has committed since");
    long commitTs = txn.timestamp();
    assertFalse(txn.commit("k", startTs, commitTs).hasError());
    assertTrue(read(follower, "k", readTs).getNotFound());
    assertEquals("v", read(follower, "k", commitTs).getValue().toStringUtf8());
  }

  @Test
  void aFollowerThatIsBehindServesNothingOld() {
    txn.put("k", "old");
    SimStore follower = txn.follower("k");
    long id = follower.node.storeId();
    cluster.lost =
        envelope -> envelope.to().getStoreId() == id && envelope.message() instanceof Append;
    txn.put("k", "new");
    CompletableFuture<GetResponse> waits =
        txn.get(follower, replicaRead(follower, "k"), "k", txn.timestamp());
    cluster.time.run(100);
    assertFalse(waits.isDone(), "it lacks the entry");
    assertTrue(cluster.await(waits).hasRegionError(), "it does not wait for ever");
    cluster.lost = envelope -> false;
    cluster.until(
        "it has caught up",
        () -> read(follower, "k", txn.timestamp()).getValue().equals(bytes("new")));
  }

  @Test
  void aQuestionWithoutAnAnswerEndsInARegionError() {
    txn.put("k", "v");
    SimStore follower = txn.follower("k");
    cluster.lost = envelope -> envelope.message() instanceof ReadIndexReply;
    assertTrue(read(follower, "k", txn.timestamp()).hasRegionError());
    cluster.lost = envelope -> false;
    assertEquals("v", read(follower, "k", txn.timestamp()).getValue().toStringUtf8());
  }

  /** What the new leader computes must lie above reads of which only the old one was told. */
  @Test
  void aChangeOfLeadersLowersNoCommitBelowAReadByAFollower() {
    txn.put("k", "old");
    long startTs = txn.timestamp();
    long readTs = txn.timestamp();
    SimStore follower = txn.follower("k");
    assertEquals("old", read(follower, "k", readTs).getValue().toStringUtf8());
    long region = cluster.leader(stored("k")).view().regionId();
    cluster.pd.transfer(region, follower.node.storeId());
    cluster.until("they lead", () -> cluster.pd.leaderStore(region) == follower.node.storeId());
    PrewriteResponse[] committed = new PrewriteResponse[1];
    cluster.until(
        "a commit",
        () -> {
          committed[0] = cluster.await(txn.prewrite("k", "new", startTs, true));
          return !committed[0].hasRegionError();
        });
    assertTrue(Long.compareUnsigned(committed[0].getOnePcCommitTs(), readTs) > 0);
  }
}
