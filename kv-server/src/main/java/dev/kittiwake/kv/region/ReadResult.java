package dev.kittiwake.kv.region;

import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.kvrpcpb.LockInfo;

/** The outcome of asking for a linearizable read. */
public sealed interface ReadResult {
  /** The region's data, at least as new as the moment of asking; the receiver closes it. */
  record Readable(RegionSnapshot snapshot) implements ReadResult {}

  /** The leader holds a commit in flight that the claim of the read may have to see. */
  record Locked(LockInfo lock) implements ReadResult {}

  /** The region error to answer. */
  record Refused(Error error) implements ReadResult {}
}
