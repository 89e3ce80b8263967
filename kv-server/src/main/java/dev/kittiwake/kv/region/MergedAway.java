package dev.kittiwake.kv.region;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.metapb.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Has a region become part of another without this store's replica of it having noticed? Two things
 * together prove that the replica can go: the placement driver no longer knows the region while a
 * later one has its keys; and no other replica of this store will yet take it in by its own log. As
 * the merge was committed before the placement driver could tell, each of them has to have applied
 * what was committed after that: a read by {@link ReadIndex} shows it.
 */
final class MergedAway {
  private MergedAway() {}

  /** Finds out whether the replica can go, and remembers the answer if so. Store loop. */
  static void findOut(RegionReplica replica) {
    if (!replica.merge().isGoneFor(Merging.NOBODY)) {
      findOut(replica, Merging.NOBODY, Regions.range(replica.face().region()).start());
    }
  }

  /**
   * Finds out whether the replica can end with the snapshot of a region that has some of its keys,
   * and remembers the answer if so. Store loop.
   *
   * <p>It is asked who has these keys now, not who has the replica's first one: of the regions that
   * came after the merge another may have been split more often, and have a version that this one
   * never gets to.
   */
  static void findOut(RegionReplica replica, Region incoming) {
    boolean decided = replica.installing() != null || replica.isGivenAway();
    if (!decided && !canEndWith(replica, incoming)) {
      KeyRange common =
          Regions.range(incoming).intersection(Regions.range(replica.face().region()));
      findOut(replica, incoming.getId(), common.start());
    }
  }

  /**
   * @param exempt a region whose replica here will not go on by its log, but become a snapshot; or
   *     {@link Merging#NOBODY}
   */
  private static void findOut(RegionReplica replica, long exempt, Key key) {
    Merging merge = replica.merge();
    if (replica.isDestroyed() || !merge.ask(exempt)) {
      return;
    }
    heir(replica, key)
        .whenComplete(
            (heir, failure) ->
                replica.execute(
                    () -> {
                      if (failure != null || heir.isEmpty() || replica.isDestroyed()) {
                        merge.answered(exempt);
                      } else {
                        checkOthers(replica, heir.get(), exempt);
                      }
                    }));
  }

  private static void checkOthers(RegionReplica replica, Region heir, long exempt) {
    isNeededByNone(replica, heir, exempt)
        .whenComplete(
            (free, failure) ->
                replica.execute(
                    () -> {
                      if (failure == null && free) {
                        replica
                            .merge()
                            .answeredNeededAtMostBy(exempt, heir.getRegionEpoch().getVersion());
                      } else {
                        replica.merge().answered(exempt);
                      }
                    }));
  }

  /** The region that has the key now, or empty if the replica's region still exists. */
  private static CompletableFuture<Optional<Region>> heir(RegionReplica replica, Key key) {
    Placement placement = replica.context().placement();
    Region mine = replica.face().region();
    return placement
        .region(mine.getId())
        .thenCompose(
            known ->
                known.isPresent() || !Regions.isInitialized(mine)
                    ? CompletableFuture.completedFuture(Optional.<Region>empty())
                    : placement.regionAt(key))
        .thenApply(
            heir ->
                heir.filter(
                    region ->
                        region.getId() != mine.getId()
                            && region.getRegionEpoch().getVersion()
                                > mine.getRegionEpoch().getVersion()));
  }

  /** Only a replica that has not reached the heir's version can have the merge before it. */
  private static CompletableFuture<Boolean> isNeededByNone(
      RegionReplica replica, Region heir, long exempt) {
    List<CompletableFuture<Boolean>> all = new ArrayList<>();
    for (RegionReplica other : replica.store().all()) {
      Region region = other.face().region();
      boolean older = region.getRegionEpoch().getVersion() < heir.getRegionEpoch().getVersion();
      boolean counts = other != replica && other.regionId() != exempt;
      if (counts && Regions.isInitialized(region) && older) {
        all.add(isPastIt(other));
      }
    }
    return CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0]))
        .thenApply(nothing -> all.stream().allMatch(CompletableFuture::join));
  }

  private static CompletableFuture<Boolean> isPastIt(RegionReplica other) {
    CompletableFuture<ReadResult> answer = new CompletableFuture<>();
    other.run(() -> other.read(other.face().view().forReplicaRead(), null, answer));
    return answer.thenCompose(
        result -> {
          if (result instanceof ReadResult.Readable readable) {
            readable.snapshot().close();
            return CompletableFuture.completedFuture(true);
          }
          return isOutside(other); // it will never apply anything again
        });
  }

  private static CompletableFuture<Boolean> isOutside(RegionReplica other) {
    RegionFace face = other.face();
    return other
        .context()
        .placement()
        .region(other.regionId())
        .thenApply(known -> known.isEmpty() || hasRemoved(known.get(), face));
  }

  /** Whether {@code known} is not older than {@code face}, and has no peer of it. */
  static boolean hasRemoved(Region known, RegionFace face) {
    return known.getRegionEpoch().getConfVer() >= face.region().getRegionEpoch().getConfVer()
        && Regions.peer(known, face.peer().getId()) == null;
  }

  /**
   * Whether the replica, whose region has ended, can go when that of {@code incoming} becomes this
   * snapshot: it is not needed by any other, and not by what follows the snapshot in its log. The
   * latter is so if the snapshot holds all its keys, for then the merge lies before it; and if the
   * snapshot is not older than somebody who came after the merge, for a merge raises the version of
   * the region that takes in above all that it was. The region may have been split since: then the
   * snapshot holds a part of the keys only, and the others come with other snapshots. They come
   * later: the replica ends once, for whoever ends it takes all of its data away.
   */
  static boolean canEndWith(RegionReplica replica, Region incoming) {
    Region mine = replica.face().region();
    long version = incoming.getRegionEpoch().getVersion();
    return replica.merge().isGoneFor(incoming.getId())
        && replica.installing() == null
        && !replica.isGivenAway()
        && version > mine.getRegionEpoch().getVersion()
        && (covers(incoming, mine) || version >= replica.merge().heirVersion());
  }

  static boolean covers(Region outer, Region inner) {
    KeyRange range = Regions.range(inner);
    return Regions.range(outer).intersection(range).equals(range);
  }
}
