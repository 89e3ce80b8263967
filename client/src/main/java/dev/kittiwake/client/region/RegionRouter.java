package dev.kittiwake.client.region;

import dev.kittiwake.client.Await;
import dev.kittiwake.client.ClientRuntime;
import dev.kittiwake.client.error.KvException;
import dev.kittiwake.client.error.UndeterminedException;
import dev.kittiwake.client.pd.PdClient;
import dev.kittiwake.client.region.Backoff.Kind;
import dev.kittiwake.client.region.RegionCache.Side;
import dev.kittiwake.client.rpc.KvRpc;
import dev.kittiwake.client.rpc.NotSentException;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.kvrpcpb.Context;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Sends requests to the regions that hold their keys, and repeats them until a region answers or
 * the request's budget is used up. The only place that retries region and transport errors. What a
 * region answers about keys (locks, conflicts) is for the caller. Thread-safe; never blocks; where
 * the store answers at once, the returned future is complete.
 */
public final class RegionRouter {
  private final ClientRuntime runtime;
  private final RegionCache regions;
  private final StoreCache stores;
  private final RegionErrors errors;
  private volatile boolean closed;

  public RegionRouter(PdClient pd, KvRpc rpc, ClientRuntime runtime) {
    this.runtime = runtime;
    this.regions = new RegionCache(pd, runtime);
    this.stores = new StoreCache(pd, rpc);
    this.errors = new RegionErrors(regions, stores);
  }

  /** From now on nothing is retried. */
  public void close() {
    closed = true;
  }

  /** The number of regions in the cache. */
  public int cachedRegions() {
    return regions.size();
  }

  /** Takes over regions that a store told in an answer. */
  public void learn(List<dev.kittiwake.proto.metapb.Region> told, CachedRegion answering) {
    regions.replace(told, answering.leader().getStoreId());
  }

  /** The region of a stored key, from the cache or the placement driver. */
  public CompletableFuture<CachedRegion> locate(byte[] storedKey, Side side) {
    CachedRegion region = regions.find(storedKey, side);
    return region != null
        ? CompletableFuture.completedFuture(region)
        : regions.load(storedKey, side);
  }

  /** Sends a request to the region that holds {@code storedKey}. */
  public <Q, R> CompletableFuture<Reply<R>> send(
      KvCall<Q, R> call, byte[] storedKey, Function<Context, Q> request, Backoff backoff) {
    return send(call, storedKey, Side.AT, region -> request.apply(region.context()), backoff);
  }

  /**
   * Sends a request to the region found by {@code storedKey} and {@code side}. {@code request} is
   * called for each attempt, as the region may be another one.
   */
  public <Q, R> CompletableFuture<Reply<R>> send(
      KvCall<Q, R> call,
      byte[] storedKey,
      Side side,
      Function<CachedRegion, Q> request,
      Backoff backoff) {
    CachedRegion region = regions.find(storedKey, side);
    if (region != null) {
      return sendTo(region, call, storedKey, side, request, backoff);
    }
    return regions
        .load(storedKey, side)
        .thenCompose(loaded -> sendTo(loaded, call, storedKey, side, request, backoff));
  }

  private <Q, R> CompletableFuture<Reply<R>> sendTo(
      CachedRegion region,
      KvCall<Q, R> call,
      byte[] storedKey,
      Side side,
      Function<CachedRegion, Q> request,
      Backoff backoff) {
    CompletableFuture<Reply<R>> attempt = attempt(region, call, request, backoff);
    if (attempt.isDone() && !attempt.isCompletedExceptionally() && attempt.join() != null) {
      return attempt;
    }
    return attempt.thenCompose(
        reply ->
            reply != null
                ? CompletableFuture.completedFuture(reply)
                : send(call, storedKey, side, request, backoff));
  }

