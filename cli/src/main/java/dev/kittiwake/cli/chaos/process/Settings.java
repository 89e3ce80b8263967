package dev.kittiwake.cli.chaos.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The configuration files of a cluster's processes. */
record Settings(Path directory, ClusterShape shape) {
  /** Memory only: every time and limit stays as it is by default. */
  private static final String SMALL =
      "block-cache = 32MiB\nmemtable = 8MiB\nwal-segment = 8MiB\nwal-cache = 16MiB\n";

  private static final String SMALL_REGIONS =
      """
      region-split-size = 64KiB
      region-max-size = 96KiB
      split-check-diff = 8KiB
      split-check-tick = 2s
      region-heartbeat = 10s
      """;

  /** Regions merge soon, and stores take and give replicas as fast as they can. */
  private static final String BRISK =
      """
      schedule.max-merge-region-size = 20KiB
      schedule.max-merge-region-keys = 20000
      schedule.split-merge-interval = 20s
      schedule.store-limit = 2000
      schedule.merge-schedule-limit = 16
      schedule.region-schedule-limit = 64
      schedule.replica-schedule-limit = 64
      """;

  Path stores() throws IOException {
    if (shape.settings().isPresent()) {
      return shape.settings().get();
    }
    Path file = directory.resolve("store.conf");
    Files.writeString(file, shape.smallRegions() ? SMALL + SMALL_REGIONS : SMALL);
    return file;
  }

  /** Arguments of the placement driver. */
  List<String> pd() throws IOException {
    if (!shape.smallRegions()) {
      return List.of();
    }
    Path file = directory.resolve("pd.conf");
    Files.writeString(file, BRISK);
    return List.of("--config", file.toString());
  }
}
