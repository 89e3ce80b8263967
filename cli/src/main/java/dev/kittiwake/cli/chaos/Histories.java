package dev.kittiwake.cli.chaos;

import dev.kittiwake.cli.chaos.workload.Clients;
import dev.kittiwake.testkit.history.Edn;
import dev.kittiwake.testkit.history.JsonLines;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Keeps the histories beside the report, for judges outside of this project. */
final class Histories {
  private Histories() {}

  /** Writes {@code histories/NAME.edn} and {@code NAME.jsonl} below the report. */
  static void write(Clients crew, Path report) throws IOException {
    Path folder = Files.createDirectories(report.resolve("histories"));
    try (Writer edn = Files.newBufferedWriter(folder.resolve(crew.load().name() + ".edn"));
        Writer json = Files.newBufferedWriter(folder.resolve(crew.load().name() + ".jsonl"))) {
      Edn.write(crew.history(), edn);
      JsonLines.write(crew.history(), json);
    }
  }
}