  /**
   * Sends many items, one request to each region that holds some of them. When regions change in
   * between, only what failed is grouped and sent again. The parts come in no particular order.
   *
   * @param storedKey where an item belongs
   */
  public <K, Q, R> CompletableFuture<List<Part<K, R>>> sendGrouped(
      KvCall<Q, R> call,
      List<K> items,
      Function<K, byte[]> storedKey,
      BiFunction<CachedRegion, List<K>, Q> request,
      Backoff backoff) {
    return group(items, storedKey)
        .thenCompose(
            groups -> {
              if (groups.size() == 1) {
                return sendGroup(groups.get(0), call, storedKey, request, backoff);
              }
              List<CompletableFuture<List<Part<K, R>>>> answers = new ArrayList<>();
              for (Group<K> group : groups) {
                answers.add(sendGroup(group, call, storedKey, request, backoff));
              }
              return concatenated(answers);
            });
  }

  private <K, Q, R> CompletableFuture<List<Part<K, R>>> sendGroup(
      Group<K> group,
      KvCall<Q, R> call,
      Function<K, byte[]> storedKey,
      BiFunction<CachedRegion, List<K>, Q> request,
      Backoff backoff) {
    return attempt(group.region, call, region -> request.apply(region, group.items), backoff)
        .thenCompose(
            reply ->
                reply != null
                    ? CompletableFuture.completedFuture(
                        List.of(new Part<>(reply.region(), group.items, reply.response())))
                    : sendGrouped(call, group.items, storedKey, request, backoff));
  }

  /** Waits for all; fails if one failed. */
  public static <T> CompletableFuture<List<T>> concatenated(
      List<CompletableFuture<List<T>>> answers) {
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenApply(
            done -> {
              List<T> all = new ArrayList<>();
              answers.forEach(answer -> all.addAll(answer.join()));
              return all;
            });
  }

  /** Items that one region holds, in the order given. */
  public record Group<K>(CachedRegion region, List<K> items) {}

  /** Groups items by the regions believed to hold them, in order of appearance. */
  public <K> CompletableFuture<List<Group<K>>> group(List<K> items, Function<K, byte[]> storedKey) {
    return group(items, 0, storedKey, new LinkedHashMap<>());
  }

  private <K> CompletableFuture<List<Group<K>>> group(
      List<K> items, int from, Function<K, byte[]> storedKey, Map<Long, Group<K>> groups) {
    CachedRegion last = null;
    for (int i = from; i < items.size(); i++) {
      K item = items.get(i);
      byte[] key = storedKey.apply(item);
      CachedRegion region = last != null && last.contains(key) ? last : regions.find(key, Side.AT);
      if (region == null) {
        int missing = i;
        return regions
            .load(key, Side.AT)
            .thenCompose(
                loaded -> {
                  join(groups, loaded, items.get(missing));
                  return group(items, missing + 1, storedKey, groups);
                });
      }
      last = region;
      join(groups, region, item);
    }
    return CompletableFuture.completedFuture(List.copyOf(groups.values()));
  }

  private static <K> void join(Map<Long, Group<K>> groups, CachedRegion region, K item) {
    groups
        .computeIfAbsent(region.id(), id -> new Group<>(region, new ArrayList<>()))
        .items
        .add(item);
  }

  /** One attempt. Null: the cache has been corrected and the pause is over, route again. */
  private <Q, R> CompletableFuture<Reply<R>> attempt(
      CachedRegion region, KvCall<Q, R> call, Function<CachedRegion, Q> request, Backoff backoff) {
    if (closed) {
      return CompletableFuture.failedFuture(new KvException("the client is closed"));
    }
    StoreCache.Route store = stores.find(region.leader().getStoreId());
    if (store != null) {
      return attemptAt(store, region, call, request, backoff);
    }
    return stores
        .load(region.leader().getStoreId())
        .thenCompose(
            found -> {
              if (found.isPresent()) {
                return attemptAt(found.get(), region, call, request, backoff);
              }
              regions.tryNextPeer(region);
              String reason =
                  region + ": store " + region.leader().getStoreId() + " does not exist";
              return backoff.pause(Kind.REGION_MISS, reason).thenApply(over -> null);
            });
  }

