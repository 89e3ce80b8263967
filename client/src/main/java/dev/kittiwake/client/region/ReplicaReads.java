package dev.kittiwake.client.region;

import dev.kittiwake.client.region.RegionCache.Side;
import dev.kittiwake.proto.metapb.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Sends reads to the replicas that {@link ReadFrom} says: one attempt there, and if it is refused
 * or lost, for whatever reason, the leader with all its retries. What a replica refuses teaches the
 * client nothing: the leader knows better. Thread-safe.
 */
public final class ReplicaReads {
  private final RegionRouter router;
  private final ReadFrom from;
  private final AtomicInteger turn = new AtomicInteger();

  public ReplicaReads(RegionRouter router, ReadFrom from) {
    this.router = router;
    this.from = from;
  }

  /** As {@link RegionRouter#send(KvCall, byte[], Side, Function, Backoff)}. */
  public <Q, R> CompletableFuture<Reply<R>> send(
      KvCall<Q, R> call,
      byte[] storedKey,
      Side side,
      Function<CachedRegion, Q> request,
      Backoff backoff) {
    if (from == ReadFrom.LEADER) {
      return router.send(call, storedKey, side, request, backoff);
    }
    return router
        .locate(storedKey, side)
        .thenCompose(region -> atReplica(region, call, request))
        .thenCompose(
            reply ->
                reply != null
                    ? CompletableFuture.completedFuture(reply)
                    : router.send(call, storedKey, side, request, backoff));
  }

  /** As {@link RegionRouter#sendGrouped}. */
  public <K, Q, R> CompletableFuture<List<Part<K, R>>> sendGrouped(
      KvCall<Q, R> call,
      List<K> items,
      Function<K, byte[]> storedKey,
      BiFunction<CachedRegion, List<K>, Q> request,
      Backoff backoff) {
    if (from == ReadFrom.LEADER) {
      return router.sendGrouped(call, items, storedKey, request, backoff);
    }
    return router
        .group(items, storedKey)
        .thenCompose(
            groups -> {
              List<CompletableFuture<List<Part<K, R>>>> answers = new ArrayList<>();
              for (RegionRouter.Group<K> group : groups) {
                answers.add(sendGroup(group, call, storedKey, request, backoff));
              }
              return RegionRouter.concatenated(answers);
            });
  }

  private <K, Q, R> CompletableFuture<List<Part<K, R>>> sendGroup(
      RegionRouter.Group<K> group,
      KvCall<Q, R> call,
      Function<K, byte[]> storedKey,
      BiFunction<CachedRegion, List<K>, Q> request,
      Backoff backoff) {
    return this.<Q, R>atReplica(
            group.region(), call, region -> request.apply(region, group.items()))
        .thenCompose(
            reply ->
                reply != null
                    ? CompletableFuture.completedFuture(
                        List.of(new Part<>(reply.region(), group.items(), reply.response())))
                    : router.sendGrouped(call, group.items(), storedKey, request, backoff));
  }

  /** Null: the leader is to be asked. */
  private <Q, R> CompletableFuture<Reply<R>> atReplica(
      CachedRegion region, KvCall<Q, R> call, Function<CachedRegion, Q> request) {
    Peer peer = choose(region);
    return peer == null
        ? CompletableFuture.completedFuture(null)
        : router.tryAt(region.servedBy(peer, from == ReadFrom.STALE), call, request);
  }

  /** The replica whose turn it is; null if that is the leader as such. */
  private Peer choose(CachedRegion region) {
    List<Peer> peers =
        region.meta().getPeersList().stream()
            .filter(peer -> !peer.getIsWitness())
            .filter(peer -> from != ReadFrom.FOLLOWER || !isLeader(peer, region))
            .toList();
    if (peers.isEmpty()) {
      return null;
    }
    Peer peer = peers.get(Math.floorMod(turn.getAndIncrement(), peers.size()));
    return from == ReadFrom.ANY && isLeader(peer, region) ? null : peer;
  }

  private static boolean isLeader(Peer peer, CachedRegion region) {
    return peer.getId() == region.leader().getId();
  }
}
