package dev.kittiwake.kv.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.kittiwake.kv.cluster.SimCluster.SimStore;
import dev.kittiwake.kv.cluster.SimCluster.Target;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.region.RegionProgress;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.kv.region.RegionWrite;
import dev.kittiwake.kv.region.SplitResult;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.raft.AppendReply;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A leader is asked to split its region while it has yet to apply what was committed before. */
class EarlySplitTest {
  private final SimCluster cluster = SimCluster.replicated(91, 3);

  private RegionProgress progress(SimStore store, long region) {
    return cluster.await(store.access().progress()).stream()
        .filter(one -> one.regionId() == region)
        .findFirst()
        .orElseThrow();
  }

  private static String leaseRead(Target target, String key) {
    return target
        .store()
        .access()
        .leaseRead(target.view(), data -> SimCluster.text(data.get(Family.DEFAULT, Key.of(key))));
  }

  /** A store that takes itself for the leader of another region than {@code parent}. */
  private Target childsLeader(String key, RegionView parent) {
    Target[] found = new Target[1];
    cluster.until(
        "the child is led",
        () -> {
          for (Target target : cluster.leaders(key)) {
            if (target.view().regionId() != parent.regionId()) {
              found[0] = target;
            }
          }
          return found[0] != null;
        });
    return found[0];
  }

  @Test
  void noLeaseCoversWhatAnEarlySplitHasTakenAway() {
    cluster.put("a", "old");
    Target before = cluster.leader("a");
    long region = before.view().regionId();
    SimStore next =
        cluster.stores.values().stream().filter(s -> s != before.store()).findFirst().orElseThrow();
    long id = next.node.storeId();
    next.stopApplying();
    cluster.pd.transfer(region, id);
    cluster.until("they lead", () -> cluster.pd.leaderStore(region) == id);
    cluster.pd.noTransfers();
    cluster.time.run(200);
    long first = progress(next, region).commit();
    assertNotEquals(first, progress(next, region).applied(), "it has something to apply");
    Target early = cluster.leader("a");
    assertEquals(next, early.store());

    // Nothing more is committed; what was is applied, and the leader begins to serve.
    cluster.lost =
        envelope -> envelope.to().getStoreId() == id && envelope.message() instanceof AppendReply;
    CompletableFuture<SplitResult> split = split(early);
    cluster.time.run(50);
    next.goOnApplying();
    cluster.until("all is applied", () -> progress(next, region).applied() == first);
    cluster.time.run(200);
    if (split.isDone()) { // whoever is refused asks again
      assertInstanceOf(SplitResult.Refused.class, split.join());
      assertEquals("old", leaseRead(early, "a"));
      split = split(early);
      cluster.time.run(50);
    }

    // The split is committed, and applied by the others.
    next.stopApplying();
    cluster.lost = envelope -> false;
    Target child = childsLeader("a", early.view());
    RegionWrite write = new RegionWrite().put(Family.DEFAULT, Key.of("a"), "new".getBytes(UTF_8));
    assertNull(cluster.await(child.store().access().write(child.view(), write)));
    cluster.time.run(20);
    assertNull(leaseRead(early, "a"), "it reads what another store has overwritten");

    next.goOnApplying();
    assertInstanceOf(SplitResult.Done.class, cluster.await(split));
    assertEquals("new", cluster.get("a"));
  }

  private static CompletableFuture<SplitResult> split(Target target) {
    return target.store().access().split(target.view(), List.of(Key.of("m")));
  }
}
