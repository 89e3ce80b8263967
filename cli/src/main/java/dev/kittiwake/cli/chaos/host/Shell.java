package dev.kittiwake.cli.chaos.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs small programs of the host and waits for them. */
public final class Shell {
  private static final long PATIENCE_SECONDS = 30;

  private Shell() {}

  /** What a program answered. */
  public record Answer(int status, String output) {
    public boolean ok() {
      return status == 0;
    }

    /** The first line of the output, for messages. */
    public String line() {
      return output.lines().findFirst().orElse("exit status " + status);
    }
  }

  /**
   * Runs {@code command} to its end, for half a minute at most.
   *
   * @throws IOException if the program is not there or does not end
   */
  public static Answer run(List<String> command) throws IOException, InterruptedException {
    Path output = Files.createTempFile("kittiwake-shell", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(String.join(" ", command) + " does not end");
      }
      return new Answer(
          process.exitValue(),
          new String(Files.readAllBytes(output), StandardCharsets.UTF_8).trim());
    } finally {
      Files.deleteIfExists(output);
    }
  }

  public static Answer run(String... command) throws IOException, InterruptedException {
    return run(List.of(command));
  }

  /**
   * As {@link #run}, for programs that must succeed.
   *
   * @throws IOException with the program's first line if it fails
   */
  public static void must(String... command) throws IOException, InterruptedException {
    Answer answer = run(command);
    if (!answer.ok()) {
      throw new IOException(String.join(" ", command) + ": " + answer.line());
    }
  }
}
