package dev.kittiwake.kv;

import java.io.IOException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the reserve up when the disk is nearly out of room, and takes it back when there is plenty.
 * Run by a timer. Thread-safe.
 */
final class ReserveKeeper implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(ReserveKeeper.class);

  private final SpaceReserve reserve;
  private final LongSupplier available;
  private final long low;

  /**
   * @param available free bytes of the disk
   * @param low below so many free bytes the store takes no growing writes
   */
  ReserveKeeper(SpaceReserve reserve, LongSupplier available, long low) {
    this.reserve = reserve;
    this.available = available;
    this.low = low;
  }

  /** Before anything else is opened. */
  synchronized void releaseIfFull() {
    long free = available.getAsLong();
    try {
      if (free < releaseBelow() && reserve.release()) {
        LOG.warn(
            "event=reserve_released free={} freed={} the disk is full: delete data or add room",
            free,
            reserve.bytes());
      }
    } catch (IOException failed) {
      LOG.warn("event=reserve_failed {}", failed.getMessage());
    }
  }

  @Override
  public synchronized void run() {
    if (reserve.bytes() == 0) {
      return;
    }
    releaseIfFull();
    long free = available.getAsLong();
    try {
      if (!reserve.held() && free > 2 * (low + reserve.bytes())) {
        reserve.fill();
        LOG.info("event=reserve_taken bytes={}", reserve.bytes());
      }
    } catch (IOException failed) {
      LOG.warn("event=reserve_failed {}", failed.getMessage());
    }
  }

  private long releaseBelow() {
    return Math.max(low / 4, reserve.bytes() / 4);
  }
}
