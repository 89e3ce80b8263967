package dev.kittiwake.kv.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.kittiwake.kv.cluster.SimCluster.Target;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.MemComparable;
import dev.kittiwake.proto.kvrpcpb.BatchRollbackRequest;
import dev.kittiwake.proto.kvrpcpb.BatchRollbackResponse;
import dev.kittiwake.proto.kvrpcpb.CommitRequest;
import dev.kittiwake.proto.kvrpcpb.CommitResponse;
import dev.kittiwake.proto.kvrpcpb.Context;
import dev.kittiwake.proto.kvrpcpb.GetRequest;
import dev.kittiwake.proto.kvrpcpb.GetResponse;
import dev.kittiwake.proto.kvrpcpb.Mutation;
import dev.kittiwake.proto.kvrpcpb.Op;
import dev.kittiwake.proto.kvrpcpb.PessimisticLockRequest;
import dev.kittiwake.proto.kvrpcpb.PessimisticLockResponse;
import dev.kittiwake.proto.kvrpcpb.PrewriteRequest;
import dev.kittiwake.proto.kvrpcpb.PrewriteResponse;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.rpc.KvMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Counters that are raised under pessimistic locks while their regions are split, merged and handed
 * over without pause: no raise is lost, so no lock was (M08 in {@code docs/scenarios.md}).
 */
class LocksInAStormTest {
  private static final List<String> KEYS = List.of("b", "g", "m", "r", "w");

  @Test
  void m08NoRaiseOfACounterIsLost() {
    long first = Long.getLong("seed", 1); // the same in every build; others explore
    int seeds = Integer.getInteger("seeds", Long.getLong("seed") == null ? 6 : 1);
    int raised = 0;
    for (long seed = first; seed < first + seeds; seed++) {
      try {
        raised += new Storm(seed).run();
      } catch (RuntimeException | AssertionError failure) {
        throw new AssertionError("failed with -Dseed=" + seed, failure);
      }
    }
    assertTrue(raised > 10 * seeds, "only " + raised + " raises came off");
  }

  private static final class Storm {
    private final Random random;
    private final SimCluster cluster;
    private final int[] committed = new int[KEYS.size()];
    private int total;

    Storm(long seed) {
      random = new Random(seed);
      cluster = new SimCluster(seed).serving().grow(3);
    }

    int run() {
      List<Raise> under = new ArrayList<>();
      for (int step = 0; step < 500; step++) {
        if (under.size() < 4 && random.nextInt(3) == 0) {
          under.add(new Raise(random.nextInt(KEYS.size())));
        }
        if (!under.isEmpty()) {
          Raise raise = under.get(random.nextInt(under.size()));
          if (raise.goOn()) {
            under.remove(raise);
          }
        }
        if (random.nextInt(6) == 0) {
          disturb();
        }
        cluster.time.run(random.nextInt(20));
      }
      cluster.pd.noMerges();
      cluster.pd.noTransfers();
      for (int round = 0; round < 1_000 && !under.isEmpty(); round++) {
        under.removeIf(Raise::goOn); // by turns: they wait for each other's locks
        cluster.time.run(10);
      }
      assertTrue(under.isEmpty(), "transactions do not end");
      for (int key = 0; key < KEYS.size(); key++) {
        assertEquals(committed[key], value(key), "counter " + KEYS.get(key));
      }
      return total;
    }

    private void disturb() {
      List<Region> regions = cluster.pd.regionList();
      Region region = regions.get(random.nextInt(regions.size()));
      int what = random.nextInt(3);
      if (what == 0) {
        Key at = stored(KEYS.get(random.nextInt(KEYS.size())));
        Target target = cluster.leaders(at).stream().findFirst().orElse(null);
        if (target != null && !target.view().range().start().equals(at)) {
          target.store().access().split(target.view(), List.of(at));
        }
      } else if (what == 1) {
        cluster.pd.noMerges();
        regions.stream()
            .filter(other -> !region.getEndKey().isEmpty())
            .filter(other -> other.getStartKey().equals(region.getEndKey()))
            .findFirst()
            .ifPresent(other -> cluster.pd.merge(region.getId(), other.getId()));
      } else {
        int at = random.nextInt(region.getPeersCount());
        cluster.pd.transfer(region.getId(), region.getPeers(at).getStoreId());
      }
    }

