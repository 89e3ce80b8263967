package dev.kittiwake.cli.chaos;

import dev.kittiwake.cli.chaos.workload.Clients;
import java.nio.file.Path;

/** Keeps the histories beside the report, for judges outside of this project. */
final class Histories {
  private Histories() {}

  static void write(Clients crew, Path report) {}
}
