package dev.kittiwake.kv.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.kv.cluster.SimCluster.SimStore;
import dev.kittiwake.kv.cluster.SimCluster.Target;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.region.ReadResult;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.kv.region.RegionWrite;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.metapb.Region;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Random life: writes, splits, merges, transfers, moves, cuts, kills and power cuts, one seed after
 * another. Every read gives the last acknowledged write of its key, or one that was never answered.
 */
class RandomRegionsTest {
  private static final int KEYS = 12;

  @Test
  void noAcknowledgedWriteIsEverLost() {
    long first = Long.getLong("seed", 1); // the same in every build; others explore
    int seeds = Integer.getInteger("seeds", Long.getLong("seed") == null ? 25 : 1);
    int acknowledged = 0;
    for (long seed = first; seed < first + seeds; seed++) {
      try {
        acknowledged += new Life(seed).run();
      } catch (RuntimeException | AssertionError failure) {
        throw new AssertionError("failed with -Dseed=" + seed, failure);
      }
    }
    assertTrue(acknowledged > 10 * seeds, "only " + acknowledged + " writes were acknowledged");
  }

  private static final class Life {
    private final long seed;
    private final Random random;
    private final SimCluster cluster;
    private final Map<String, Set<String>> possible = new TreeMap<>(); // values a read may give
    private final Set<SimStore> dead = new LinkedHashSet<>();
    private int writes;
    private int answered;

    Life(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
      this.cluster = SimCluster.replicated(seed, 4);
      for (int i = 0; i < KEYS; i++) {
        possible.put(key(i), new LinkedHashSet<>());
        possible.get(key(i)).add(null);
      }
      moveSomewhere();
    }

    private static String key(int i) {
      return "k" + (char) ('a' + i);
    }

    private String anyKey() {
      return key(random.nextInt(KEYS));
    }

    /** Answers how many writes were acknowledged. */
    int run() {
      for (int step = 0; step < 200; step++) {
        int choice = random.nextInt(100);
        if (choice < 45) {
          write(anyKey());
        } else if (choice < 70) {
          read(anyKey());
        } else if (choice < 75) {
          split(anyKey());
        } else if (choice < 78) {
          merge();
        } else if (choice < 81) {
          transfer();
        } else if (choice < 83) {
          moveSomewhere();
        } else if (choice < 86) {
          cut();
        } else if (choice < 90) {
          kill();
        } else if (choice < 97) {
          revive();
        } else {
          cluster.time.run(random.nextInt(1500));
        }
        cluster.time.run(random.nextInt(random.nextInt(4) == 0 ? 400 : 20));
      }
      heal();
      return answered;
    }

    private void write(String key) {
      Target target = find(key);
      if (target == null) {
        return;
      }
      String value = "v" + ++writes;
      CompletableFuture<Error> answer =
          target
              .store()
              .access()
              .write(
                  target.view(),
                  new RegionWrite().put(Family.DEFAULT, Key.of(key), value.getBytes(UTF_8)));
      // Until it is answered, before or after: so nothing else is written to the key meanwhile.
      for (int i = 0; i < 40 && !answer.isDone(); i++) {
        cluster.time.run(50);
      }
      assertTrue(answer.isDone(), "a write was never answered");
      Error error = answer.join();
      if (error == null) {
        answered++;
        possible.get(key).clear();
        possible.get(key).add(value);
      } else if (error.hasUndeterminedResult()) {
        possible.get(key).add(value);
      }
    }

    private void read(String key) {
      Target target = find(key);
      if (target == null) {
        return;
      }
      String quick =
          target
              .store()
              .access()
              .leaseRead(
                  target.view(),
                  r -> String.valueOf(SimCluster.text(r.get(Family.DEFAULT, Key.of(key)))));
      if (quick != null) {
        seen(key, quick.equals("null") ? null : quick);
      }
      CompletableFuture<ReadResult> answer = target.store().access().read(target.view());
      for (int i = 0; i < 40 && !answer.isDone(); i++) {
        cluster.time.run(50);
      }
      assertTrue(answer.isDone(), "a read was never answered");
      if (answer.join() instanceof ReadResult.Readable readable) {
        try (var snapshot = readable.snapshot()) {
          seen(key, SimCluster.text(snapshot.get(Family.DEFAULT, Key.of(key))));
        }
      }
    }

