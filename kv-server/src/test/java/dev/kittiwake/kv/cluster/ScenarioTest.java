package dev.kittiwake.kv.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.kv.cluster.SimCluster.SimStore;
import dev.kittiwake.kv.cluster.SimCluster.Target;
import dev.kittiwake.kv.engine.EngineException;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.region.ReadResult;
import dev.kittiwake.kv.region.RegionListener;
import dev.kittiwake.kv.region.RegionWrite;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.key.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Faults that other stores have met, one test for each; the ids are those of {@code
 * docs/scenarios.md}. Those that need no store are in raft's {@code ScenarioTest}.
 */
class ScenarioTest {
  private static String leaseRead(Target target, String key) {
    return target
        .store()
        .access()
        .leaseRead(
            target.view(),
            reader -> String.valueOf(SimCluster.text(reader.get(Family.DEFAULT, Key.of(key)))));
  }

  private static long regionId(SimCluster cluster) {
    return cluster.pd.regionList().get(0).getId();
  }

  private static SimStore otherThan(SimCluster cluster, SimStore store) {
    return cluster.stores.values().stream().filter(s -> s != store).findFirst().orElseThrow();
  }

  /** R08: leadership moves while the lease is valid; from that moment the old leader is silent. */
  @Test
  void r08NoLocalReadAfterAHandOver() {
    SimCluster cluster = SimCluster.replicated(108, 3);
    cluster.put("k", "old");
    Target old = cluster.leader("k");
    cluster.until("it has a lease", () -> leaseRead(old, "k") != null);
    SimStore next = otherThan(cluster, old.store());
    cluster.pd.transfer(regionId(cluster), next.node.storeId());
    List<String> served = new ArrayList<>();
    cluster.until(
        "the other leads",
        () -> {
          if (next.access().regions().get(0).term() > old.view().term()) {
            // It campaigns as it was told to; of that the old leader shall not hear.
            cluster.cutOff.add(old.store().node.storeId());
          }
          boolean leads = next.access().regions().get(0).leader();
          String read = leads ? leaseRead(old, "k") : null;
          if (read != null) {
            served.add(read);
          }
          return leads;
        });
    assertEquals(List.of(), served, "the old leader read although another one leads");
    cluster.put("k", "new");
    assertNull(leaseRead(old, "k"));
    cluster.cutOff.clear();
    assertEquals("new", cluster.get("k"));
  }

  /** R09: the process stops when the data is taken, and the lease is looked at long after. */
  @Test
  void r09ALeaderPausedAfterItsSnapshotServesNothingStale() {
    SimCluster cluster = SimCluster.replicated(109, 3);
    cluster.put("k", "old");
    Target leader = cluster.leader("k");
    cluster.until("it has a lease", () -> leaseRead(leader, "k") != null);
    leader.store().disk.afterSnapshot =
        () -> {
          leader.store().pause();
          cluster.put("k", "new"); // the others elect a leader and go on
        };
    CompletableFuture<ReadResult> read = leader.store().access().read(leader.view());
    leader.store().resume();
    ReadResult result = cluster.await(read);
    if (result instanceof ReadResult.Readable readable) {
      try (var snapshot = readable.snapshot()) {
        assertEquals("new", SimCluster.text(snapshot.get(Family.DEFAULT, Key.of("k"))));
      }
    }
    assertEquals("new", cluster.get("k"));
  }

  /** R12: what is applied and how far that was are durable together, wherever the power fails. */
  @Test
  void r12DataAndAppliedIndexAreNeverTornApart() {
    for (long seed = 0; seed < 25; seed++) {
      SimCluster cluster = SimCluster.replicated(1_200 + seed, 3);
      for (int i = 0; i < 20; i++) {
        cluster.put("k" + i, "v" + i);
      }
      for (SimStore store : cluster.stores.values()) {
        store.kill(true);
      }
      for (SimStore store : cluster.stores.values()) {
        cluster.restart(store);
      }
      cluster.put("after", "all");
      for (SimStore store : cluster.stores.values()) {
        cluster.until(
            "the store has caught up", () -> "all".equals(SimCluster.local(store, "after")));
        for (int i = 0; i < 20; i++) {
          assertEquals("v" + i, SimCluster.local(store, "k" + i), "seed " + (1_200 + seed));
        }
      }
    }
  }

  /** R14: a crash in the middle of installing a snapshot; its files must still be there. */
  @Test
  void r14AnInstallationThatACrashInterruptedIsFinishedAtTheStart() {
    SimCluster cluster = SimCluster.replicated(114, 3);
    SimStore lagging = otherThan(cluster, cluster.leader("k").store());
    cluster.put("first", "write");
    cluster.until("it has it", () -> "write".equals(SimCluster.local(lagging, "first")));
    lagging.kill(false);
    for (int i = 0; i < 1_500; i++) {
      cluster.put("k" + i % 50, "v" + i);
    }
    cluster.until(
        "the log is cut",
        () -> cluster.leader("k").store().wal.group(regionId(cluster)).start().index() > 100);
    lagging.mayFail = true;
    lagging.disk.failNextIngest = true;
    cluster.restart(lagging);
    cluster.until("the installation fails", () -> lagging.failure != null);
    assertTrue(lagging.failure instanceof EngineException, lagging.failure.toString());
    lagging.kill(true);
    lagging.mayFail = false;
    cluster.restart(lagging);
    cluster.until("it caught up", () -> "v1499".equals(SimCluster.local(lagging, "k49")));
    cluster.put("k0", "again");
    cluster.until("it follows again", () -> "again".equals(SimCluster.local(lagging, "k0")));
  }

  /** R19: a leader that does not know its successor does nothing more that only leaders do. */
  @Test
  void r19ALeaderWithoutSuccessorEndsAllItsWork() {
    SimCluster cluster = SimCluster.replicated(119, 3);
    cluster.put("k", "v");
    Target old = cluster.leader("k");
    List<Long> lost = new ArrayList<>();
    old.store()
        .access()
        .addListener(
            new RegionListener() {
              @Override
              public void onLeaderLost(long regionId, long term) {
                lost.add(term);
              }
            });
    cluster.cutOff.add(old.store().node.storeId()); // it still reaches the placement driver
    final CompletableFuture<Error> unanswered =
        old.store()
            .access()
            .write(
                old.view(),
                new RegionWrite().put(Family.DEFAULT, Key.of("k"), "lost".getBytes(UTF_8)));
    long region = regionId(cluster);
    cluster.until("it has resigned", () -> !lost.isEmpty());
    assertEquals(List.of(old.view().term()), lost);
    cluster.until(
        "the successor has reported itself",
        () -> cluster.pd.leaderStore(region) != old.store().node.storeId());
    for (int i = 0; i < 200; i++) {
      cluster.time.run(50);
      assertFalse(
          cluster.pd.leaderStore(region) == old.store().node.storeId(),
          "the old leader still reports the region as its own");
    }
    assertTrue(unanswered.isDone() && unanswered.join() != null, "its write has no answer");
    assertEquals(1, lost.size());
    long end = old.store().wal.group(region).lastIndex();
    cluster.time.run(5_000);
    assertEquals(end, old.store().wal.group(region).lastIndex(), "it goes on proposing");
  }
}
