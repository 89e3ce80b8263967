package dev.kittiwake.kv.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.kittiwake.kv.KvConfig;
import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.kv.cluster.SimCluster.SimStore;
import dev.kittiwake.kv.cluster.SimCluster.Target;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.region.RegionWrite;
import dev.kittiwake.kv.region.SplitResult;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.MemComparable;
import dev.kittiwake.proto.key.VersionedKey;
import dev.kittiwake.proto.kvrpcpb.KeyError;
import dev.kittiwake.proto.kvrpcpb.Mutation;
import dev.kittiwake.proto.kvrpcpb.Op;
import dev.kittiwake.proto.kvrpcpb.PessimisticLockRequest;
import dev.kittiwake.proto.kvrpcpb.PessimisticLockResponse;
import dev.kittiwake.proto.kvrpcpb.PrewriteRequest;
import dev.kittiwake.proto.kvrpcpb.PrewriteResponse;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.rpc.KvMethod;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Regions that split without being told, and what lives in memory moving with its keys. */
class SplitByItselfTest {
  private static final String KIB = "x".repeat(1_000);

  @Test
  void aRegionThatGrowsTooLargeIsSplitUntilNoneIs() {
    SimCluster cluster = SimCluster.replicated(1, 3);
    for (int i = 0; i < 400; i++) {
      cluster.put(String.format("k%03d", i), KIB);
    }
    cluster.until(
        "no region is too large",
        () ->
            cluster.pd.regionList().size() >= 5 && cluster.tiles() && largest(cluster) <= 96 << 10);
    for (int i = 0; i < 400; i += 37) {
      assertEquals(KIB, cluster.get(String.format("k%03d", i)));
    }
  }

  /** Thirty pieces and more, at most three at a time, and twenty seconds between two looks. */
  @Test
  void aRegionFarTooLargeIsCutToItsEndAtOnce() {
    SimCluster cluster =
        SimCluster.replicated(
            6,
            3,
            KvConfig.fastTest()
                .with(KvSetting.SPLIT_PIECES, "3")
                .with(KvSetting.SPLIT_CHECK_TICK, "20s"));
    cluster.time.run(1_000); // the next look is not due for a while
    for (int i = 0; i < 500; i++) {
      cluster.put(String.format("k%03d", i), KIB.repeat(5));
    }
    assertEquals(1, cluster.pd.regionList().size(), "it was looked at too early for this story");
    cluster.until("the first cut", () -> cluster.pd.regionList().size() > 1);
    long first = cluster.time.nanos();
    cluster.until(
        "no region is too large", () -> cluster.tiles() && cluster.pd.regionList().size() >= 30);
    assertTrue(cluster.time.nanos() - first < 20_000_000_000L, "another look was waited for");
  }

  /** The largest size that a leader told, or very much while one has told none. */
  private static long largest(SimCluster cluster) {
    return cluster.pd.regionList().stream()
        .mapToLong(region -> cluster.pd.size(region.getId()))
        .map(size -> size == 0 ? Long.MAX_VALUE : size)
        .max()
        .orElseThrow();
  }

  @Test
  void whatWasWrittenBeforeARestartIsMeasuredAfterIt() {
    SimCluster cluster =
        SimCluster.replicated(2, 3, KvConfig.fastTest().with(KvSetting.REGION_MAX_SIZE, "1GiB"));
    for (int i = 0; i < 50; i++) {
      cluster.put(String.format("k%03d", i), KIB);
    }
    for (SimStore store : cluster.stores.values()) {
      store.kill(false);
    }
    for (SimStore store : cluster.stores.values()) {
      cluster.restart(store);
    }
    long region = cluster.pd.regionList().get(0).getId();
    cluster.until(
        "the leader has measured its region",
        () -> cluster.pd.size(region) > 50_000 && cluster.pd.size(region) < 60_000);
  }

  @Test
  void aRegionWithTooManyKeysIsSplitThoughTheyAreSmall() {
    SimCluster cluster =
        SimCluster.replicated(
            3,
            3,
            KvConfig.fastTest()
                .with(KvSetting.REGION_SPLIT_KEYS, "20")
                .with(KvSetting.REGION_MAX_KEYS, "30")
                .with(KvSetting.SPLIT_CHECK_DIFF, "0B"));
    for (int i = 0; i < 100; i++) {
      cluster.put(String.format("k%03d", i), "v");
    }
    cluster.until("several regions", () -> cluster.pd.regionList().size() >= 4 && cluster.tiles());
  }

  @Test
  void noSplitByItselfPartsTheVersionsOfAKey() {
    SimCluster cluster = SimCluster.replicated(4, 3);
    for (int i = 0; i < 40; i++) {
      Key user = Key.of(String.format("row%03d", i));
      Target target = cluster.leader(MemComparable.encode(user));
      RegionWrite versions = new RegionWrite();
      for (int ts = 1; ts <= 10; ts++) {
        versions.put(Family.DEFAULT, VersionedKey.of(user, ts), new byte[1_000]);
        versions.put(Family.WRITE, VersionedKey.of(user, ts + 1), new byte[20]);
      }
      Error error = cluster.await(target.store().access().write(target.view(), versions));
      if (error != null) {
        i--; // split meanwhile: once more
      }
    }
    cluster.until("several regions", () -> cluster.pd.regionList().size() >= 4);
    for (Region region : cluster.pd.regionList()) {
      if (!region.getStartKey().isEmpty()) {
        String user = new String(MemComparable.decode(region.getStartKey().toByteArray()));
        assertTrue(user.startsWith("row"), user);
      }
    }
  }

