package dev.kittiwake.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One command line in this JVM, and what a user saw of it. Takes the JVM's standard streams while
 * it runs, so one at a time.
 */
record CommandLineRun(int status, String out, String err) {
  private static final long HANGS_AFTER_SECONDS = 240;

  static CommandLineRun of(String... arguments) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream oldOut = System.out;
    PrintStream oldErr = System.err;
    ExecutorService thread = Executors.newSingleThreadExecutor();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      int status =
          thread.submit(() -> Kittiwake.run(arguments)).get(HANGS_AFTER_SECONDS, TimeUnit.SECONDS);
      return new CommandLineRun(
          status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } catch (TimeoutException hangs) {
      throw new AssertionError(
          List.of(arguments) + " hangs after\n" + out.toString(StandardCharsets.UTF_8), hangs);
    } finally {
      System.setOut(oldOut);
      System.setErr(oldErr);
      thread.shutdownNow();
    }
  }

  /** What was told of the failure, without what servers log. */
  List<String> complaint() {
    return err.lines()
        .filter(line -> !line.isBlank() && !line.matches("\\d{4}-\\d\\d-.*"))
        .toList();
  }
}
