package dev.kittiwake.kv.txn;

import dev.kittiwake.kv.region.MergeGate;
import dev.kittiwake.kv.region.RegionAccess;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.MemComparable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Replicates the pessimistic locks that only the leader of a region knows, before the region is
 * merged: no transaction loses a lock by a merge. Under the latches of their keys, so that no
 * command comes in between. Thread-safe.
 */
public final class LocksBeforeMerge implements MergeGate {
  private static final int LOCKS_AT_ONCE = 256;

  private final RegionAccess access;
  private final UnreplicatedLocks unreplicated;
  private final KeyLatches latches;

  public LocksBeforeMerge(RegionAccess access, UnreplicatedLocks unreplicated, KeyLatches latches) {
    this.access = access;
    this.unreplicated = unreplicated;
    this.latches = latches;
  }

  @Override
  public CompletableFuture<Error> close(RegionView view) {
    List<Key> keys = unreplicated.close(view);
    CompletableFuture<Error> all = CompletableFuture.completedFuture(null);
    for (int from = 0; from < keys.size(); from += LOCKS_AT_ONCE) {
      List<Key> some = keys.subList(from, Math.min(keys.size(), from + LOCKS_AT_ONCE));
      all =
          all.thenCompose(
              error -> error != null ? CompletableFuture.completedFuture(error) : some(view, some));
    }
    return all;
  }

  private CompletableFuture<Error> some(RegionView view, List<Key> storedKeys) {
    List<Key> userKeys = new ArrayList<>();
    storedKeys.forEach(key -> userKeys.add(MemComparable.decode(key)));
    return latches.holding(userKeys, () -> replicate(view, storedKeys));
  }

  private CompletableFuture<Error> replicate(RegionView view, List<Key> storedKeys) {
    UnreplicatedLocks.Plan plan = unreplicated.planToReplicate(view, storedKeys);
    if (plan.replicated().isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    return access
        .write(view, plan.replicated())
        .thenApply(
            error -> {
              if (error == null) {
                plan.carryOut();
              }
              return error;
            });
  }

  @Override
  public void open(RegionView view) {
    unreplicated.open(view);
  }
}