  @Test
  void aRegionThatIsAskedTooMuchIsSplitBetweenTheQuestions() {
    SimCluster cluster =
        SimCluster.replicated(5, 3, KvConfig.fastTest().with(KvSetting.SPLIT_QPS, "1000"));
    Target target = cluster.leader("k0");
    for (int i = 0; i < 5_000 && cluster.pd.regionList().size() == 1; i++) {
      for (int request = 0; request < 20; request++) {
        Key key = Key.of("k" + (i * 7 + request) % 10);
        target.store().access().admit(target.context(), List.of(key), false);
      }
      cluster.time.run(5);
    }
    cluster.until("two regions", () -> cluster.pd.regionList().size() == 2);
    Region left =
        cluster.pd.regionList().stream().filter(r -> r.getStartKey().isEmpty()).findAny().get();
    String cut = left.getEndKey().toStringUtf8();
    assertTrue(cut.compareTo("k3") >= 0 && cut.compareTo("k7") <= 0, cut);
  }

  @Test
  void aRegionIsHalvedOnDemand() {
    SimCluster cluster = SimCluster.replicated(6, 3);
    for (int i = 0; i < 20; i++) {
      cluster.put(String.format("k%03d", i), KIB);
    }
    cluster.pd.halve(cluster.pd.regionList().get(0).getId());
    cluster.until("two regions", () -> cluster.pd.regionList().size() == 2);
    assertEquals(
        "k010",
        cluster.leader("k010").view().range().start().toString().isEmpty()
            ? ""
            : new String(cluster.leader("k010").view().range().start().unsafeBytes()));
  }

  @Test
  void theNewRegionsAreLedAtOnceWhereTheOldOneWas() {
    SimCluster cluster = SimCluster.replicated(7, 3);
    cluster.put("a", "1");
    SimStore leader = cluster.leader("a").store();
    assertInstanceOf(SplitResult.Done.class, cluster.split("m"));
    cluster.time.run(100); // an election takes 500 at least
    Target child = cluster.leaders("a").get(0);
    assertEquals(leader, child.store());
    RegionWrite write = new RegionWrite().put(Family.DEFAULT, Key.of("a"), new byte[] {'2'});
    assertNull(cluster.await(child.store().access().write(child.view(), write)));
    assertEquals("2", cluster.get("a"));
  }

  @Test
  void aLockThatOnlyTheLeaderKnowsMovesWithItsKey() {
    SimCluster cluster = new SimCluster(8).serving().grow(3);
    assertEquals(0, lock(cluster, 10, "b").getErrorsCount());
    assertNull(replicatedLock(cluster, "b"), "only the leader knows the lock");
    splitAt(cluster, "m");
    KeyError refused = lock(cluster, 20, "b").getErrors(0);
    assertEquals(10, refused.getLocked().getLockVersion());
    assertEquals(0, prewrite(cluster, 10, "b").getErrorsCount(), "its own transaction goes on");
    splitAt(cluster, "a");
    assertEquals(10, lock(cluster, 30, "b").getErrors(0).getLocked().getLockVersion());
  }

  /** The lock would mean nothing to a leader that did not give it: others may have come between. */
  @Test
  void aLockIsNotHandedOnIfTheNewRegionIsLedElsewhereFirst() {
    SimCluster cluster = new SimCluster(9).serving().grow(3);
    assertEquals(0, lock(cluster, 10, "b").getErrorsCount());
    SimStore leader = cluster.leader(stored("b")).store();
    var split = leader.access().split(cluster.leader(stored("b")).view(), List.of(stored("m")));
    cluster.await(split);
    leader.pause(); // before the new region has a leader
    cluster.time.run(3_000);
    Target elsewhere = cluster.leader(stored("b"));
    assertEquals(0, lock(cluster, 20, "b").getErrorsCount(), "nobody there knows the lock");
    leader.resume();
    cluster.time.run(1_000);
    cluster.pd.transfer(elsewhere.view().regionId(), leader.node.storeId());
    cluster.until(
        "the first store leads",
        () -> cluster.pd.leaderStore(elsewhere.view().regionId()) == leader.node.storeId());
    assertEquals(
        0, lock(cluster, 30, "b").getErrorsCount(), "both locks were lost with their leaders");
  }

  private static Key stored(String key) {
    return MemComparable.encode(Key.of(key));
  }

  private static void splitAt(SimCluster cluster, String key) {
    Target target = cluster.leader(stored(key));
    assertInstanceOf(
        SplitResult.Done.class,
        cluster.await(target.store().access().split(target.view(), List.of(stored(key)))));
  }

  private static byte[] replicatedLock(SimCluster cluster, String key) {
    Target target = cluster.leader(stored(key));
    return target.store().access().leaseRead(target.view(), r -> r.get(Family.LOCK, stored(key)));
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

  private static PrewriteResponse prewrite(SimCluster cluster, long startTs, String key) {
    return cluster.call(
        KvMethod.KV_PREWRITE,
        stored(key),
        context ->
            PrewriteRequest.newBuilder()
                .setContext(context)
                .setStartVersion(startTs)
                .setForUpdateTs(startTs)
                .setPrimaryLock(ByteString.copyFromUtf8(key))
                .addMutations(
                    Mutation.newBuilder()
                        .setOp(Op.Put)
                        .setKey(ByteString.copyFromUtf8(key))
                        .setValue(ByteString.copyFromUtf8("v")))
                .addPessimisticActions(PrewriteRequest.PessimisticAction.DO_PESSIMISTIC_CHECK)
                .setLockTtl(60_000)
                .build());
  }
}
