package dev.kittiwake.kv.region;

import dev.kittiwake.proto.errorpb.DiskFull;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.kvrpcpb.Context;
import dev.kittiwake.proto.kvrpcpb.DiskFullOpt;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whether this store takes writes that make its data grow: not while its disk is nearly full, and
 * fewer and fewer while its engine falls behind. Asked before a write is proposed; what is in the
 * log is applied whatever happens. Deletes, commits, rollbacks and collecting garbage are let
 * through: they are what makes room. Thread-safe.
 */
public final class WriteGate {
  /** From here on some writes are refused, at 1 all. */
  private static final double PRESSURE_BEGINS = 0.75;

  private static final int LEAVE_PERCENT = 120; // of the bound, so that the state does not flap
  private static final int CRITICAL_PART = 4; // of the bound: then appends are refused, too
  private static final long SCALE = 1_000_000;

  private final long storeId;
  private final AtomicLong refusedForDisk = new AtomicLong();
  private final AtomicLong refusedForPressure = new AtomicLong();
  private final AtomicLong toRefuse = new AtomicLong(); // in millionths of a request
  private volatile boolean full;
  private volatile boolean critical;
  private volatile double pressure;

  WriteGate(long storeId) {
    this.storeId = storeId;
  }

  /**
   * How the disk is.
   *
   * @param capacity bytes in all; 0 = not known
   * @param available bytes free
   * @param low below so many free bytes growing writes are refused; 0 = never
   */
  public void onDisk(long capacity, long available, long low) {
    if (capacity == 0 || low == 0) {
      full = false;
      critical = false;
      return;
    }
    full = available < (full ? low / 100 * LEAVE_PERCENT : low);
    critical = available < low / CRITICAL_PART;
  }

  /** How far the engine is behind: 0 = not at all, 1 = as far as it may be. */
  public void onPressure(double now) {
    pressure = now;
  }

  /** Whether the disk is nearly full. */
  public boolean isFull() {
    return full;
  }

  /** Whether the disk is so full that not even entries of other leaders are taken. */
  public boolean isCritical() {
    return critical;
  }

  public double pressure() {
    return pressure;
  }

  public long refusedForDisk() {
    return refusedForDisk.get();
  }

  public long refusedForPressure() {
    return refusedForPressure.get();
  }

  /** Why a write that makes data grow is refused, or null. */
  public Error refusal(Context request) {
    if (full && (critical || request.getDiskFullOpt() == DiskFullOpt.NotAllowedOnFull)) {
      refusedForDisk.incrementAndGet();
      String reason = "the disk of store " + storeId + " is nearly full";
      return Error.newBuilder()
          .setMessage(reason + ": it takes reads and deletes only")
          .setDiskFull(DiskFull.newBuilder().addStoreId(storeId).setReason(reason))
          .build();
    }
    double now = pressure;
    if (now > PRESSURE_BEGINS && isThisOne((now - PRESSURE_BEGINS) / (1 - PRESSURE_BEGINS))) {
      refusedForPressure.incrementAndGet();
      return RegionErrors.busy("the engine falls behind with flushing and compacting");
    }
    return null;
  }

  /** Answers true for about this share of the calls, evenly spread. */
  private boolean isThisOne(double share) {
    if (share >= 1) {
      return true;
    }
    long step = (long) (share * SCALE);
    long after = toRefuse.addAndGet(step);
    return after / SCALE != (after - step) / SCALE;
  }
}
