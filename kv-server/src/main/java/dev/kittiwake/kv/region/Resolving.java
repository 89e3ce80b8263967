package dev.kittiwake.kv.region;

import dev.kittiwake.kv.resolved.OpenLocks;
import dev.kittiwake.kv.resolved.Promise;
import dev.kittiwake.kv.resolved.SafeTimes;
import dev.kittiwake.kv.transport.Envelope;
import dev.kittiwake.kv.transport.Extra;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.RegionEpoch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Up to which timestamp the regions led here are complete, told to their followers: one message to
 * each other store for all regions.
 *
 * <p>A round begins with a fresh timestamp of the oracle. Whatever is locked from then on commits
 * above it: commits in two phases take their timestamp later, and those computed here lie above
 * {@code max_ts}, which is raised first. What was locked before is in memory while it is in flight,
 * and in the data from before it leaves memory; so memory is asked first, then the watch over the
 * data, which answers for an index of the log. Last comes the proof that no other leader, of this
 * region or of a part of it, can have been at work before the timestamp was fetched: the lease,
 * which is suspended while a split or merge is under way. Later leaders fetch a timestamp of their
 * own before they compute any.
 *
 * <p>Confined to the store loop.
 */
final class Resolving {
  private static final int PER_MESSAGE = 4_096;

  private final StoreContext context;
  private final Replicas replicas;
  private final SafeTimes times = new SafeTimes();

  Resolving(StoreContext context, Replicas replicas) {
    this.context = context;
    this.replicas = replicas;
  }

  /** What is known of all regions here. Thread-safe. */
  SafeTimes times() {
    return times;
  }

  /**
   * @param ts fetched from the oracle since the last round
   */
  void round(long ts) {
    long inFlight = context.readGuard().settle(ts);
    Map<Long, List<Promise>> byStore = new TreeMap<>();
    for (RegionReplica replica : replicas.awake()) { // who rests has no lease to promise by
      LockWatch watch = replica.applier().locks();
      if (replica.face().leads()) {
        Promise promise = promise(replica, watch, before(ts, inFlight));
        if (promise != null && times.learn(promise, replica.applied())) {
          tell(replica.face(), promise, byStore);
        }
      } else if (watch.isOn()) {
        LockWatch.stop(replica);
      }
    }
    byStore.forEach((store, promises) -> send(store, promises));
  }

  /** The greatest timestamp that is not above {@code ts} and below all that is open. */
  private static long before(long ts, long oldest) {
    return oldest == OpenLocks.NONE || Timestamp.isAfter(oldest, ts) ? ts : oldest - 1;
  }

  private Promise promise(RegionReplica replica, LockWatch watch, long ts) {
    RegionFace face = replica.face();
    if (!replica.isServing() || !replica.lease().likely(face.term())) {
      return null; // it may rest, and is not woken for this
    }
    if (!watch.isOn()) {
      LockWatch.start(replica);
      return null;
    }
    LockWatch.Seen seen = watch.seen();
    boolean proved = replica.lease().covers(face.term(), context.nanos());
    if (seen == null || !proved || seen.version() != face.version()) {
      return null;
    }
    return new Promise(replica.regionId(), seen.version(), seen.index(), before(ts, seen.oldest()));
  }

  private void tell(RegionFace face, Promise promise, Map<Long, List<Promise>> byStore) {
    for (Peer peer : face.region().getPeersList()) {
      if (peer.getStoreId() != context.storeId() && !peer.getIsWitness()) {
        byStore.computeIfAbsent(peer.getStoreId(), store -> new ArrayList<>()).add(promise);
      }
    }
  }

  private void send(long store, List<Promise> promises) {
    for (int from = 0; from < promises.size(); from += PER_MESSAGE) {
      List<Promise> part = promises.subList(from, Math.min(promises.size(), from + PER_MESSAGE));
      context
          .transport()
          .send(
              new Envelope(
                      0,
                      Peer.newBuilder().setStoreId(context.storeId()).build(),
                      Peer.newBuilder().setStoreId(store).build(),
                      RegionEpoch.getDefaultInstance(),
                      null)
                  .with(new Extra.Promises(List.copyOf(part))));
    }
  }

  /** Other leaders have promised something. */
  void learn(Extra.Promises promises) {
    for (Promise promise : promises.promises()) {
      RegionReplica replica = replicas.find(promise.regionId());
      if (replica != null) {
        times.learn(promise, replica.applied());
      }
    }
  }

  /** Up to which timestamp all replicas here that have keys in {@code storedKeys} are complete. */
  long safeFor(KeyRange storedKeys) {
    long least = Timestamp.MAX;
    for (RegionReplica replica : replicas.all()) {
      RegionFace face = replica.face();
      if (face.initialized() && Regions.range(face.region()).overlaps(storedKeys)) {
        long safe = times.safeAt(replica.regionId(), face.version(), replica.applied());
        least = Timestamp.isAfter(least, safe) ? safe : least;
      }
    }
    return least == Timestamp.MAX ? 0 : least;
  }

  /**
   * Up to which timestamp all regions led here are resolved.
   *
   * @param ts the answer if none is
   */
  long leastPromised(long ts) {
    long least = ts;
    for (RegionReplica replica : replicas.all()) {
      RegionFace face = replica.face();
      if (face.leads()) {
        long promised = times.newest(replica.regionId(), face.version());
        least = Timestamp.isAfter(least, promised) ? promised : least;
      }
    }
    return least;
  }

  void onDestroyed(long regionId) {
    times.forget(regionId);
  }
}