  private <Q, R> CompletableFuture<Reply<R>> attemptAt(
      StoreCache.Route store,
      CachedRegion region,
      KvCall<Q, R> call,
      Function<CachedRegion, Q> request,
      Backoff backoff) {
    CompletableFuture<R> answer = store.endpoint().call(call.method(), request.apply(region));
    if (answer.isDone() && !answer.isCompletedExceptionally()) {
      return answered(answer.join(), store, region, call, backoff);
    }
    return answer
        .handle(
            (response, failure) ->
                failure == null
                    ? answered(response, store, region, call, backoff)
                    : lost(Await.unwrap(failure), store, region, call, backoff))
        .thenCompose(Function.identity());
  }

  private <Q, R> CompletableFuture<Reply<R>> answered(
      R response, StoreCache.Route store, CachedRegion region, KvCall<Q, R> call, Backoff backoff) {
    if (!call.hasRegionError().test(response)) {
      return CompletableFuture.completedFuture(new Reply<>(region, response));
    }
    Error error = call.regionError().apply(response);
    if (error.hasUndeterminedResult() && !call.repeatable()) {
      return CompletableFuture.failedFuture(
          new UndeterminedException(call + " to " + region + " may or may not have happened"));
    }
    return errors.handle(error, region, store, backoff).thenApply(over -> null);
  }

  /** The transport failed: the request may have been executed or not. */
  private <Q, R> CompletableFuture<Reply<R>> lost(
      Throwable failure,
      StoreCache.Route store,
      CachedRegion region,
      KvCall<Q, R> call,
      Backoff backoff) {
    if (!(failure instanceof StatusRuntimeException)) {
      backoff.noteLostAnswer(); // nobody knows how far it came
      return CompletableFuture.failedFuture(Await.failure(failure));
    }
    StatusRuntimeException status = (StatusRuntimeException) failure;
    String reason = region + " on " + store + ": " + status.getStatus().getCode();
    if (status.getStatus().getDescription() != null) {
      reason += ", " + status.getStatus().getDescription();
    }
    switch (status.getStatus().getCode()) {
      case INVALID_ARGUMENT:
      case UNIMPLEMENTED:
      case PERMISSION_DENIED:
      case UNAUTHENTICATED:
        return CompletableFuture.failedFuture(new KvException(call + " refused by " + reason));
      default:
        break;
    }
    stores.forget(store.storeId());
    regions.tryNextPeer(region);
    boolean sent = !(failure instanceof NotSentException);
    if (sent && !call.repeatable()) {
      return CompletableFuture.failedFuture(
          new UndeterminedException(
              "the answer to "
                  + call
                  + " was lost, it may have happened or not (reading tells): "
                  + reason,
              failure));
    }
    if (sent) {
      backoff.noteLostAnswer();
    }
    return backoff.pause(Kind.RPC, reason).thenApply(over -> null);
  }

  /** One attempt at a replica. Null if it has not served, for whatever reason. */
  <Q, R> CompletableFuture<Reply<R>> tryAt(
      CachedRegion replica, KvCall<Q, R> call, Function<CachedRegion, Q> request) {
    long storeId = replica.leader().getStoreId();
    StoreCache.Route known = stores.find(storeId);
    CompletableFuture<Optional<StoreCache.Route>> store =
        known != null
            ? CompletableFuture.completedFuture(Optional.of(known))
            : stores.load(storeId);
    return store.thenCompose(
        found ->
            found.isEmpty()
                ? CompletableFuture.completedFuture(null)
                : found
                    .get()
                    .endpoint()
                    .call(call.method(), request.apply(replica))
                    .handle(
                        (response, failure) -> {
                          if (failure != null) {
                            stores.forget(storeId);
                          }
                          return failure != null || call.hasRegionError().test(response)
                              ? null
                              : new Reply<>(replica, response);
                        }));
  }

  /** A budget for one request. */
  public Backoff backoff(
      dev.kittiwake.client.CallScope scope, long budgetMillis, String operation) {
    return new Backoff(runtime, scope, budgetMillis, operation);
  }
}
