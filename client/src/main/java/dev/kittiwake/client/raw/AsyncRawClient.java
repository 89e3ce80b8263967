package dev.kittiwake.client.raw;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.kittiwake.client.ClientConfig;
import dev.kittiwake.client.error.KvException;
import dev.kittiwake.client.error.UndeterminedException;
import dev.kittiwake.client.region.Backoff;
import dev.kittiwake.client.region.KvCall;
import dev.kittiwake.client.region.Part;
import dev.kittiwake.client.region.ReadFrom;
import dev.kittiwake.client.region.RegionCache.Side;
import dev.kittiwake.client.region.RegionRouter;
import dev.kittiwake.client.region.ReplicaReads;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.KvPair;
import dev.kittiwake.proto.kvrpcpb.RawBatchDeleteRequest;
import dev.kittiwake.proto.kvrpcpb.RawBatchGetRequest;
import dev.kittiwake.proto.kvrpcpb.RawBatchPutRequest;
import dev.kittiwake.proto.kvrpcpb.RawCASRequest;
import dev.kittiwake.proto.kvrpcpb.RawDeleteRequest;
import dev.kittiwake.proto.kvrpcpb.RawGetKeyTTLRequest;
import dev.kittiwake.proto.kvrpcpb.RawGetRequest;
import dev.kittiwake.proto.kvrpcpb.RawPutRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * The raw API without waiting. Futures complete on whatever thread the answer arrives: do not block
 * there. Arrays passed in are not copied. Thread-safe.
 */
public final class AsyncRawClient {
  private static final int CHUNK = 512;

  private final RegionRouter router;
  private final long budgetMillis;
  private final boolean atomic;
  private final ReplicaReads replicas;

  public AsyncRawClient(RegionRouter router, ClientConfig config) {
    this(router, config.readBudget().toMillis(), false, new ReplicaReads(router, ReadFrom.LEADER));
  }

  private AsyncRawClient(
      RegionRouter router, long budgetMillis, boolean atomic, ReplicaReads replicas) {
    this.router = router;
    this.budgetMillis = budgetMillis;
    this.atomic = atomic;
    this.replicas = replicas;
  }

  /**
   * Gets, batch gets and scans go to the replicas that {@code from} says. They stay linearizable: a
   * replica asks its leader first.
   *
   * @param from not {@link ReadFrom#STALE}: raw data has no past
   */
  public AsyncRawClient readingFrom(ReadFrom from) {
    if (from == ReadFrom.STALE) {
      throw new IllegalArgumentException("raw data has no past to read: use ReadFrom.ANY");
    }
    return new AsyncRawClient(router, budgetMillis, atomic, new ReplicaReads(router, from));
  }

  /** Writes that are ordered with {@link #compareAndSwap} on the same key; a little slower. */
  public AsyncRawClient atomic() {
    return new AsyncRawClient(router, budgetMillis, true, replicas);
  }

  /** The value; null if absent. */
  public CompletableFuture<byte[]> get(byte[] key) {
    ByteString wireKey = UnsafeByteOperations.unsafeWrap(key);
    return replicas
        .send(
            KvCall.RAW_GET,
            key,
            Side.AT,
            region ->
                RawGetRequest.newBuilder().setContext(region.context()).setKey(wireKey).build(),
            backoff("raw get"))
        .thenApply(
            reply -> {
              check(reply.response().getError());
              return reply.response().getNotFound()
                  ? null
                  : reply.response().getValue().toByteArray();
            });
  }

  /**
   * @param ttlSeconds the pair disappears after so long; 0 for never
   */
  public CompletableFuture<Void> put(byte[] key, byte[] value, long ttlSeconds) {
    ByteString wireKey = UnsafeByteOperations.unsafeWrap(key);
    ByteString wireValue = UnsafeByteOperations.unsafeWrap(value);
    Backoff backoff = backoff("raw put");
    return written(
        backoff,
        router
            .send(
                KvCall.RAW_PUT,
                key,
                context ->
                    RawPutRequest.newBuilder()
                        .setContext(context)
                        .setKey(wireKey)
                        .setValue(wireValue)
                        .setTtl(ttlSeconds)
                        .setForCas(atomic)
                        .build(),
                backoff)
            .thenAccept(reply -> check(reply.response().getError())));
  }

