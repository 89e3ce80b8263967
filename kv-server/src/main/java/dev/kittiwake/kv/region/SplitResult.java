package dev.kittiwake.kv.region;

import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.metapb.Region;
import java.util.List;

/** The outcome of asking for a split. */
public sealed interface SplitResult {
  /** Done and applied: all resulting regions, left to right. */
  record Done(List<Region> regions) implements SplitResult {
    public Done {
      regions = List.copyOf(regions);
    }
  }

  /** The region error to answer. */
  record Refused(Error error) implements SplitResult {}
}
