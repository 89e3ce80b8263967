package dev.kittiwake.simulation.invariant;

import dev.kittiwake.kv.engine.EngineSnapshot;
import dev.kittiwake.kv.region.RegionImage;
import dev.kittiwake.simulation.world.SimStore;
import dev.kittiwake.simulation.world.World;
import java.util.List;

/** Looks at a world again and again. */
public final class Invariants {
  private static final long LEADERS_NANOS = 50_000_000L;
  private static final long LOGS_NANOS = 2_000_000_000L;
  private static final long KNOWN_NANOS = 3_000_000_000L;
  private static final long DATA_NANOS = 30_000_000_000L;

  private final World world;
  private final Leaders leaders;
  private final Logs logs;
  private final Ranges ranges;
  private final Replicas replicas;
  private final KnownRegions known;
  private boolean stopped;

  public Invariants(World world) {
    this.world = world;
    this.leaders = new Leaders(world);
    this.logs = new Logs(world);
    this.ranges = new Ranges(world);
    this.known = new KnownRegions(world);
    this.replicas = new Replicas(world, known);
  }

  /** Begins to look. */
  public void start() {
    every(LEADERS_NANOS, "check leaders", leaders::check);
    every(LOGS_NANOS, "check logs", this::checkLogsAndRanges);
    every(KNOWN_NANOS, "check known regions", known::check);
    every(DATA_NANOS, "check data", replicas::check);
  }

  private void checkLogsAndRanges() {
    ranges.clear();
    for (SimStore store : world.stores()) {
      try (EngineSnapshot snapshot = store.disk().engine().snapshot()) {
        List<RegionImage> images = RegionImage.all(snapshot);
        ranges.add(store.address(), RegionImage.held(snapshot));
        logs.check(store, images);
      }
    }
    ranges.judge();
  }

  private void every(long nanos, String what, Runnable check) {
    world
        .time()
        .later(
            nanos,
            what,
            () -> {
              if (!stopped) {
                check.run();
                every(nanos, what, check);
              }
            });
  }

  public void stop() {
    stopped = true;
  }

  /** Looks at everything once more; the world has been quiet for a while. */
  public void checkAtTheEnd() {
    leaders.check();
    checkLogsAndRanges();
    replicas.check();
    replicas.checkThatRegionsTile();
    replicas.checkColumnFamilies();
  }

  /** Whether every region has one leader and all its replicas have applied the same. */
  public boolean isCaughtUp() {
    return replicas.areCaughtUp();
  }

  /** What {@link #isCaughtUp} waits for. */
  public String whatIsMissing() {
    return replicas.whatIsMissing();
  }
}
