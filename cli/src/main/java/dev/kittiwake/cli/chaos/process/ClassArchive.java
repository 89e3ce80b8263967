package dev.kittiwake.cli.chaos.process;

import dev.kittiwake.cli.chaos.host.Watchdog;
import dev.kittiwake.testkit.port.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * Makes the archive of loaded classes: a placement driver and one store live once, for a moment,
 * and the store leaves its classes behind. Halves the time that a start takes.
 */
final class ClassArchive {
  private static final String HOST = "127.0.0.1";
  private static final long PATIENCE_SECONDS = 60;

  private ClassArchive() {}

  static void make(JavaCommand java, Path directory, Watchdog watchdog, Executor threads)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    List<Integer> ports = FreePorts.take(2);
    String pdAddress = HOST + ":" + ports.get(0);
    RoleProcess pd =
        process(
            "pd",
            java.role(
                List.of("pd", "--data", directory.resolve("pd").toString(), "--listen", pdAddress)),
            directory,
            watchdog,
            threads);
    RoleProcess kv =
        process(
            "kv",
            java.training(
                List.of(
                    "kv",
                    "--data",
                    directory.resolve("kv").toString(),
                    "--listen",
                    HOST + ":" + ports.get(1),
                    "--pd",
                    pdAddress)),
            directory,
            watchdog,
            threads);
    try {
      pd.start();
      pd.awaitReady(PATIENCE_SECONDS);
      kv.start();
      kv.awaitReady(PATIENCE_SECONDS);
      kv.terminate(PATIENCE_SECONDS);
    } finally {
      kv.kill();
      pd.kill();
    }
  }

  private static RoleProcess process(
      String name, List<String> command, Path directory, Watchdog watchdog, Executor threads) {
    Path log = directory.resolve(name + ".log");
    return new RoleProcess(name, command, Map.of(), log, watchdog, threads);
  }
}
