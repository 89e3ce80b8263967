package dev.kittiwake.embedded;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.pd.RegionRoute;
import dev.kittiwake.kv.KvConfig;
import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.proto.metapb.PeerRole;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster inside the JVM behaves as one of processes does: it replicates, survives kills, and
 * keeps its data.
 */
class LocalClusterTest {
  private static final KvConfig SMALL = KvConfig.fastTest().with(KvSetting.WAL_SEGMENT, "1MiB");

  @Test
  void oneStoreInMemoryServesBothApis() {
    try (LocalCluster cluster = LocalCluster.builder().stores(1).inMemory().kv(SMALL).start();
        ClusterClient client = cluster.connect(Surely.PATIENT)) {
      Surely.put(client, bytes("raw"), bytes("1"));
      assertArrayEquals(bytes("1"), client.raw().get(bytes("raw")));
    }
    try (LocalCluster cluster = LocalCluster.builder().stores(1).inMemory().kv(SMALL).start();
        ClusterClient client = cluster.connect(Surely.PATIENT)) {
      client
          .transactions()
          .run(
              txn -> {
                txn.put(bytes("a"), bytes("1"));
                txn.put(bytes("b"), bytes("2"));
                return null;
              });
      assertArrayEquals(bytes("2"), client.transactions().latestSnapshot().get(bytes("b")));
      assertNull(client.transactions().latestSnapshot().get(bytes("c")));
    }
  }

  @Test
  void threeStoresGrowToThreeReplicasAndSurviveTheLossOfEach(@TempDir Path directory) {
    try (LocalCluster cluster =
            LocalCluster.builder().stores(3).dataDir(directory).kv(SMALL).start();
        ClusterClient client = cluster.connect(Surely.PATIENT)) {
      awaitReplicas(client, 3);
      int written = 0;
      for (int store = 1; store <= 3; store++) {
        for (int i = 0; i < 20; i++) {
          Surely.put(client, bytes("k" + written), bytes("v" + written));
          written++;
        }
        cluster.kill(store);
        for (int i = 0; i < 20; i++) {
          Surely.put(client, bytes("k" + written), bytes("v" + written));
          written++;
        }
        cluster.restart(store);
      }
      for (int i = 0; i < written; i++) {
        assertArrayEquals(bytes("v" + i), client.raw().get(bytes("k" + i)));
      }
    }
    try (LocalCluster cluster =
            LocalCluster.builder().stores(3).dataDir(directory).kv(SMALL).start();
        ClusterClient client = cluster.connect(Surely.PATIENT)) {
      assertArrayEquals(bytes("v119"), client.raw().get(bytes("k119")));
    }
  }

  private static void awaitReplicas(ClusterClient client, int wanted) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    long voters = 0;
    while (System.nanoTime() < deadline) {
      RegionRoute route = client.pd().region(new byte[0]).join();
      voters =
          route.region().getPeersList().stream()
              .filter(peer -> peer.getRole() == PeerRole.Voter)
              .count();
      if (voters == wanted) {
        return;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    assertEquals(wanted, voters, "voters after two minutes");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }
}
