package dev.kittiwake.kv.region;

import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.MemComparable;
import dev.kittiwake.proto.key.VersionedKey;
import java.util.ArrayList;
import java.util.List;

/**
 * Where to cut a region, found while walking its entries in order of their keys. Pure.
 *
 * <p>A cut is made in front of the first entry with which a piece would be complete, but never
 * between two versions of one key: of a versioned key, the timestamp is cut off.
 */
final class SplitKeys {
  private final SplitRule rule;
  private final Key start;
  private final List<Key> cuts = new ArrayList<>();
  private long pieceBytes; // of the piece being walked
  private long pieceKeys;
  private long bytes;
  private long values;
  private long writes;

  /**
   * @param start the region's first key: no cut may be made there
   */
  SplitKeys(SplitRule rule, Key start) {
    this.rule = rule;
    this.start = start;
  }

  /** Takes the next entry; answers whether to go on. */
  boolean onEntry(Family family, byte[] storedKey, int entryBytes) {
    boolean full = pieceBytes >= rule.splitBytes() || pieceKeys >= rule.splitKeys();
    if (full && cuts.size() < rule.maxPieces()) {
      Key cut = withoutTimestamp(storedKey);
      Key previous = cuts.isEmpty() ? start : cuts.get(cuts.size() - 1);
      if (cut.compareTo(previous) > 0) {
        cuts.add(cut);
        pieceBytes = 0;
        pieceKeys = 0;
      }
    }
    bytes += entryBytes;
    pieceBytes += entryBytes;
    if (family == Family.WRITE) {
      writes++;
      pieceKeys++;
    } else {
      values++;
      pieceKeys += isVersioned(storedKey) ? 0 : 1; // its commit record counts
    }
    return cuts.size() < rule.maxPieces() || !isWhole();
  }

  /** Whether the piece behind the last cut is large enough to be one. */
  private boolean isWhole() {
    return pieceBytes + rule.splitBytes() > rule.maxBytes()
        || pieceKeys + rule.splitKeys() > rule.maxKeys();
  }

  /**
   * The keys to split at, ascending; none if the region is not too large. The last piece joins the
   * one before if both together are not too large.
   */
  List<Key> keys() {
    if (cuts.isEmpty() || isWhole()) {
      return List.copyOf(cuts);
    }
    return List.copyOf(cuts.subList(0, cuts.size() - 1));
  }

  /** What has been walked over. */
  RegionSize.Measure measure() {
    return new RegionSize.Measure(bytes, values, writes);
  }

  /** The key without the timestamp of a version, if it has one. */
  static Key withoutTimestamp(byte[] storedKey) {
    return isVersioned(storedKey) ? VersionedKey.encodedUserKey(storedKey) : Key.wrap(storedKey);
  }

  /** Whether the key reads as an encoded key and eight bytes more. */
  private static boolean isVersioned(byte[] storedKey) {
    int length = storedKey.length - VersionedKey.TIMESTAMP_BYTES;
    if (length <= 0 || length % 9 != 0) {
      return false;
    }
    for (int marker = 8; marker < length - 1; marker += 9) {
      if (storedKey[marker] != (byte) 0xFF) {
        return false;
      }
    }
    int last = storedKey[length - 1] & 0xFF;
    return last >= 0xF7 && last < 0xFF && MemComparable.lengthOfEncoded(storedKey, 0) == length;
  }
}
