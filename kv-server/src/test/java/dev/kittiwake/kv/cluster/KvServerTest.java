package dev.kittiwake.kv.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.kv.InvalidConfig;
import dev.kittiwake.kv.KvConfig;
import dev.kittiwake.kv.KvServer;
import dev.kittiwake.kv.KvServer.Surroundings;
import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.kv.engine.BlockCache;
import dev.kittiwake.kv.engine.EngineException;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.region.Admission;
import dev.kittiwake.kv.region.ReadResult;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.kv.region.RegionWrite;
import dev.kittiwake.kv.region.SplitResult;
import dev.kittiwake.kv.transport.LocalStores;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.Context;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Stores with their real threads, engine, files and sockets. */
@Timeout(300)
class KvServerTest {
  @TempDir Path directory;

  private final SmallPd pd = new SmallPd(42);
  private final List<KvServer> running = new ArrayList<>();
  private final BlockCache cache = new BlockCache(16 << 20);

  @AfterEach
  void stopAll() {
    running.forEach(KvServer::kill);
    cache.close();
  }

  private KvServer start(String name, LocalStores local) {
    KvConfig config = KvConfig.fastTest().with(KvSetting.DATA, directory.resolve(name).toString());
    KvServer server =
        new KvServer(
            config, pd.client(), new Surroundings(cache, local, null, null), seam -> List.of());
    server.start();
    running.add(server);
    return server;
  }

  @Test
  void threeStoresReplicateOverGrpcAndSurviveTheKillingOfOne() {
    threeStores(null);
  }

  @Test
  void threeStoresOfOneJvmReplicateWithoutSockets() {
    threeStores(new LocalStores());
  }

  private void threeStores(LocalStores local) {
    start("a", local);
    for (int i = 0; i < 50; i++) {
      put("k" + i, "v" + i);
    }
    start("b", local);
    start("c", local);
    pd.want(running.stream().map(KvServer::storeId).toArray(Long[]::new));
    until("three voters", pd::settled);
    KvServer victim = leader("k0");
    String name = List.of("a", "b", "c").get(running.indexOf(victim));
    victim.kill();
    running.remove(victim);
    put("while", "away");
    assertEquals("v7", get("k7"));
    KvServer back = start(name, local);
    until("it has caught up", () -> "away".equals(local(back, "while")));
    SplitResult.Done split = (SplitResult.Done) split("k5");
    assertEquals(2, split.regions().size());
    put("a", "left");
    assertEquals("left", get("a"));
    assertEquals("v9", get("k9"));
  }

  @Test
  void aStopHandsLeadershipOverFirst() {
    LocalStores local = new LocalStores();
    start("a", local);
    start("b", local);
    start("c", local);
    pd.want(running.stream().map(KvServer::storeId).toArray(Long[]::new));
    until("three voters", pd::settled);
    put("k", "v");
    KvServer leader = leader("k");
    leader.stop();
    running.remove(leader);
    // Another leads already: no election timeout had to pass.
    until("another leads", () -> findLeader("k") != null);
    assertEquals("v", get("k"));
  }

  @Test
  void aDirectoryInUseOrUnwritableOrOfAnotherClusterIsRefusedWithOneClearLine() throws Exception {
    KvServer first = start("a", null);
    EngineException inUse = assertThrows(EngineException.class, () -> start("a", null));
    assertTrue(inUse.getMessage().contains("is in use"), inUse.getMessage());
    first.stop();
    running.clear();
    SmallPd other = new SmallPd(43);
    KvConfig config = KvConfig.fastTest().with(KvSetting.DATA, directory.resolve("a").toString());
    KvServer foreign = new KvServer(config, other.client(), Surroundings.NONE, seam -> List.of());
    EngineException refused = assertThrows(EngineException.class, foreign::start);
    assertTrue(refused.getMessage().contains("of cluster 42"), refused.getMessage());
    assertTrue(refused.getMessage().contains("cluster 43"), refused.getMessage());
    Files.createFile(directory.resolve("file"));
    EngineException unwritable =
        assertThrows(EngineException.class, () -> start("file/below", null));
    assertTrue(unwritable.getMessage().startsWith("cannot write to data directory"));
    start("a", null); // and its own cluster still takes it
  }

  @Test
  void aTakenPortIsRefusedWithOneClearLine() {
    KvServer first = start("a", null);
    KvConfig config = KvConfig.fastTest().with(KvSetting.LISTEN, first.address());
    KvServer second = new KvServer(config, pd.client(), Surroundings.NONE, seam -> List.of());
    InvalidConfig taken = assertThrows(InvalidConfig.class, second::start);
    assertTrue(taken.getMessage().contains(first.address()), taken.getMessage());
  }

  // ---- a client that looks everywhere ----

  private KvServer leader(String key) {
    Target[] found = new Target[1]; // it may lead no more when it is looked for again
    until("a leader of " + key, () -> (found[0] = findLeader(key)) != null);
    return found[0].server();
  }

  private record Target(KvServer server, RegionView view) {}

  private Target findLeader(String key) {
    for (KvServer server : List.copyOf(running)) {
      for (RegionView view : server.access().regions()) {
        if (view.leader() && view.contains(Key.of(key))) {
          Context context = SimCluster.context(view.region(), view.peer(), view.term());
          Admission admission = server.access().admit(context, List.of(Key.of(key)), true);
          if (admission instanceof Admission.Admitted admitted) {
            return new Target(server, admitted.view());
          }
        }
      }
    }
    return null;
  }

  private void put(String key, String value) {
    until(
        "a write of " + key,
        () -> {
          Target target = findLeader(key);
          if (target == null) {
            return false;
          }
          CompletableFuture<Error> answer =
              target
                  .server()
                  .access()
                  .write(
                      target.view(),
                      new RegionWrite().put(Family.DEFAULT, Key.of(key), value.getBytes(UTF_8)));
          return answer.orTimeout(120, TimeUnit.SECONDS).join() == null;
        });
  }

  private String get(String key) {
    String[] found = new String[1];
    until(
        "a read of " + key,
        () -> {
          Target target = findLeader(key);
          if (target == null) {
            return false;
          }
          ReadResult result = target.server().access().read(target.view()).join();
          if (result instanceof ReadResult.Readable readable) {
            try (var snapshot = readable.snapshot()) {
              found[0] = SimCluster.text(snapshot.get(Family.DEFAULT, Key.of(key)));
            }
            return true;
          }
          return false;
        });
    return found[0];
  }

  private SplitResult split(String key) {
    SplitResult[] result = new SplitResult[1];
    until(
        "a split at " + key,
        () -> {
          Target target = findLeader(key);
          if (target == null) {
            return false;
          }
          result[0] = target.server().access().split(target.view(), List.of(Key.of(key))).join();
          return result[0] instanceof SplitResult.Done;
        });
    return result[0];
  }

  private static String local(KvServer server, String key) {
    return SimCluster.text(
        server.access().engine().get(Family.DEFAULT, ("z" + key).getBytes(UTF_8)));
  }

  /** Asks again and again, letting others run, until it holds or half a minute is over. */
  private static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not within two minutes: " + what);
      }
      java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
    }
  }
}
