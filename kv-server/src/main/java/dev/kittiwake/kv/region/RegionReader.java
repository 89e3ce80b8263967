package dev.kittiwake.kv.region;

import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.proto.key.Key;

/** Single reads of the newest data, each for itself. */
public interface RegionReader {
  /** The value of {@code storedKey} or null; the key must lie in the region. */
  byte[] get(Family family, Key storedKey);
}
