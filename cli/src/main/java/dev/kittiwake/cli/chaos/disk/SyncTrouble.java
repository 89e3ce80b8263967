package dev.kittiwake.cli.chaos.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes the syncs of a running process slow, or fail, by tracing it with strace. Ends when closed.
 */
public final class SyncTrouble implements AutoCloseable {
  private static final String CALLS = "fsync,fdatasync,sync_file_range";
  private static final long CLOSE_SECONDS = 10;

  private final Process strace;

  private SyncTrouble(Process strace) {
    this.strace = strace;
  }

  /** Each sync returns that much later. */
  public static SyncTrouble slow(long pid, long millis, Path log) throws IOException {
    return attach(pid, "delay_exit=" + millis * 1_000, log);
  }

  /** The next sync of each thread fails with an input/output error. */
  public static SyncTrouble failing(long pid, Path log) throws IOException {
    return attach(pid, "error=EIO", log);
  }

  private static SyncTrouble attach(long pid, String injected, Path log) throws IOException {
    List<String> command = new ArrayList<>(List.of("strace", "-f", "-qq", "-o", "/dev/null"));
    command.addAll(List.of("-e", "trace=" + CALLS));
    command.addAll(List.of("-e", "inject=" + CALLS + ":" + injected));
    command.addAll(List.of("-p", Long.toString(pid)));
    return new SyncTrouble(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start());
  }

  /** Lets go of the process, which may have ended. */
  @Override
  public void close() throws IOException {
    strace.destroy();
    try {
      if (!strace.waitFor(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        strace.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      strace.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