  public CompletableFuture<Void> delete(byte[] key) {
    ByteString wireKey = UnsafeByteOperations.unsafeWrap(key);
    Backoff backoff = backoff("raw delete");
    return written(
        backoff,
        router
            .send(
                KvCall.RAW_DELETE,
                key,
                context ->
                    RawDeleteRequest.newBuilder()
                        .setContext(context)
                        .setKey(wireKey)
                        .setForCas(atomic)
                        .build(),
                backoff)
            .thenAccept(reply -> check(reply.response().getError())));
  }

  /** The pairs that exist, in key order. */
  public CompletableFuture<Map<Key, byte[]>> batchGet(Collection<Key> keys) {
    Backoff backoff = backoff("raw batch get");
    return inChunks(
            List.copyOf(keys),
            chunk ->
                replicas.sendGrouped(
                    KvCall.RAW_BATCH_GET,
                    chunk,
                    Key::unsafeBytes,
                    (region, part) ->
                        RawBatchGetRequest.newBuilder()
                            .setContext(region.context())
                            .addAllKeys(wire(part))
                            .build(),
                    backoff))
        .thenApply(
            parts -> {
              Map<Key, byte[]> found = new TreeMap<>();
              for (var part : parts) {
                for (KvPair pair : part.response().getPairsList()) {
                  found.put(Key.wrap(pair.getKey().toByteArray()), pair.getValue().toByteArray());
                }
              }
              return found;
            });
  }

  /** Not atomic: on failure some pairs may be written. */
  public CompletableFuture<Void> batchPut(Map<Key, byte[]> pairs, long ttlSeconds) {
    Backoff backoff = backoff("raw batch put");
    return written(
        backoff,
        inChunks(
                List.copyOf(pairs.entrySet()),
                chunk ->
                    router.sendGrouped(
                        KvCall.RAW_BATCH_PUT,
                        chunk,
                        pair -> pair.getKey().unsafeBytes(),
                        (region, part) -> {
                          RawBatchPutRequest.Builder request =
                              RawBatchPutRequest.newBuilder()
                                  .setContext(region.context())
                                  .setTtl(ttlSeconds)
                                  .setForCas(atomic);
                          for (Map.Entry<Key, byte[]> pair : part) {
                            request.addPairs(
                                KvPair.newBuilder()
                                    .setKey(wire(pair.getKey()))
                                    .setValue(UnsafeByteOperations.unsafeWrap(pair.getValue())));
                          }
                          return request.build();
                        },
                        backoff))
            .thenAccept(parts -> parts.forEach(part -> check(part.response().getError()))));
  }

  /** Not atomic: on failure some keys may be deleted. */
  public CompletableFuture<Void> batchDelete(Collection<Key> keys) {
    Backoff backoff = backoff("raw batch delete");
    return written(
        backoff,
        inChunks(
                List.copyOf(keys),
                chunk ->
                    router.sendGrouped(
                        KvCall.RAW_BATCH_DELETE,
                        chunk,
                        Key::unsafeBytes,
                        (region, part) ->
                            RawBatchDeleteRequest.newBuilder()
                                .setContext(region.context())
                                .addAllKeys(wire(part))
                                .setForCas(atomic)
                                .build(),
                        backoff))
            .thenAccept(parts -> parts.forEach(part -> check(part.response().getError()))));
  }

