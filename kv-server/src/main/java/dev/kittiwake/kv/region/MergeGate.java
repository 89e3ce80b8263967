package dev.kittiwake.kv.region;

import dev.kittiwake.proto.errorpb.Error;
import java.util.concurrent.CompletableFuture;

/**
 * Keeps something about a region in the leader's memory only, which a merge would lose: it is asked
 * to replicate it first. Thread-safe; must not block.
 */
public interface MergeGate {
  /**
   * From now on everything about the region is replicated; completes, with null, once nothing is
   * left in memory. Completes with a region error if that could not be done.
   */
  CompletableFuture<Error> close(RegionView view);

  /** The region is not merged after all. */
  void open(RegionView view);
}
