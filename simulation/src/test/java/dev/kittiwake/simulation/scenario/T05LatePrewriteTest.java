package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.client.txn.CommitResult;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.client.txn.TransactionOptions;
import dev.kittiwake.proto.kvrpcpb.PrewriteRequest;
import dev.kittiwake.proto.kvrpcpb.PrewriteResponse;
import dev.kittiwake.proto.rpc.KvMethod;
import dev.kittiwake.simulation.network.SimCalls.Fate;
import dev.kittiwake.simulation.world.SimClient;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * T05: a prewrite arrives again after somebody else has committed its transaction. It must not
 * leave a lock: nobody would ever commit it again.
 */
class T05LatePrewriteTest {
  @Test
  void aPrewriteThatComesAfterTheCommitLeavesNoLock() {
    try (Scenario cluster = Scenario.of(3)) {
      cluster.split("m");
      cluster.transfer("a", 1);
      cluster.transfer("x", 2);
      SimClient writer = cluster.newClient();
      Wire wire = Wire.of(cluster, writer);
      CompletableFuture<Void> release = new CompletableFuture<>();
      // The first prewrite of x has its effect but no answer; the second try waits.
      wire.order(
          call ->
              call.is("KvPrewrite")
                  && call.concerns("x")
                  && wire.sent(each -> each.is("KvPrewrite") && each.concerns("x")).size() == 1,
          Fate.ANSWER_LOST);
      wire.order(call -> call.is("KvPrewrite") && call.concerns("x"), Fate.heldUntil(release));
      Transaction txn = writer.client().transactions().begin(TransactionOptions.optimistic());
      txn.put(Scenario.bytes("a"), Scenario.bytes("1"));
      txn.put(Scenario.bytes("x"), Scenario.bytes("2"));
      CompletableFuture<CommitResult> commit = writer.run("commit", txn::commit);
      cluster.until(
          "the second try",
          () -> wire.sent(call -> call.is("KvPrewrite") && call.concerns("x")).size() >= 2);

      // A reader waits until the lock's time is over, finds all keys written, and commits them.
      assertEquals("1", cluster.read("a"));
      assertEquals("2", cluster.read("x"));
      release.complete(null);
      CommitResult result = cluster.await(commit);
      assertTrue(result.commitTs() > txn.startTs());
      assertNoLock(cluster, wire, "2");

      // Once more, when the key has gone on.
      cluster.txn(next -> next.put(Scenario.bytes("x"), Scenario.bytes("3")));
      List<Wire.Sent> prewrites = wire.sent(call -> call.is("KvPrewrite") && call.concerns("x"));
      PrewriteResponse late =
          wire.again(prewrites.get(0), KvMethod.KV_PREWRITE, PrewriteRequest.class);
      assertFalse(late.hasRegionError(), late::toString);
      assertNoLock(cluster, wire, "3");
    }
  }

  private static void assertNoLock(Scenario cluster, Wire wire, String value) {
    SimClient reader = cluster.newClient();
    Wire reading = Wire.of(cluster, reader);
    assertEquals(
        value,
        Scenario.text(reader.client().transactions().latestSnapshot().get(Scenario.bytes("x"))));
    assertFalse(
        reading.hasSent(call -> call.is("KvCheckTxnStatus") || call.is("KvResolveLock")),
        "the reader met a lock");
    cluster.world().calls().interfere(wire);
  }
}
