package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.client.txn.TransactionOptions;
import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.proto.pdpb.GCState;
import dev.kittiwake.proto.pdpb.GetGCStateRequest;
import dev.kittiwake.proto.rpc.PdMethod;
import dev.kittiwake.simulation.network.SimCalls.Fate;
import dev.kittiwake.simulation.world.Options;
import dev.kittiwake.simulation.world.SimClient;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * T04: a client dies in the middle of an asynchronous commit, and garbage collection comes to its
 * locks. It must settle them before versions of that time are collected, all or nothing; and what
 * the dead client sent arrives too late.
 */
class T04CollectedUnderLocksTest {
  private static Scenario collecting() {
    Scenario cluster =
        Scenario.of(
            Options.STANDARD
                .with(KvSetting.GC_POLL, "1s")
                .withPdSetting("gc.life-time", "10s")
                .withPdSetting("gc.run-interval", "5s"));
    cluster.split("m");
    cluster.transfer("a", 1);
    cluster.transfer("x", 2);
    return cluster;
  }

  private static Transaction begun(SimClient client) {
    Transaction txn = client.client().transactions().begin(TransactionOptions.optimistic());
    txn.put(Scenario.bytes("a"), Scenario.bytes("1"));
    txn.put(Scenario.bytes("x"), Scenario.bytes("2"));
    return txn;
  }

  private static void untilCollectedBeyond(Scenario cluster, long ts) {
    for (int seconds = 0; !Timestamp.isAfter(safePoint(cluster), ts); seconds++) {
      assertTrue(seconds < 300, "the safe point is not beyond the transaction");
      cluster.advance(1_000);
    }
    cluster.advance(3_000); // the stores hear of it
  }

  private static long safePoint(Scenario cluster) {
    GCState state =
        cluster
            .await(
                cluster
                    .client()
                    .client()
                    .pd()
                    .call(PdMethod.GET_GC_STATE, GetGCStateRequest.getDefaultInstance()))
            .getGcState();
    return state.getGcSafePoint();
  }

  private static String readWithoutLocks(Scenario cluster, String key) {
    SimClient reader = cluster.newClient();
    Wire wire = Wire.of(cluster, reader);
    String value =
        Scenario.text(reader.client().transactions().latestSnapshot().get(Scenario.bytes(key)));
    assertFalse(wire.hasSent(call -> call.is("KvCheckTxnStatus")), "a lock is left on " + key);
    return value;
  }

  @Test
  void allKeysWrittenIsCommitted() {
    try (Scenario cluster = collecting()) {
      SimClient dying = cluster.newClient();
      Wire wire = Wire.of(cluster, dying);
      wire.order(call -> call.is("KvCommit"), Fate.heldUntil(new CompletableFuture<>()));
      Transaction txn = begun(dying);
      cluster.await(dying.run("commit", txn::commit)); // acknowledged: all keys are written
      dying.kill();
      untilCollectedBeyond(cluster, txn.startTs());
      assertEquals("1", readWithoutLocks(cluster, "a"));
      assertEquals("2", readWithoutLocks(cluster, "x"));
    }
  }

  @Test
  void oneKeyMissingIsRolledBackAndTheLateWriteRefused() {
    try (Scenario cluster = collecting()) {
      SimClient dying = cluster.newClient();
      Wire wire = Wire.of(cluster, dying);
      CompletableFuture<Void> late = new CompletableFuture<>();
      wire.order(call -> call.is("KvPrewrite") && call.concerns("x"), Fate.heldUntil(late));
      Transaction txn = begun(dying);
      CompletableFuture<Object> commit = dying.run("commit", txn::commit);
      cluster.until("both prewrites", () -> wire.sent(call -> call.is("KvPrewrite")).size() >= 2);
      cluster.advance(1_000);
      dying.kill();
      assertTrue(commit.isCompletedExceptionally());
      untilCollectedBeyond(cluster, txn.startTs());
      late.complete(null);
      cluster.advance(1_000);
      assertNull(readWithoutLocks(cluster, "a"));
      assertNull(readWithoutLocks(cluster, "x"));
    }
  }
}
