package dev.kittiwake.kv.region;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.pdpb.SplitID;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What the replicas need of the placement driver. Thread-safe; never blocks. */
public interface Placement {
  /** Ids for {@code count} new regions and their peers. */
  CompletableFuture<List<SplitID>> splitIds(Region region, int count);

  /** The regions that came out of a split, left to right. */
  void reportSplit(List<Region> regions);

  /** A leader's report about its region: periodically and whenever something changed. */
  void reportRegion(RegionReport report);

  /** The region that has that key. */
  CompletableFuture<Optional<Region>> regionAt(Key storedKey);

  /** The region as the placement driver knows it. */
  CompletableFuture<Optional<Region>> region(long regionId);
}
