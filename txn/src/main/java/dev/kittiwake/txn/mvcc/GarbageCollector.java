package dev.kittiwake.txn.mvcc;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.Timestamp;
import java.util.List;

/**
 * Decides which versions nobody can read any more once no read is below a safe point: of each key
 * the newest version at or below it stays if it is a put; all older ones, deletes, pure locks and
 * rollbacks at or below it go. All locks at or below the safe point must be resolved first.
 */
public final class GarbageCollector {
  /** What becomes of a record. */
  public enum Fate {
    STAYS,
    GOES,

    /**
     * It goes, but hides older versions: not before them, or a read in between, or after a crash,
     * sees what was deleted long ago.
     */
    GOES_LAST
  }

  private final long safePoint;
  private boolean decided; // the version that reads at the safe point see has passed

  public GarbageCollector(long safePoint) {
    this.safePoint = safePoint;
  }

  /** Begins with the versions of another key. */
  public void nextKey() {
    decided = false;
  }

  /** Whether the record may go. To be asked for the versions of a key from newest to oldest. */
  public Fate fate(long commitTs, Write write) {
    if (Timestamp.isAfter(commitTs, safePoint)) {
      return Fate.STAYS;
    }
    if (!write.type().changesValue() || decided) {
      return Fate.GOES;
    }
    decided = true;
    boolean fenced = write.gcFence() != 0 && !Timestamp.isAfter(write.gcFence(), safePoint);
    return fenced || write.type() == WriteType.DELETE ? Fate.GOES_LAST : Fate.STAYS;
  }

  /**
   * Removes what may go of {@code newestFirst}, all versions of one key, with its values: at once,
   * so that nothing needs to go last.
   */
  public void collect(Key encodedKey, List<Version> newestFirst, WriteSet writes) {
    nextKey();
    for (Version version : newestFirst) {
      Write write = version.write();
      if (fate(version.commitTs(), write) != Fate.STAYS) {
        writes.deleteWrite(encodedKey, version.commitTs());
        if (write.type() == WriteType.PUT && write.shortValue() == null) {
          writes.deleteValue(encodedKey, write.startTs());
        }
      }
    }
  }
}
