package dev.kittiwake.client.txn;

import static dev.kittiwake.client.txn.TxnEnvironment.stored;
import static dev.kittiwake.client.txn.TxnEnvironment.wire;

import com.google.protobuf.ByteString;
import dev.kittiwake.client.error.LockTimeoutException;
import dev.kittiwake.client.region.Backoff;
import dev.kittiwake.client.region.KvCall;
import dev.kittiwake.client.region.Part;
import dev.kittiwake.client.region.ReadFrom;
import dev.kittiwake.client.region.RegionCache.Side;
import dev.kittiwake.client.region.ReplicaReads;
import dev.kittiwake.client.region.Reply;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.BatchGetRequest;
import dev.kittiwake.proto.kvrpcpb.BatchGetResponse;
import dev.kittiwake.proto.kvrpcpb.GetRequest;
import dev.kittiwake.proto.kvrpcpb.GetResponse;
import dev.kittiwake.proto.kvrpcpb.KeyError;
import dev.kittiwake.proto.kvrpcpb.KvPair;
import dev.kittiwake.proto.kvrpcpb.LockInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Reads the committed data as of one timestamp, through locks that are in the way. Thread-safe. */
final class SnapshotReader {
  private static final int CHUNK = 1_024;

  private final TxnEnvironment env;
  private final long ts;
  private final ReadHints hints = new ReadHints();
  private final ReplicaReads replicas;

  SnapshotReader(TxnEnvironment env, long ts, ReadFrom from) {
    this.env = env;
    this.ts = ts;
    this.replicas = new ReplicaReads(env.router, from);
  }

  /** The way to the regions. */
  ReplicaReads replicas() {
    return replicas;
  }

  long ts() {
    return ts;
  }

  ReadHints hints() {
    return hints;
  }

  /** The value of a user key; null if absent. */
  CompletableFuture<byte[]> get(byte[] key, Backoff backoff) {
    ByteString wireKey = wire(Key.wrap(key));
    CompletableFuture<Reply<GetResponse>> answer =
        replicas.send(
            KvCall.GET,
            stored(Key.wrap(key)),
            Side.AT,
            region ->
                GetRequest.newBuilder()
                    .setContext(hints.addTo(region.context()))
                    .setKey(wireKey)
                    .setVersion(ts)
                    .build(),
            backoff);
    if (answer.isDone() && !answer.isCompletedExceptionally()) {
      return got(answer.join().response(), key, backoff);
    }
    return answer.thenCompose(reply -> got(reply.response(), key, backoff));
  }

  private CompletableFuture<byte[]> got(GetResponse response, byte[] key, Backoff backoff) {
    if (!response.hasError()) {
      return CompletableFuture.completedFuture(
          response.getNotFound() ? null : response.getValue().toByteArray());
    }
    return passLocks(List.of(lockIn(response.getError())), backoff)
        .thenCompose(free -> get(key, backoff));
  }

  private LockInfo lockIn(KeyError error) {
    if (!error.hasLocked()) {
      throw KeyErrors.exception(error, ts);
    }
    return error.getLocked();
  }

  /** Completes when it is worth while to read again. */
  CompletableFuture<Void> passLocks(List<LockInfo> locks, Backoff backoff) {
    return env.resolver
        .forRead(locks, ts, hints, backoff)
        .thenCompose(
            aliveMillis ->
                backoff.pause(
                    aliveMillis > 0 ? Backoff.Kind.LOCK : Backoff.Kind.LOCK_RESOLVED,
                    -1,
                    KeyErrors.describe(locks.get(0)),
                    LockTimeoutException::new));
  }

  /** The present ones of {@code keys}. */
  CompletableFuture<Map<Key, byte[]>> batchGet(List<Key> keys, Backoff backoff) {
    Map<Key, byte[]> found = new TreeMap<>();
    List<CompletableFuture<List<Key>>> chunks = new ArrayList<>();
    for (int from = 0; from < keys.size(); from += CHUNK) {
      List<Key> chunk = keys.subList(from, Math.min(keys.size(), from + CHUNK));
      chunks.add(batchGetInto(found, chunk, backoff).thenApply(done -> List.of()));
    }
    return CompletableFuture.allOf(chunks.toArray(CompletableFuture[]::new))
        .thenApply(done -> found);
  }

  private CompletableFuture<Void> batchGetInto(
      Map<Key, byte[]> found, List<Key> keys, Backoff backoff) {
    return replicas
        .sendGrouped(
            KvCall.BATCH_GET,
            keys,
            TxnEnvironment::stored,
            (region, part) -> {
              BatchGetRequest.Builder request =
                  BatchGetRequest.newBuilder()
                      .setContext(hints.addTo(region.context()))
                      .setVersion(ts);
              part.forEach(key -> request.addKeys(wire(key)));
              return request.build();
            },
            backoff)
        .thenCompose(
            parts -> {
              List<LockInfo> locks = new ArrayList<>();
              List<Key> again = new ArrayList<>();
              for (Part<Key, BatchGetResponse> part : parts) {
                take(part, found, locks, again);
              }
              return locks.isEmpty()
                  ? CompletableFuture.<Void>completedFuture(null)
                  : passLocks(locks, backoff)
                      .thenCompose(free -> batchGetInto(found, again, backoff));
            });
  }

  private void take(
      Part<Key, BatchGetResponse> part,
      Map<Key, byte[]> found,
      List<LockInfo> locks,
      List<Key> again) {
    if (part.response().hasError()) {
      locks.add(lockIn(part.response().getError()));
      again.addAll(part.items());
      return;
    }
    for (KvPair pair : part.response().getPairsList()) {
      if (pair.hasError()) {
        LockInfo lock = lockIn(pair.getError());
        locks.add(lock);
        again.add(
            Key.wrap((pair.getKey().isEmpty() ? lock.getKey() : pair.getKey()).toByteArray()));
      } else {
        synchronized (found) {
          found.put(Key.wrap(pair.getKey().toByteArray()), pair.getValue().toByteArray());
        }
      }
    }
  }
}
