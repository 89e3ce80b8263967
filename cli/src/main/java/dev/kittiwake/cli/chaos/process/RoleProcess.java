package dev.kittiwake.cli.chaos.process;

import dev.kittiwake.cli.chaos.host.Shell;
import dev.kittiwake.cli.chaos.host.Watchdog;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One role of the command line as a process of its own, over all its lives: started, killed,
 * stopped, paused, started again. Used by one thread; {@link #pid} and {@link #alive} by any.
 */
public final class RoleProcess {
  private static final int LINES_KEPT = 40;
  private static final String READY = "is ready";

  private final String name;
  private final List<String> command;
  private final Map<String, String> environment;
  private final Path log;
  private final Watchdog watchdog;
  private final Executor threads;
  private final ArrayDeque<String> last = new ArrayDeque<>(); // guarded by itself
  private volatile Process process; // null before the first life and after each death
  private CompletableFuture<Void> ready = new CompletableFuture<>();

  /**
   * @param command the JVM and its arguments
   * @param log takes all output, over all lives
   * @param threads gives a thread to each life, which reads its output
   */
  RoleProcess(
      String name,
      List<String> command,
      Map<String, String> environment,
      Path log,
      Watchdog watchdog,
      Executor threads) {
    this.threads = threads;
    this.name = name;
    this.command = List.copyOf(command);
    this.environment = Map.copyOf(environment);
    this.log = log;
    this.watchdog = watchdog;
  }

  public String name() {
    return name;
  }

  /** The process id; 0 if it does not run. */
  public long pid() {
    Process running = process;
    return running == null ? 0 : running.pid();
  }

  public boolean alive() {
    Process running = process;
    return running != null && running.isAlive();
  }

  /** Starts it; {@link #awaitReady} waits for it. */
  public void start() throws IOException {
    // Ctrl-C goes to the whole group of the terminal, and these must not hear it.
    List<String> shielded =
        new ArrayList<>(List.of("sh", "-c", "trap '' INT HUP; exec \"$@\"", name));
    shielded.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(shielded).redirectErrorStream(true);
    builder.environment().putAll(environment);
    builder.redirectInput(Path.of("/dev/null").toFile());
    Process started = builder.start();
    watchdog.runs(started.pid());
    CompletableFuture<Void> told = new CompletableFuture<>();
    ready = told;
    process = started;
    threads.execute(() -> follow(started, told));
  }

  private void follow(Process started, CompletableFuture<Void> told) {
    try (BufferedReader lines = started.inputReader(StandardCharsets.UTF_8);
        PrintWriter file =
            new PrintWriter(
                Files.newBufferedWriter(
                    log, StandardOpenOption.CREATE, StandardOpenOption.APPEND))) {
      file.println("---- " + name + ", pid " + started.pid());
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        file.println(line);
        file.flush();
        keep(line);
        if (line.contains(READY)) {
          told.complete(null);
        }
      }
    } catch (IOException ended) {
      keep("(output ended: " + ended.getMessage() + ")");
    }
    told.completeExceptionally(new IOException(name + " ended"));
  }

  private void keep(String line) {
    synchronized (last) {
      if (last.size() == LINES_KEPT) {
        last.removeFirst();
      }
      last.add(line);
    }
  }

  /** The last lines of output. */
  public String tail() {
    synchronized (last) {
      return String.join("\n", last);
    }
  }

  /**
   * Waits until it says that it is ready.
   *
   * @throws ProcessFailure if it ends before, or says nothing in time
   */
  public void awaitReady(long patienceSeconds) throws IOException, InterruptedException {
    try {
      ready.get(patienceSeconds, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      throw new ProcessFailure(
          name + " did not get ready within " + patienceSeconds + " s; its last lines:\n" + tail(),
          failure);
    }
  }

  /** As {@code kill -9}; returns when the process is gone. Nothing if it does not run. */
  public void kill() throws IOException, InterruptedException {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
      buried(running, running.waitFor());
    }
  }

  /**
   * As {@code kill}: SIGTERM. Returns the exit status.
   *
   * @throws ProcessFailure if it does not end in time
   */
  public int terminate(long patienceSeconds) throws IOException, InterruptedException {
    Process running = process;
    if (running == null) {
      return 0;
    }
    running.destroy();
    if (!running.waitFor(patienceSeconds, TimeUnit.SECONDS)) {
      throw new ProcessFailure(name + " does not stop within " + patienceSeconds + " s", null);
    }
    return buried(running, running.exitValue());
  }

  /** Waits for it to end by itself; true if it did. */
  public boolean awaitEnd(long patienceSeconds) throws IOException, InterruptedException {
    Process running = process;
    if (running == null) {
      return true;
    }
    boolean ended = running.waitFor(patienceSeconds, TimeUnit.SECONDS);
    if (ended) {
      buried(running, running.exitValue());
    }
    return ended;
  }

  private int buried(Process dead, int status) throws IOException {
    process = null;
    watchdog.ended(dead.pid());
    return status;
  }

  /** As {@code kill -STOP}. */
  public void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** As {@code kill -CONT}. */
  public void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    long pid = pid();
    if (pid != 0) {
      Shell.must("kill", "-" + signal, Long.toString(pid));
    }
  }
}
