package dev.kittiwake.cli.chaos.host;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A small shell that outlives us by a moment: it hears which processes run and what is mounted, and
 * when its input ends, however we ended, it kills and unmounts what is left. Thread-safe.
 */
public final class Watchdog implements AutoCloseable {
  private static final long CLOSE_SECONDS = 15;
  private static final String SCRIPT =
      """
      trap '' INT TERM HUP
      pids=' '
      mounts=
      while read -r what value; do
        case $what in
          run) pids="$pids$value " ;;
          end) case $pids in *" $value "*) pids="${pids%% $value *} ${pids#* $value }" ;; esac ;;
          mount) mounts="$value
      $mounts" ;;
        esac
      done
      for pid in $pids; do kill -CONT "$pid" 2>/dev/null; kill -KILL "$pid" 2>/dev/null; done
      printf '%s' "$mounts" | while read -r mount; do
        if [ -n "$mount" ]; then umount "$mount" 2>/dev/null || umount -l "$mount" 2>/dev/null; fi
      done
      exit 0
      """;

  private final Process shell;
  private final OutputStream orders;

  private Watchdog(Process shell) {
    this.shell = shell;
    this.orders = shell.getOutputStream();
  }

  public static Watchdog start() throws IOException {
    return new Watchdog(
        new ProcessBuilder("sh", "-c", SCRIPT)
            .redirectErrorStream(true)
            .redirectOutput(Path.of("/dev/null").toFile())
            .start());
  }

  public void runs(long pid) throws IOException {
    tell("run " + pid);
  }

  public void ended(long pid) throws IOException {
    tell("end " + pid);
  }

  public void mounted(Path directory) throws IOException {
    tell("mount " + directory);
  }

  private synchronized void tell(String order) throws IOException {
    orders.write((order + "\n").getBytes(StandardCharsets.UTF_8));
    orders.flush();
  }

  /** Lets it do its work now. */
  @Override
  public synchronized void close() throws IOException {
    orders.close();
    try {
      if (!shell.waitFor(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        shell.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
