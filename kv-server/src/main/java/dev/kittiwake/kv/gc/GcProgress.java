package dev.kittiwake.kv.gc;

/**
 * How far garbage collection on this store is.
 *
 * @param safePoint what is being collected, or was last
 * @param running whether a pass is under way
 * @param regions regions of the pass, or of the last one
 * @param done those that were looked at
 * @param skipped those that had too little garbage to look at
 * @param passes how many passes have ended since the start
 * @param records versions looked at since the start
 * @param deleted versions deleted since the start
 */
public record GcProgress(
    long safePoint,
    boolean running,
    int regions,
    int done,
    int skipped,
    long passes,
    long records,
    long deleted) {
  /** Nothing yet. */
  public static final GcProgress NONE = new GcProgress(0, false, 0, 0, 0, 0, 0, 0);
}
