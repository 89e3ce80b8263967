package dev.kittiwake.kv.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.kittiwake.kv.cluster.SimCluster.SimStore;
import dev.kittiwake.kv.cluster.SimCluster.Target;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.region.SplitResult;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.MemComparable;
import dev.kittiwake.proto.kvrpcpb.GetRequest;
import dev.kittiwake.proto.kvrpcpb.GetResponse;
import dev.kittiwake.proto.kvrpcpb.Mutation;
import dev.kittiwake.proto.kvrpcpb.Op;
import dev.kittiwake.proto.kvrpcpb.PessimisticLockRequest;
import dev.kittiwake.proto.kvrpcpb.PessimisticLockResponse;
import dev.kittiwake.proto.kvrpcpb.PrewriteRequest;
import dev.kittiwake.proto.kvrpcpb.PrewriteResponse;
import dev.kittiwake.proto.rpc.KvMethod;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What transactions rely on, and only a leader's memory holds, lives through merges. */
class LocksAndMergeTest {
  /** Three stores that serve requests; regions left of "m" and from "m" on. */
  private static SimCluster twoRegions(long seed) {
    SimCluster cluster = new SimCluster(seed).serving().grow(3);
    Target target = cluster.leader(stored("b"));
    assertInstanceOf(
        SplitResult.Done.class,
        cluster.await(target.store().access().split(target.view(), List.of(stored("m")))));
    cluster.until("both are known", () -> cluster.pd.regionList().size() == 2 && cluster.tiles());
    return cluster;
  }

  private static Key stored(String key) {
    return MemComparable.encode(Key.of(key));
  }

  private static void mergeLeftIntoRight(SimCluster cluster) {
    cluster.pd.merge(
        cluster.leader(stored("b")).view().regionId(),
        cluster.leader(stored("y")).view().regionId());
    cluster.until("one region", () -> cluster.pd.regionList().size() == 1 && cluster.tiles());
  }

  private static byte[] replicatedLock(SimCluster cluster, String key) {
    Target target = cluster.leader(stored(key));
    return target.store().access().leaseRead(target.view(), r -> r.get(Family.LOCK, stored(key)));
  }

  @Test
  void aLockThatOnlyTheLeaderKnewIsReplicatedBeforeItsRegionEnds() {
    SimCluster cluster = twoRegions(1);
    assertEquals(0, lock(cluster, 10, "b").getErrorsCount());
    assertNull(replicatedLock(cluster, "b"), "only the leader knows the lock");
    mergeLeftIntoRight(cluster);
    assertEquals(10, lock(cluster, 20, "b").getErrors(0).getLocked().getLockVersion());
    cluster.until("a leader reads", () -> replicatedLock(cluster, "b") != null);
    assertEquals(0, prewrite(cluster, 10, "b").getErrorsCount(), "its own transaction goes on");
  }

  @Test
  void aLockOfTheRegionThatGoesOnStaysWhereItIs() {
    SimCluster cluster = twoRegions(2);
    assertEquals(0, lock(cluster, 10, "y").getErrorsCount());
    mergeLeftIntoRight(cluster);
    assertEquals(10, lock(cluster, 20, "y").getErrors(0).getLocked().getLockVersion());
    assertEquals(0, prewrite(cluster, 10, "y").getErrorsCount(), "its own transaction goes on");
    assertEquals(0, lock(cluster, 30, "z").getErrorsCount(), "new locks are given");
  }

  /** A merge that is taken back leaves the source as it was, locks and all. */
  @Test
  void locksOutliveAMergeThatIsTakenBack() {
    SimCluster cluster = twoRegions(3);
    assertEquals(0, lock(cluster, 10, "b").getErrorsCount());
    Target right = cluster.leader(stored("y"));
    long left = cluster.leader(stored("b")).view().regionId();
    cluster.pd.merge(left, right.view().regionId());
    var split = right.store().access().split(right.view(), List.of(stored("s")));
    cluster.await(split);
    cluster.pd.noMerges();
    cluster.time.run(2_000);
    assertEquals(10, lock(cluster, 20, "b").getErrors(0).getLocked().getLockVersion());
    assertEquals(0, prewrite(cluster, 10, "b").getErrorsCount());
  }