    private void seen(String key, String value) {
      assertTrue(
          possible.get(key).contains(value),
          () -> key + " is " + value + ", but must be one of " + possible.get(key));
    }

    private Target find(String key) {
      List<Target> leaders = cluster.leaders(key);
      return leaders.isEmpty() ? null : leaders.get(random.nextInt(leaders.size()));
    }

    private void split(String key) {
      Target target = find(key);
      if (target != null) {
        target.store().access().split(target.view(), List.of(Key.of(key)));
      }
    }

    private void transfer() {
      for (var region : cluster.pd.regionList()) {
        int at = random.nextInt(region.getPeersCount());
        cluster.pd.transfer(region.getId(), region.getPeers(at).getStoreId());
      }
    }

    /** Asks for a merge of two neighbours; what was asked for before is forgotten. */
    private void merge() {
      cluster.pd.noMerges();
      List<Region> regions = new ArrayList<>(cluster.pd.regionList());
      Region source = regions.get(random.nextInt(regions.size()));
      for (Region other : regions) {
        boolean right =
            !source.getEndKey().isEmpty() && other.getStartKey().equals(source.getEndKey());
        boolean left =
            !other.getEndKey().isEmpty() && other.getEndKey().equals(source.getStartKey());
        if (right || (left && random.nextBoolean())) {
          cluster.pd.merge(source.getId(), other.getId());
          return;
        }
      }
    }

    private void moveSomewhere() {
      List<Long> ids = new ArrayList<>(cluster.stores.keySet());
      ids.remove(random.nextInt(ids.size()));
      if (random.nextBoolean()) {
        cluster.pd.want(ids.toArray(new Long[0]));
      } else {
        cluster.pd.wantJointly(ids.toArray(new Long[0]));
      }
    }

    private void cut() {
      if (cluster.cutOff.isEmpty()) {
        List<Long> ids = List.copyOf(cluster.stores.keySet());
        cluster.cutOff.add(ids.get(random.nextInt(ids.size())));
      } else {
        cluster.cutOff.clear();
      }
    }

    private void kill() {
      List<SimStore> alive = new ArrayList<>(cluster.stores.values());
      alive.removeAll(dead);
      if (alive.size() > 3 || (alive.size() > 2 && random.nextInt(4) == 0)) {
        SimStore victim = alive.get(random.nextInt(alive.size()));
        victim.kill(random.nextBoolean());
        dead.add(victim);
      }
    }

    private void revive() {
      for (SimStore store : List.copyOf(dead)) {
        cluster.restart(store);
        dead.remove(store);
      }
    }

    private void heal() {
      cluster.cutOff.clear();
      revive();
      cluster.pd.noTransfers();
      cluster.pd.noMerges();
      cluster.until("all regions are where they are wanted", cluster.pd::settled);
      for (String key : possible.keySet()) {
        String value = cluster.get(key);
        seen(key, value);
      }
      cluster.put("kz", "alive " + seed);
      assertEquals("alive " + seed, cluster.get("kz"));
      cluster.until("the regions tile the keys", cluster::tiles);
      try {
        cluster.until("no store keeps a region that has ended", this::nothingIsLeftOver);
      } catch (AssertionError leftOver) {
        throw new AssertionError(leftOver.getMessage() + ":\n" + cluster.describe(), leftOver);
      }
    }

    private boolean nothingIsLeftOver() {
      for (SimStore store : cluster.stores.values()) {
        for (RegionView view : store.access().regions()) {
          if (cluster.pd.region(view.regionId()) == null) {
            return false;
          }
        }
      }
      return true;
    }
  }
}
