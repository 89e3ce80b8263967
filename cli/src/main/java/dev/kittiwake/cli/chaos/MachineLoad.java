package dev.kittiwake.cli.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The load average of the machine over the run, which figures have to be seen with. Thread-safe.
 */
final class MachineLoad {
  private static final Path SOURCE = Path.of("/proc/loadavg");

  private final List<Double> samples = new ArrayList<>(); // guarded by this

  /** Looks once; nothing on hosts that do not tell. */
  void sample() {
    if (!Files.isReadable(SOURCE)) {
      return;
    }
    try {
      double now = Double.parseDouble(Files.readString(SOURCE).split(" ", 2)[0]);
      synchronized (this) {
        samples.add(now);
      }
    } catch (IOException | NumberFormatException unreadable) {
      return; // no figure is better than a wrong one
    }
  }

  synchronized double last() {
    return samples.isEmpty() ? 0 : samples.get(samples.size() - 1);
  }

  synchronized double mean() {
    return samples.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }

  synchronized double max() {
    return samples.stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }
}