  /** Seconds until the pair disappears; 0 if never; null if it does not exist. */
  public CompletableFuture<Long> ttl(byte[] key) {
    ByteString wireKey = UnsafeByteOperations.unsafeWrap(key);
    return router
        .send(
            KvCall.RAW_GET_KEY_TTL,
            key,
            context -> RawGetKeyTTLRequest.newBuilder().setContext(context).setKey(wireKey).build(),
            backoff("raw ttl"))
        .thenApply(
            reply -> {
              check(reply.response().getError());
              return reply.response().getNotFound() ? null : reply.response().getTtl();
            });
  }

  /**
   * Writes {@code value} if the present value is {@code expected}. Linearizable with other calls of
   * this kind and with writes of an {@link #atomic} client.
   *
   * @param expected null: must be absent
   * @param value null: delete
   */
  public CompletableFuture<SwapResult> compareAndSwap(
      byte[] key, byte[] expected, byte[] value, long ttlSeconds) {
    RawCASRequest.Builder request =
        RawCASRequest.newBuilder()
            .setKey(UnsafeByteOperations.unsafeWrap(key))
            .setPreviousNotExist(expected == null)
            .setDelete(value == null)
            .setTtl(ttlSeconds);
    if (expected != null) {
      request.setPreviousValue(UnsafeByteOperations.unsafeWrap(expected));
    }
    if (value != null) {
      request.setValue(UnsafeByteOperations.unsafeWrap(value));
    }
    RawCASRequest template = request.build();
    return router
        .send(
            KvCall.RAW_COMPARE_AND_SWAP,
            key,
            context -> template.toBuilder().setContext(context).build(),
            backoff("raw compare and swap"))
        .thenApply(
            reply -> {
              check(reply.response().getError());
              return new SwapResult(
                  reply.response().getSucceed(),
                  reply.response().getPreviousNotExist()
                      ? null
                      : reply.response().getPreviousValue().toByteArray());
            });
  }

  /** See {@link RawScanner}. */
  public CompletableFuture<List<RawPair>> scan(
      byte[] start, byte[] end, int limit, boolean reverse, boolean keyOnly) {
    return new RawScanner(replicas, backoff("raw scan"), end, limit, reverse, keyOnly, start).run();
  }

  /** Deletes {@code [start, end)}; an empty end means no bound. Not atomic. */
  public CompletableFuture<Void> deleteRange(byte[] start, byte[] end) {
    return RawRanges.delete(router, () -> backoff("raw delete range"), start, end);
  }

  private Backoff backoff(String operation) {
    return router.backoff(null, budgetMillis, operation);
  }

  private static <T, Q, R> CompletableFuture<List<Part<T, R>>> inChunks(
      List<T> items, Function<List<T>, CompletableFuture<List<Part<T, R>>>> send) {
    if (items.size() <= CHUNK) {
      return items.isEmpty() ? CompletableFuture.completedFuture(List.of()) : send.apply(items);
    }
    List<CompletableFuture<List<Part<T, R>>>> answers = new ArrayList<>();
    for (int from = 0; from < items.size(); from += CHUNK) {
      answers.add(send.apply(items.subList(from, Math.min(items.size(), from + CHUNK))));
    }
    return RegionRouter.concatenated(answers);
  }

  /** A write that failed after an answer was lost may have happened. */
  private static CompletableFuture<Void> written(Backoff backoff, CompletableFuture<Void> answer) {
    if (answer.isDone() && !answer.isCompletedExceptionally()) {
      return answer;
    }
    return answer.exceptionallyCompose(
        failure ->
            CompletableFuture.failedFuture(
                backoff.isAnswerLost()
                    ? new UndeterminedException(
                        "the write may or may not have happened: "
                            + dev.kittiwake.client.Await.failure(failure).getMessage(),
                        failure)
                    : failure));
  }

  private static ByteString wire(Key key) {
    return UnsafeByteOperations.unsafeWrap(key.unsafeBytes());
  }

  private static List<ByteString> wire(List<Key> keys) {
    return keys.stream().map(AsyncRawClient::wire).toList();
  }

  static void check(String error) {
    if (!error.isEmpty()) {
      throw new KvException("the store refused the request: " + error);
    }
  }
}
