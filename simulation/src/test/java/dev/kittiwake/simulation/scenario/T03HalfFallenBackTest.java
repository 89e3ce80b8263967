package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.client.txn.TransactionClient;
import dev.kittiwake.client.txn.TransactionOptions;
import dev.kittiwake.proto.kvrpcpb.CommitRequest;
import dev.kittiwake.proto.kvrpcpb.PrewriteRequest;
import dev.kittiwake.simulation.network.SimCalls.Fate;
import dev.kittiwake.simulation.world.SimClient;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * T03: the primary's region refuses the asynchronous commit and writes an ordinary lock, the other
 * region does not, and then the client dies. The locks contradict each other, and must be resolved
 * all the same as soon as the transaction's time is over.
 */
class T03HalfFallenBackTest {
  private static final long TTL_MILLIS = 3_000;

  @Test
  void locksOfTwoKindsAreResolvedWithinTheirTime() {
    try (Scenario cluster = Scenario.of(3)) {
      cluster.split("m");
      cluster.transfer("a", 1);
      cluster.transfer("x", 2);
      SimClient dying = cluster.newClient();
      Wire wire = Wire.of(cluster, dying);
      wire.order(call -> call.is("KvCommit"), Fate.heldUntil(new CompletableFuture<>()));

      TransactionClient transactions = dying.client().transactions();
      long bound = transactions.currentTimestamp() + (100L << 18); // 100 ms later
      Transaction txn = transactions.begin(TransactionOptions.optimistic().withMaxCommitTs(bound));
      assertTrue(txn.startTs() < bound);
      txn.put(Scenario.bytes("a"), Scenario.bytes("1"));
      txn.put(Scenario.bytes("x"), Scenario.bytes("2"));
      cluster.advance(200);
      assertNull(cluster.read("a")); // its store must commit above the bound from now on
      CompletableFuture<Object> commit = dying.run("commit", txn::commit);
      cluster.until("the primary's commit", () -> wire.hasSent(call -> call.is("KvCommit")));
      assertTrue(
          wire.sent(call -> call.is("KvPrewrite")).stream()
              .allMatch(call -> ((PrewriteRequest) call.request()).getUseAsyncCommit()));
      assertFalse(
          ((CommitRequest) wire.sent(call -> call.is("KvCommit")).get(0).request())
              .getUseAsyncCommit(),
          "the primary fell back");
      dying.kill();
      assertTrue(commit.isCompletedExceptionally());

      long before = cluster.world().time().now();
      assertNull(cluster.read("x"), "nobody committed it");
      assertNull(cluster.read("a"));
      long millis = (cluster.world().time().now() - before) / 1_000_000;
      assertTrue(millis < TTL_MILLIS + 2_000, "resolved after " + millis + " ms");
      cluster.txn(next -> next.put(Scenario.bytes("x"), Scenario.bytes("3")));
      assertEquals("3", cluster.read("x"));
    }
  }
}
