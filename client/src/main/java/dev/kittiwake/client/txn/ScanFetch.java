package dev.kittiwake.client.txn;

import static dev.kittiwake.client.txn.TxnEnvironment.wire;

import dev.kittiwake.client.region.Backoff;
import dev.kittiwake.client.region.CachedRegion;
import dev.kittiwake.client.region.KvCall;
import dev.kittiwake.client.region.RegionCache.Side;
import dev.kittiwake.client.region.UserKeys;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.KvPair;
import dev.kittiwake.proto.kvrpcpb.LockInfo;
import dev.kittiwake.proto.kvrpcpb.ScanRequest;
import dev.kittiwake.proto.kvrpcpb.ScanResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Fetches the pairs of a range in batches, region after region, in either direction. A region that
 * answers fewer pairs than asked for is finished. One fetch at a time.
 */
final class ScanFetch {
  record Pair(byte[] key, byte[] value) {}

  private final SnapshotReader reader;
  private final boolean reverse;
  private final boolean keyOnly;
  private Key lower; // inclusive; moves up in a forward scan
  private byte[] walked; // start of the region a reverse scan has just walked over, or null
  private Key upper; // exclusive; empty for no bound; moves down in a reverse scan
  private boolean done;

  ScanFetch(SnapshotReader reader, Key lower, Key upper, boolean reverse, boolean keyOnly) {
    this.reader = reader;
    this.lower = lower;
    this.upper = upper;
    this.reverse = reverse;
    this.keyOnly = keyOnly;
    this.done = isEmpty();
  }

  boolean isDone() {
    return done;
  }

  private boolean isEmpty() {
    return !upper.isEmpty() && lower.compareTo(upper) >= 0;
  }

  /** The next pairs, at most {@code limit}; none only if the scan is done. */
  CompletableFuture<List<Pair>> next(int limit, Backoff backoff) {
    if (done) {
      return CompletableFuture.completedFuture(List.of());
    }
    byte[] route = reverse ? belowThis() : UserKeys.stored(lower.unsafeBytes());
    return reader
        .replicas()
        .send(
            KvCall.SCAN,
            route,
            reverse ? Side.BELOW : Side.AT,
            region -> request(region, limit),
            backoff)
        .thenCompose(reply -> taken(reply.region(), reply.response(), limit, backoff));
  }

  /** In stored form, the bound of what a reverse scan has yet to see. */
  private byte[] belowThis() {
    if (walked != null) {
      return walked;
    }
    return upper.isEmpty() ? new byte[0] : UserKeys.stored(upper.unsafeBytes());
  }

  private ScanRequest request(CachedRegion region, int limit) {
    Key low = reverse ? higher(lower, firstOf(region)) : lower;
    Key high = reverse ? upperIn(region) : upper;
    return ScanRequest.newBuilder()
        .setContext(reader.hints().addTo(region.context()))
        .setVersion(reader.ts())
        .setStartKey(wire(reverse ? high : low))
        .setEndKey(wire(reverse ? low : high))
        .setLimit(limit)
        .setReverse(reverse)
        .setKeyOnly(keyOnly)
        .build();
  }

  private static Key firstOf(CachedRegion region) {
    return region.start().length == 0 ? Key.EMPTY : UserKeys.atOrAbove(region.start());
  }

  private Key upperIn(CachedRegion region) {
    if (region.end().length == 0) {
      return upper;
    }
    Key end = UserKeys.atOrAbove(region.end());
    return upper.isEmpty() || end.compareTo(upper) < 0 ? end : upper;
  }

  private static Key higher(Key a, Key b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  private CompletableFuture<List<Pair>> taken(
      CachedRegion region, ScanResponse response, int limit, Backoff backoff) {
    if (response.hasError()) {
      if (!response.getError().hasLocked()) {
        throw KeyErrors.exception(response.getError(), reader.ts());
      }
      return reader
          .passLocks(List.of(response.getError().getLocked()), backoff)
          .thenCompose(free -> next(limit, backoff));
    }
    List<LockInfo> locks = new ArrayList<>();
    for (KvPair pair : response.getPairsList()) {
      if (pair.hasError()) {
        if (!pair.getError().hasLocked()) {
          throw KeyErrors.exception(pair.getError(), reader.ts());
        }
        locks.add(pair.getError().getLocked());
      }
    }
    if (!locks.isEmpty()) {
      return reader.passLocks(locks, backoff).thenCompose(free -> next(limit, backoff));
    }
    List<Pair> pairs = new ArrayList<>(response.getPairsCount());
    for (KvPair pair : response.getPairsList()) {
      pairs.add(new Pair(pair.getKey().toByteArray(), pair.getValue().toByteArray()));
    }
    advance(region, pairs, limit);
    return pairs.isEmpty() && !done
        ? next(limit, backoff)
        : CompletableFuture.completedFuture(pairs);
  }

  private void advance(CachedRegion region, List<Pair> pairs, int limit) {
    if (pairs.size() >= limit) {
      Key last = Key.wrap(pairs.get(pairs.size() - 1).key());
      if (reverse) {
        upper = last;
        walked = null;
        done = last.isEmpty();
      } else {
        lower = last.next();
      }
    } else if (reverse) {
      upper = firstOf(region);
      done = upper.isEmpty();
      // Not the stored form of `upper`: no user key need lie between the region's start and that,
      // if raw data made the start, and the region would be asked again and again.
      walked = region.start();
    } else {
      done = region.end().length == 0;
      lower = done ? lower : UserKeys.atOrAbove(region.end());
    }
    done |= isEmpty();
  }
}
