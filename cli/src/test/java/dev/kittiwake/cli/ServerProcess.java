package dev.kittiwake.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One role of the command line as a real process, which can be killed. */
final class ServerProcess implements AutoCloseable {
  private static final int LINES_KEPT = 200;
  private static final long PATIENCE_SECONDS = 180;

  private final List<String> arguments;
  private final ArrayDeque<String> output = new ArrayDeque<>(); // guarded by this
  private Process process; // null = not running
  private CompletableFuture<Void> ready;

  ServerProcess(List<String> arguments) {
    this.arguments = List.copyOf(arguments);
  }

  /** Starts the process; {@link #awaitReady} waits for it. */
  void start() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-Dkittiwake.log=info", "-cp", classPath()));
    command.add(Kittiwake.class.getName());
    command.addAll(arguments);
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    ready = new CompletableFuture<>();
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    CompletableFuture<Void> told = ready;
    new Thread(() -> follow(lines, told), "output-of-" + process.pid()).start();
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  private void follow(BufferedReader lines, CompletableFuture<Void> told) {
    try (lines) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        keep(line);
        if (line.contains("is ready")) {
          told.complete(null);
        }
      }
    } catch (IOException killed) {
      keep("(output ended: " + killed.getMessage() + ")");
    }
    told.completeExceptionally(new IllegalStateException("the process ended"));
  }

  private synchronized void keep(String line) {
    if (output.size() == LINES_KEPT) {
      output.removeFirst();
    }
    output.add(line);
  }

  /** The last lines that the process printed, over all its lives. */
  synchronized String output() {
    return String.join("\n", output);
  }

  void awaitReady() throws InterruptedException {
    try {
      ready.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      throw new AssertionError(arguments + " did not get ready:\n" + output(), failure);
    }
  }

  /** As {@code kill -9}; returns when the process is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
    process = null;
  }

  /** As {@code kill}: SIGTERM. Returns the exit status. */
  int terminate() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError(arguments + " does not stop:\n" + output());
    }
    int status = process.exitValue();
    process = null;
    return status;
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
      try {
        process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException | TimeoutException stuck) {
        throw new UncheckedIOException(new IOException("a killed process does not end", stuck));
      }
    }
  }
}
