package dev.kittiwake.cli.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import com.github.dockerjava.api.exception.NotFoundException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;

/** TPC-C on containers that are killed, taken off the network and paused. */
@Tag("containers")
class ContainersTest {
  private static final int PATIENCE_SECONDS = 400;
  private static final int ATTEMPTS = 5;
  private static final String[] SIZE = {"--url", ContainerCluster.URL, "--report", "/tmp/report"};

  @BeforeAll
  static void needsAnEngineAndTheImage() {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      skip("no Docker engine answers");
    }
    try {
      DockerClientFactory.lazyClient().inspectImageCmd(ContainerCluster.IMAGE).exec();
    } catch (NotFoundException absent) {
      skip("the engine has no image " + ContainerCluster.IMAGE + ": run docker/build");
    }
  }

  private static void skip(String why) {
    System.out.println("Containers are not tested: " + why);
    abort(why);
  }

  @Test
  void allConditionsHoldWhileContainersAreKilledCutOffAndPaused() throws Exception {
    ExecutorService runner = Executors.newSingleThreadExecutor();
    try (ContainerCluster cluster = new ContainerCluster()) {
      cluster.start();
      succeeds(cluster.kittiwake(with("tpcc", "load", "--loaders", "2")));
      Future<ExecResult> running =
          runner.submit(
              () ->
                  cluster.kittiwake(
                      with(
                          "tpcc",
                          "run",
                          "--duration",
                          "75s",
                          "--warm-up",
                          "5s",
                          "--terminals",
                          "2")));

      cluster.kill("kv1");
      writes(cluster, "a");
      cluster.startAgain("kv1");
      writes(cluster, "b");

      cluster.cut("kv2");
      writes(cluster, "c");
      cluster.join("kv2");
      writes(cluster, "d");

      cluster.pause("kv3");
      writes(cluster, "e");
      cluster.resume("kv3");
      writes(cluster, "f");

      cluster.kill("pd");
      cluster.startAgain("pd");
      writes(cluster, "g");

      succeeds(running.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
      ExecResult checked = cluster.kittiwake(with("tpcc", "check"));
      succeeds(checked);
      assertTrue(checked.getStdout().contains("ledger"), checked.getStdout());
      assertEquals(
          "c", cluster.kittiwake("kv", "get", "--pd", "pd:2379", "key-c").getStdout().trim());
    } finally {
      runner.shutdownNow();
    }
  }

  /**
   * The cluster takes a write, whatever has just been done to it. A write that went to a store that
   * is silent now may have happened or not: that is told, and the same write is made again.
   */
  private static void writes(ContainerCluster cluster, String value) throws Exception {
    ExecResult put = null;
    for (int attempt = 0; attempt < ATTEMPTS && (put == null || isUnknown(put)); attempt++) {
      put =
          cluster.kittiwake(
              "kv", "put", "--pd", "pd:2379", "--timeout", "60s", "key-" + value, value);
    }
    succeeds(put);
  }

  private static boolean isUnknown(ExecResult result) {
    return result.getExitCode() != 0 && result.getStderr().contains("was lost");
  }

  private static String[] with(String... arguments) {
    String[] all = new String[arguments.length + SIZE.length];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    System.arraycopy(SIZE, 0, all, arguments.length, SIZE.length);
    return all;
  }

  private static void succeeds(ExecResult result) {
    System.out.println(result.getStdout().lines().reduce((first, last) -> last).orElse(""));
    assertEquals(0, result.getExitCode(), () -> result.getStdout() + result.getStderr());
  }
}
