package dev.kittiwake.kv.region;

import dev.kittiwake.kv.engine.EngineCursor;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.proto.key.KeyRange;
import java.util.Arrays;

/** Walks over a region's entries but its locks, in the order of their stored keys. */
final class RegionScan {
  private RegionScan() {}

  /** Sees the entries; answers whether to go on. */
  interface Visitor {
    boolean onEntry(Family family, byte[] storedKey, int entryBytes);
  }

  /** Walks until the visitor has enough; answers whether that was the end of the region. */
  static boolean walk(RegionSnapshot snapshot, Visitor visitor) {
    KeyRange all = snapshot.view().range();
    try (EngineCursor values = snapshot.cursor(Family.DEFAULT, all);
        EngineCursor writes = snapshot.cursor(Family.WRITE, all)) {
      byte[] value = values.seekToFirst() ? values.key() : null;
      byte[] write = writes.seekToFirst() ? writes.key() : null;
      while (value != null || write != null) {
        boolean valueFirst =
            write == null || (value != null && Arrays.compareUnsigned(value, write) < 0);
        boolean more;
        if (valueFirst) {
          more = visitor.onEntry(Family.DEFAULT, value, value.length + values.value().length);
          value = values.next() ? values.key() : null;
        } else {
          more = visitor.onEntry(Family.WRITE, write, write.length + writes.value().length);
          write = writes.next() ? writes.key() : null;
        }
        if (!more) {
          return value == null && write == null;
        }
      }
    }
    return true;
  }
}