    private int value(int key) {
      for (int attempt = 0; attempt < 100; attempt++) {
        long ts = now();
        GetResponse answer =
            ask(
                KvMethod.KV_GET,
                key,
                context ->
                    GetRequest.newBuilder()
                        .setContext(context)
                        .setKey(bytes(key))
                        .setVersion(ts)
                        .build(),
                response -> response.hasRegionError() ? response.getRegionError() : null);
        if (!answer.hasError()) {
          return answer.getNotFound() ? 0 : Integer.parseInt(answer.getValue().toStringUtf8());
        }
        cluster.time.run(50);
      }
      throw new AssertionError("counter " + KEYS.get(key) + " stays locked");
    }

    private long now() {
      return cluster.pd.client().timestamp().join();
    }

    /** Asks until the answer is no region error. */
    private <Q, R> R ask(
        KvMethod<Q, R> method, int key, Function<Context, Q> request, Function<R, Error> error) {
      for (int attempt = 0; attempt < 200; attempt++) {
        R answer = cluster.call(method, stored(KEYS.get(key)), request);
        if (error.apply(answer) == null) {
          return answer;
        }
        cluster.time.run(20);
      }
      throw new AssertionError("nothing but region errors for " + KEYS.get(key));
    }

    /** One transaction: locks a counter, reads it, writes it one higher, commits. */
    private final class Raise {
      private final int key;
      private final long startTs = now();
      private long forUpdateTs = startTs;
      private int value = -1; // what the lock has shown, or -1
      private boolean prewritten;

      Raise(int key) {
        this.key = key;
      }

      /** Does the next step; answers whether that was the last one. */
      boolean goOn() {
        if (value < 0) {
          return lock();
        }
        return prewritten ? commit() : prewrite();
      }

      private boolean lock() {
        forUpdateTs = now();
        PessimisticLockResponse answer =
            ask(
                KvMethod.KV_PESSIMISTIC_LOCK,
                key,
                context ->
                    PessimisticLockRequest.newBuilder()
                        .setContext(context)
                        .setStartVersion(startTs)
                        .setForUpdateTs(forUpdateTs)
                        .setPrimaryLock(bytes(key))
                        .addMutations(
                            Mutation.newBuilder().setOp(Op.PessimisticLock).setKey(bytes(key)))
                        .setReturnValues(true)
                        .setLockTtl(600_000)
                        .setWaitTimeout(-1)
                        .build(),
                response -> response.hasRegionError() ? response.getRegionError() : null);
        if (answer.getErrorsCount() == 0) {
          String text = answer.getValues(0).toStringUtf8();
          value = text.isEmpty() ? 0 : Integer.parseInt(text);
        }
        return false; // held by another: tried again
      }

      private boolean prewrite() {
        PrewriteResponse answer =
            ask(
                KvMethod.KV_PREWRITE,
                key,
                context ->
                    PrewriteRequest.newBuilder()
                        .setContext(context)
                        .setStartVersion(startTs)
                        .setForUpdateTs(forUpdateTs)
                        .setPrimaryLock(bytes(key))
                        .addMutations(
                            Mutation.newBuilder()
                                .setOp(Op.Put)
                                .setKey(bytes(key))
                                .setValue(ByteString.copyFromUtf8(String.valueOf(value + 1))))
                        .addPessimisticActions(
                            PrewriteRequest.PessimisticAction.DO_PESSIMISTIC_CHECK)
                        .setLockTtl(600_000)
                        .build(),
                response -> response.hasRegionError() ? response.getRegionError() : null);
        prewritten = answer.getErrorsCount() == 0;
        if (!prewritten) {
          giveUp();
        }
        return !prewritten;
      }

      private void giveUp() {
        BatchRollbackResponse answer =
            ask(
                KvMethod.KV_BATCH_ROLLBACK,
                key,
                context ->
                    BatchRollbackRequest.newBuilder()
                        .setContext(context)
                        .setStartVersion(startTs)
                        .addKeys(bytes(key))
                        .build(),
                response -> response.hasRegionError() ? response.getRegionError() : null);
        assertTrue(!answer.hasError(), answer.toString());
      }

      private boolean commit() {
        long commitTs = now();
        CommitResponse answer =
            ask(
                KvMethod.KV_COMMIT,
                key,
                context ->
                    CommitRequest.newBuilder()
                        .setContext(context)
                        .setStartVersion(startTs)
                        .setCommitVersion(commitTs)
                        .addKeys(bytes(key))
                        .build(),
                response -> response.hasRegionError() ? response.getRegionError() : null);
        assertTrue(!answer.hasError(), "a prewritten lock was lost: " + answer);
        committed[key]++;
        total++;
        return true;
      }
    }

    private static Key stored(String key) {
      return MemComparable.encode(Key.of(key));
    }

    private static ByteString bytes(int key) {
      return ByteString.copyFromUtf8(KEYS.get(key));
    }
  }
}