  /** The other leader served the read: its store alone knows how far reads have come. */
  @Test
  void noCommitTimestampAfterTheMergeIsBelowAReadBeforeIt() {
    SimCluster cluster = twoRegions(4);
    SimStore leftLeader = cluster.leader(stored("b")).store();
    long right = cluster.leader(stored("y")).view().regionId();
    SimStore other =
        cluster.stores.values().stream().filter(store -> store != leftLeader).findFirst().get();
    cluster.pd.transfer(right, other.node.storeId());
    cluster.until("they lead", () -> cluster.pd.leaderStore(right) == other.node.storeId());
    cluster.time.run(500);
    long startTs = cluster.pd.client().timestamp().join();
    long readTs = cluster.pd.client().timestamp().join();
    assertTrue(get(cluster, readTs, "b").getNotFound());
    mergeLeftIntoRight(cluster);
    cluster.time.run(500);
    PrewriteResponse committed = onePhase(cluster, startTs, "b");
    assertFalse(committed.hasRegionError(), committed.toString());
    assertTrue(committed.getOnePcCommitTs() > readTs, "the read has not seen it: " + committed);
    assertTrue(get(cluster, readTs, "b").getNotFound());
    assertNotNull(get(cluster, committed.getOnePcCommitTs(), "b").getValue());
  }

  private static GetResponse get(SimCluster cluster, long ts, String key) {
    return cluster.call(
        KvMethod.KV_GET,
        stored(key),
        context ->
            GetRequest.newBuilder()
                .setContext(context)
                .setKey(ByteString.copyFromUtf8(key))
                .setVersion(ts)
                .build());
  }

  private static PessimisticLockResponse lock(SimCluster cluster, long startTs, String key) {
    return cluster.call(
        KvMethod.KV_PESSIMISTIC_LOCK,
        stored(key),
        context ->
            PessimisticLockRequest.newBuilder()
                .setContext(context)
                .setStartVersion(startTs)
                .setForUpdateTs(startTs)
                .setPrimaryLock(ByteString.copyFromUtf8(key))
                .addMutations(
                    Mutation.newBuilder()
                        .setOp(Op.PessimisticLock)
                        .setKey(ByteString.copyFromUtf8(key)))
                .setLockTtl(60_000)
                .setWaitTimeout(-1)
                .build());
  }

  private static PrewriteRequest.Builder prewriteRequest(long startTs, String key) {
    return PrewriteRequest.newBuilder()
        .setStartVersion(startTs)
        .setPrimaryLock(ByteString.copyFromUtf8(key))
        .addMutations(
            Mutation.newBuilder()
                .setOp(Op.Put)
                .setKey(ByteString.copyFromUtf8(key))
                .setValue(ByteString.copyFromUtf8("v")))
        .setLockTtl(60_000);
  }

  private static PrewriteResponse prewrite(SimCluster cluster, long startTs, String key) {
    PrewriteRequest.Builder request =
        prewriteRequest(startTs, key)
            .setForUpdateTs(startTs)
            .addPessimisticActions(PrewriteRequest.PessimisticAction.DO_PESSIMISTIC_CHECK);
    return cluster.call(
        KvMethod.KV_PREWRITE, stored(key), context -> request.setContext(context).build());
  }

  private static PrewriteResponse onePhase(SimCluster cluster, long startTs, String key) {
    PrewriteRequest.Builder request =
        prewriteRequest(startTs, key).setTryOnePc(true).setMinCommitTs(startTs + 1);
    return cluster.call(
        KvMethod.KV_PREWRITE, stored(key), context -> request.setContext(context).build());
  }
}
