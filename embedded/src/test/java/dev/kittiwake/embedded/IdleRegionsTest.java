package dev.kittiwake.embedded;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.OperatingSystemMXBean;
import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.kv.KvConfig;
import dev.kittiwake.kv.KvSetting;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What regions cost that nobody uses: 10,000 of them on three stores in this JVM. Prints what it
 * measured: {@code ./mvnw -pl embedded -am test -Plong -Dtest=IdleRegionsTest
 * -Dsurefire.failIfNoSpecifiedTests=false}.
 */
@Tag("long")
class IdleRegionsTest {
  private static final int REGIONS = Integer.getInteger("regions", 10_000);
  private static final int PER_SPLIT = 100;
  private static final long MEASURED_SECONDS = Long.getLong("seconds", 60);

  private static byte[] key(int i) {
    return String.format("key-%08d", i).getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void tenThousandIdleRegionsCostLessThanATenthOfACore() throws Exception {
    KvConfig config =
        KvConfig.standard()
            .with(KvSetting.LISTEN, "127.0.0.1:0")
            .with(KvSetting.HIBERNATE_AFTER, "2s")
            .with(KvSetting.SPLIT_CHECK_TICK, "1s"); // sizes are known soon
    try (LocalCluster cluster = LocalCluster.builder().stores(3).inMemory().kv(config).start();
        ClusterClient client = cluster.connect()) {
      for (int from = 1; from < REGIONS; from += PER_SPLIT) {
        List<byte[]> keys = new ArrayList<>();
        for (int i = from; i < Math.min(REGIONS, from + PER_SPLIT); i++) {
          keys.add(key(i));
        }
        client.splitRegions(keys, false);
        awaitRest(cluster, 3 * (from + keys.size()) - 3 * PER_SPLIT);
      }
      awaitRest(cluster, 3 * REGIONS);
      double share = measure();
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      System.out.printf(
          "%d regions on 3 stores, all at rest: %.3f of a core, heap %d MiB%n",
          REGIONS, share, runtime.totalMemory() - runtime.freeMemory() >> 20);
      client.raw().put(key(REGIONS / 2), key(1));
      assertArrayEquals(key(1), client.raw().get(key(REGIONS / 2)));
      assertTrue(share < 0.1, "idle regions took " + share + " of a core");
    }
  }

  private static void awaitRest(LocalCluster cluster, int replicas) throws InterruptedException {
    long before = System.nanoTime();
    while (resting(cluster) < replicas) {
      if (System.nanoTime() - before > 1_200_000_000_000L) {
        throw new AssertionError("only " + resting(cluster) + " of " + replicas + " replicas rest");
      }
      Thread.sleep(100);
    }
  }

  private static int resting(LocalCluster cluster) {
    int resting = 0;
    for (int store = 1; store <= cluster.storeCount(); store++) {
      resting += cluster.access(store).restingRegions();
    }
    return resting;
  }

  /** Processor time of this JVM, as a share of one core. */
  private static double measure() throws InterruptedException {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpu = system.getProcessCpuTime();
    long begin = System.nanoTime();
    Thread.sleep(MEASURED_SECONDS * 1_000);
    return (double) (system.getProcessCpuTime() - cpu) / (System.nanoTime() - begin);
  }
}
