package dev.kittiwake.kv.background;

import dev.kittiwake.kv.region.RegionAccess;
import dev.kittiwake.kv.region.RegionView;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the replicas of one region led here after another, by region id, one at a time: each run
 * takes the next, unless the last is still under way. Thread-safe.
 */
public final class HashRounds implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(HashRounds.class);

  private final RegionAccess access;
  private final AtomicBoolean running = new AtomicBoolean();
  private long last; // guarded by running

  public HashRounds(RegionAccess access) {
    this.access = access;
  }

  @Override
  public void run() {
    if (!running.compareAndSet(false, true)) {
      return;
    }
    long next = next();
    if (next == 0) {
      running.set(false);
      return;
    }
    last = next;
    access
        .verify(next)
        .whenComplete(
            (verdict, failure) -> {
              running.set(false);
              LOG.debug("region={} event=replicas_compared verdict={}", next, verdict, failure);
            });
  }

  /** The led region with the least id above the last one, or the least of all; 0 = none is led. */
  private long next() {
    long above = 0;
    long least = 0;
    for (RegionView view : access.regions()) {
      long id = view.regionId();
      if (view.leader()) {
        least = least == 0 ? id : Math.min(least, id);
        above = id <= last ? above : above == 0 ? id : Math.min(above, id);
      }
    }
    return above != 0 ? above : least;
  }
}
