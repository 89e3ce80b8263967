package dev.kittiwake.kv.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.kv.cluster.SimCluster.SimStore;
import dev.kittiwake.kv.cluster.SimCluster.Target;
import dev.kittiwake.kv.engine.EngineException;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.region.Admission;
import dev.kittiwake.kv.region.ReadResult;
import dev.kittiwake.kv.region.RegionWrite;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.key.Key;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a store does when its disk is late, hangs or fails, in one thread on virtual time. */
class DurabilityTest {
  private static final long SECOND = 1_000_000_000L;

  private static CompletableFuture<Error> write(Target target, String key, String value) {
    return target
        .store()
        .access()
        .write(
            target.view(),
            new RegionWrite().put(Family.DEFAULT, Key.of(key), value.getBytes(UTF_8)));
  }

  /** A region whose leader cannot store its own entries would answer nobody, for ever. */
  @Test
  void aLeaderOnAHungDiskLeavesWithinFifteenSecondsAndServesNothingStale() {
    SimCluster cluster = SimCluster.replicated(21, 3);
    cluster.put("k", "before");
    Target old = cluster.leader("k");
    old.store().disk.hang();
    final CompletableFuture<Error> unanswered = write(old, "k", "maybe");
    long from = cluster.time.nanos();
    cluster.until("somebody else leads", () -> leadsElsewhere(cluster, old));
    assertTrue(cluster.time.nanos() - from < 15 * SECOND, "it took too long");
    cluster.put("k", "after");
    assertEquals("after", cluster.get("k"));
    assertStale(cluster, old);
    cluster.until("the write is answered one way or the other", unanswered::isDone);
    old.store().disk.goOn();
    cluster.until(
        "the store takes part again", () -> "after".equals(SimCluster.local(old.store(), "k")));
  }

  private static boolean leadsElsewhere(SimCluster cluster, Target old) {
    return cluster.leaders("k").stream().anyMatch(target -> target.store() != old.store());
  }

  /** The old leader may refuse or stay silent; what it must not do is answer. */
  private static void assertStale(SimCluster cluster, Target old) {
    assertFalse(
        old.store().access().admit(old.context(), List.of(Key.of("k")), false)
            instanceof Admission.Admitted);
    CompletableFuture<ReadResult> late = old.store().access().read(old.view());
    cluster.time.run(5_000);
    assertFalse(late.isDone() && late.join() instanceof ReadResult.Readable, "a stale read");
    assertNull(old.store().access().<String>leaseRead(old.view(), reader -> "served"));
  }

  @Test
  void aLeaderOnADiskThatIsAlwaysSlowLeaves() {
    SimCluster cluster = SimCluster.replicated(22, 3);
    SimStore slow = cluster.leader("k").store();
    slow.disk.slowDown(200);
    long from = cluster.time.nanos();
    for (int i = 0; cluster.leader("k").store() == slow; i++) {
      write(cluster.leader("k"), "k", "v" + i);
      cluster.time.run(20);
      assertTrue(cluster.time.nanos() - from < 15 * SECOND, "it took too long");
    }
    assertTrue(slow.access().slowScore() > 80, "score " + slow.access().slowScore());
  }

  /** Where every disk is slow, moving leaders about would only add to the trouble. */
  @Test
  void leadersStayWhereAllDisksAreEquallySlow() {
    SimCluster cluster = SimCluster.replicated(23, 3);
    cluster.stores.values().forEach(store -> store.disk.slowDown(200));
    SimStore leader = cluster.leader("k").store();
    for (int i = 0; i < 500; i++) {
      write(cluster.leader("k"), "k", "v" + i);
      cluster.time.run(20);
    }
    assertSame(leader, cluster.leader("k").store());
  }

  /** R20: a retry may report success with the data gone, so there is none. */
  @Test
  void r20AFailedFsyncStopsTheStoreAtOnceAndItStartsAgainFromItsDisk() {
    SimCluster cluster = SimCluster.replicated(24, 3);
    for (int i = 0; i < 20; i++) {
      cluster.put("k" + i, "v" + i);
    }
    Target leader = cluster.leader("k0");
    SimStore broken = leader.store();
    broken.mayFail = true;
    broken.disk.failNextForce = true;
    CompletableFuture<Error> lost = write(leader, "lost", "?");
    cluster.time.runUntil("the store stops", 1, () -> broken.failure != null);
    assertInstanceOf(IOException.class, broken.failure);
    cluster.time.run(100);
    assertEquals(List.of(), broken.access().regions());
    assertTrue(
        lost.isDone() && lost.join() != null, "a write that is not durable was acknowledged");
    for (int i = 0; i < 20; i++) {
      assertEquals("v" + i, cluster.get("k" + i));
    }
    cluster.put("while", "down");
    assertEquals(0, broken.disk.changesAfterFailure, "the disk was touched after the error");
    broken.kill(true);
    broken.disk = new FaultyDisk(cluster.time);
    cluster.restart(broken);
    cluster.until("the store catches up", () -> "down".equals(SimCluster.local(broken, "while")));
    assertEquals("v19", SimCluster.local(broken, "k19"));
  }

  @Test
  void aFailedWriteOfTheDatabaseStopsTheStoreAtOnce() {
    SimCluster cluster = SimCluster.replicated(25, 3);
    cluster.put("k", "before");
    Target leader = cluster.leader("k");
    SimStore broken = leader.store();
    broken.mayFail = true;
    broken.disk.failWrites = true;
    CompletableFuture<Error> unknown = write(leader, "k", "after");
    cluster.time.runUntil("the store stops", 1, () -> broken.failure != null);
    assertInstanceOf(EngineException.class, broken.failure);
    cluster.until("the write is answered", unknown::isDone);
    assertTrue(unknown.join() != null, "acknowledged, but not applied");
    cluster.until("another store leads", () -> leadsElsewhere(cluster, leader));
    assertEquals("after", cluster.get("k"), "it was committed before the engine failed");
    assertNotSame(broken, cluster.leader("k").store());
  }
}
