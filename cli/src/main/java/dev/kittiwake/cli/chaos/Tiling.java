package dev.kittiwake.cli.chaos;

import dev.kittiwake.cli.chaos.process.ClusterPages;
import dev.kittiwake.cli.chaos.process.Stopwatch;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/**
 * Asks the placement driver for all regions all along: they must have every key once. Who has some
 * keys may not have reported yet since a split; then they are shown as left over. That must end, or
 * the keys are lost: what lasts is a broken promise. Thread-safe.
 */
final class Tiling {
  private static final long EVERY_MILLIS = 1_000;
  private static final long AGAIN_MILLIS = 100;
  private static final long MOMENT_MILLIS = 5_000;

  /** Until a region whose leader has been killed is led again, on a slow machine. */
  private static final long REPORT_MILLIS = 120_000;

  private final ClusterPages pages;
  private final Stopwatch time;
  private volatile boolean stopped;
  private long looks; // guarded by this, as everything below
  private long moments;
  private long longestMillis;
  private int fewest = Integer.MAX_VALUE;
  private int most;
  private final Map<String, Long> leftOver = new HashMap<>(); // first key to when it was seen first
  private int mostLeftOver;
  private String lasting; // what was wrong for longer than a moment, or null

  Tiling(ClusterPages pages, Stopwatch time) {
    this.pages = pages;
    this.time = time;
  }

  void start(ExecutorService threads) {
    threads.submit(
        () -> {
          while (!stopped) {
            look();
            time.pause(EVERY_MILLIS);
          }
          return null;
        });
  }

  void stop() {
    stopped = true;
  }

  private void look() throws InterruptedException {
    Optional<String> wrong = wrongNow();
    if (wrong.isEmpty()) {
      return;
    }
    long since = time.millis();
    while (wrong.isPresent() && time.millis() - since < MOMENT_MILLIS && !stopped) {
      time.pause(AGAIN_MILLIS);
      wrong = wrongNow();
    }
    saw(time.millis() - since, wrong);
  }

  private synchronized void saw(long lastedMillis, Optional<String> still) {
    moments++;
    longestMillis = Math.max(longestMillis, lastedMillis);
    if (still.isPresent() && lastedMillis >= MOMENT_MILLIS && lasting == null) {
      lasting = "at " + time.millis() + " ms, for " + lastedMillis + " ms: " + still.get();
    }
  }

  private Optional<String> wrongNow() {
    List<ClusterPages.Region> regions;
    try {
      regions = pages.regions();
    } catch (IOException away) {
      return Optional.empty(); // it was killed, or does not answer in time: no look
    }
    count(regions);
    return wrong(regions);
  }

  private synchronized void count(List<ClusterPages.Region> regions) {
    looks++;
    fewest = Math.min(fewest, regions.size());
    most = Math.max(most, regions.size());
    Map<String, Long> before = new HashMap<>(leftOver);
    leftOver.clear();
    for (ClusterPages.Region region : regions) {
      if (region.leftOver()) {
        long since = before.getOrDefault(region.startKey(), time.millis());
        leftOver.put(region.startKey(), since);
        if (time.millis() - since >= REPORT_MILLIS && lasting == null) {
          lasting =
              "nobody has reported the keys from '%s' to '%s' for %d ms; the last to have them was region %d"
                  .formatted(
                      region.startKey(), region.endKey(), time.millis() - since, region.id());
        }
      }
    }
    mostLeftOver = Math.max(mostLeftOver, leftOver.size());
  }

  /** What is wrong with a list of all regions. */
  static Optional<String> wrong(List<ClusterPages.Region> regions) {
    if (regions.isEmpty()) {
      return Optional.of("there is no region");
    }
    List<ClusterPages.Region> inOrder =
        regions.stream().sorted(Comparator.comparing(ClusterPages.Region::startKey)).toList();
    String end = "";
    for (int i = 0; i < inOrder.size(); i++) {
      ClusterPages.Region region = inOrder.get(i);
      boolean begins = i == 0 ? region.startKey().isEmpty() : region.startKey().equals(end);
      if (!begins || i > 0 && end.isEmpty()) {
        return Optional.of(
            "region %d begins at '%s', the one before it ends at '%s'"
                .formatted(region.id(), region.startKey(), end));
      }
      end = region.endKey();
    }
    return end.isEmpty() ? Optional.empty() : Optional.of("the last region ends at " + end);
  }

  synchronized Finding finding() {
    return new Finding(
        "regions",
        "the regions have every key once, all along",
        lasting == null,
        lasting == null ? summary() : lasting,
        List.of());
  }

  /** How many regions there were, and how often they were looked at. */
  synchronized String summary() {
    return looks == 0
        ? "nobody looked"
        : ("%d to %d regions, looked at %d times; %d at most had yet to report after a split;"
                + " %d times incomplete for a moment (%d ms at most)")
            .formatted(fewest, most, looks, mostLeftOver, moments, longestMillis);
  }
}
