package dev.kittiwake.embedded;

import static dev.kittiwake.embedded.ListeningCluster.bytes;
import static dev.kittiwake.embedded.ListeningCluster.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.kv.KvConfig;
import dev.kittiwake.proto.pdpb.RegionHeartbeatRequest;
import dev.kittiwake.proto.rpc.PdEndpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three members of the placement driver, with stores and clients that need it all the time. */
@Timeout(300)
class PdFailoverTest {
  @TempDir Path dir;

  private static int leader(LocalCluster cluster) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (true) {
      Optional<Integer> leader = cluster.pdLeader();
      if (leader.isPresent()) {
        return leader.get();
      }
      assertTrue(System.nanoTime() < end, "no member of the placement driver leads");
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void clientsGoOnWhileLeadersDie() throws Exception {
    try (LocalCluster cluster =
        LocalCluster.builder().stores(3).pd(3).dataDir(dir).kv(KvConfig.fastTest()).start()) {
      goOnWhileLeadersDie(cluster, cluster.connect(Surely.PATIENT));
    }
  }

  @Test
  void clientsThatComeOverTheNetworkNeedOneLiveAddress() throws Exception {
    try (LocalCluster cluster =
        LocalCluster.builder()
            .stores(1)
            .pd(3)
            .inMemory()
            .kv(KvConfig.fastTest())
            .listen("127.0.0.1", 0, 0)
            .start()) {
      String address = cluster.pdUrls().get(leader(cluster) % 3).replace("http://", "");
      goOnWhileLeadersDie(cluster, ClusterClient.connect(List.of(address), Surely.PATIENT));
    }
  }

  /** Stores open the stream again when it has ended; from an exception they would not come back. */
  @Test
  void aStreamToAMemberThatDoesNotRunEnds() throws Exception {
    try (LocalCluster cluster =
            LocalCluster.builder().stores(1).pd(3).inMemory().kv(KvConfig.fastTest()).start();
        ClusterClient client = cluster.connect(Surely.PATIENT)) {
      client.transactions().currentTimestamp();
      for (int member = 1; member <= 3; member++) {
        cluster.killPd(member);
      }
      CompletableFuture<Throwable> ended = new CompletableFuture<>();
      try (PdEndpoint.RegionHeartbeats stream =
          client.pd().openRegionHeartbeats(step -> {}, ended::complete)) {
        String why = ended.get(120, TimeUnit.SECONDS).getMessage();
        assertTrue(why.contains("does not run"), why);
        stream.send(RegionHeartbeatRequest.getDefaultInstance()); // into the void
      }
    }
  }

  private static void goOnWhileLeadersDie(LocalCluster cluster, ClusterClient client)
      throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    AtomicLong largest = new AtomicLong();
    AtomicLong longestNanos = new AtomicLong();
    ExecutorService pool = Executors.newFixedThreadPool(4);
    List<Future<Integer>> workers = new ArrayList<>();
    try {
      for (int worker = 0; worker < 4; worker++) {
        String prefix = "key-" + worker + "-";
        workers.add(
            pool.submit(
                () -> {
                  int done = 0;
                  do {
                    long before = largest.get();
                    long asked = System.nanoTime();
                    long ts = client.transactions().currentTimestamp();
                    long took = System.nanoTime() - asked;
                    longestNanos.accumulateAndGet(took, Math::max);
                    assertTrue(Long.compareUnsigned(ts, before) > 0, ts + " after " + before);
                    largest.accumulateAndGet(ts, Math::max);
                    Surely.put(client, bytes(prefix + done), bytes("" + done));
                    done++;
                  } while (!over.get());
                  return done;
                }));
      }
      for (int round = 0; round < 3; round++) {
        int leader = leader(cluster);
        long before = largest.get();
        cluster.killPd(leader);
        awaitMore(workers, largest, before);
        cluster.restartPd(leader);
        awaitMore(workers, largest, largest.get());
      }
      over.set(true);
      for (int worker = 0; worker < 4; worker++) {
        int done = workers.get(worker).get(120, TimeUnit.SECONDS);
        int last = done - 1;
        assertEquals("" + last, text(client.raw().get(bytes("key-" + worker + "-" + last))));
      }
    } finally {
      over.set(true);
      pool.shutdownNow();
      client.close();
    }
    System.out.println(
        "longest wait for a timestamp over three kills: "
            + TimeUnit.NANOSECONDS.toMillis(longestNanos.get())
            + " ms");
  }

  /** Until a timestamp was given that is a second later, or a worker has failed. */
  private static void awaitMore(List<Future<Integer>> workers, AtomicLong largest, long before)
      throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while ((largest.get() >>> 18) < (before >>> 18) + 1_000) {
      for (Future<Integer> worker : workers) {
        if (worker.isDone()) {
          worker.get();
        }
      }
      assertTrue(System.nanoTime() < end, "no timestamps any more");
      LockSupport.parkNanos(5_000_000);
    }
  }
}
