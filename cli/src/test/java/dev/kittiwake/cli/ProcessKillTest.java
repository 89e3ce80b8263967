package dev.kittiwake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.tpcc.AuditResult;
import dev.kittiwake.tpcc.Progress;
import dev.kittiwake.tpcc.RunResult;
import dev.kittiwake.tpcc.Scale;
import dev.kittiwake.tpcc.Tpcc;
import dev.kittiwake.tpcc.TpccOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TPC-C over processes that are killed: all conditions hold, and the ledger of the clients. */
@Tag("long")
class ProcessKillTest {
  private static final int PATIENCE_SECONDS = 180;

  @TempDir Path directory;

  /** What is done to the cluster while the terminals work. */
  private interface Harm {
    void to(ProcessCluster cluster, Beats beats) throws Exception;
  }

  /** The benchmark reports every five seconds: a clock for the harm that is not a sleep. */
  private static final class Beats implements Progress {
    private final Semaphore beats = new Semaphore(0);

    @Override
    public void line(String text) {
      System.out.println(text);
      if (text.contains("new orders a minute")) {
        beats.release();
      }
    }

    @Override
    public void percent(String stage, int percent) {
      // lines are enough
    }

    void await(int count) throws InterruptedException {
      assertTrue(beats.tryAcquire(count, PATIENCE_SECONDS, TimeUnit.SECONDS), "TPC-C goes on");
    }
  }

  @Test
  void theLeadersStoreIsKilledTwiceAndComesBack() throws Exception {
    survives(
        (cluster, beats) -> {
          for (int round = 0; round < 2; round++) {
            beats.await(1);
            int victim = cluster.leader();
            cluster.store(victim).kill();
            beats.await(1);
            cluster.store(victim).start();
            cluster.store(victim).awaitReady();
          }
        });
  }

  @Test
  void everyProcessIsKilledAtOnce() throws Exception {
    survives(
        (cluster, beats) -> {
          beats.await(2);
          cluster.killAll();
          cluster.startAll();
        });
  }

  @Test
  void thePlacementDriverIsKilledAndComesBack() throws Exception {
    survives(
        (cluster, beats) -> {
          beats.await(2);
          cluster.pd().kill();
          cluster.pd().start();
          cluster.pd().awaitReady();
          ProcessCluster.until("PD has heard who leads", cluster::leaderKnown);
        });
  }

  @Test
  void aStoreThatIsToldToStopHandsOverWithoutAnError() throws Exception {
    RunResult run =
        survives(
            (cluster, beats) -> {
              beats.await(2);
              int leader = cluster.leader();
              assertEquals(143, cluster.store(leader).terminate(), cluster::output);
              cluster.store(leader).start();
              cluster.store(leader).awaitReady();
            });
    assertEquals(0, run.undetermined());
    assertEquals(List.of(), otherCauses(run), "only conflicts may make a transaction fail");
  }

  private static List<RunResult.Cause> otherCauses(RunResult run) {
    return run.causes().stream().filter(cause -> !cause.cause().startsWith("40001")).toList();
  }

  private RunResult survives(Harm harm) throws Exception {
    try (ProcessCluster cluster = ProcessCluster.start(directory)) {
      Beats beats = new Beats();
      Tpcc tpcc =
          new Tpcc(
              TpccOptions.builder(cluster.jdbcUrl())
                  .scale(new Scale(200, 30))
                  .terminals(4)
                  .warmUp(Duration.ofSeconds(3))
                  .duration(Duration.ofSeconds(40))
                  .reports(directory.resolve("reports"))
                  .build(),
              beats);
      tpcc.load();
      ExecutorService crew = Executors.newSingleThreadExecutor();
      RunResult run;
      try {
        Future<RunResult> running = crew.submit(tpcc::run);
        harm.to(cluster, beats);
        run = running.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } finally {
        crew.shutdownNow();
      }
      System.out.println("new orders by second: " + newOrders(run) + " causes " + run.causes());
      AuditResult audit = tpcc.check();
      assertTrue(audit.ledger().isPresent(), "the run left a ledger");
      assertEquals(
          List.of(),
          audit.all().stream().filter(finding -> !finding.holds()).toList(),
          cluster::output);
      assertEquals(0, run.stuckTerminals());
      assertTrue(
          run.causes().stream().noneMatch(cause -> cause.cause().startsWith("XX")),
          "an absent server is no internal error: " + run.causes());
      List<Long> orders = newOrders(run);
      assertTrue(
          orders.subList(orders.size() - 5, orders.size()).stream().mapToLong(Long::longValue).sum()
              > 0,
          "orders are taken again in the last seconds: " + orders);
      return run;
    }
  }

  private static List<Long> newOrders(RunResult run) {
    return run.series().stream().map(RunResult.Second::newOrders).toList();
  }
}
