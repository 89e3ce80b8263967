package dev.kittiwake.pd.cluster;

import java.util.function.Consumer;

/**
 * Watches whether the disk of a leader still answers: writes to it now and then, and knows when the
 * newest write that has become durable was begun. A leader whose disk hangs would go on sending
 * heartbeats, which need no disk. Confined to the loop.
 */
final class DiskWatch {
  private final long pauseNanos;
  private final Consumer<Runnable> probe; // writes, then runs its argument on the loop
  private long begunNanos;
  private long provenNanos;
  private boolean underWay;
  private int round; // answers that belong to an earlier watch are dropped

  DiskWatch(long pauseMillis, Consumer<Runnable> probe) {
    this.pauseNanos = pauseMillis * 1_000_000;
    this.probe = probe;
  }

  /** A leadership begins: it became durable that we voted, not long ago. */
  void begin(long nowNanos) {
    round++;
    underWay = false;
    provenNanos = nowNanos;
    begunNanos = nowNanos;
  }

  void tick(long nowNanos) {
    if (underWay || nowNanos - begunNanos < pauseNanos) {
      return;
    }
    underWay = true;
    begunNanos = nowNanos;
    int mine = round;
    probe.accept(
        () -> {
          if (mine == round) {
            underWay = false;
            provenNanos = nowNanos;
          }
        });
  }

  /** The disk was well when this was the time. */
  long provenNanos() {
    return provenNanos;
  }
}
