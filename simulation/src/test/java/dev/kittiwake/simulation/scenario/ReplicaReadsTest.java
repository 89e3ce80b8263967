package dev.kittiwake.simulation.scenario;

import static dev.kittiwake.simulation.scenario.Scenario.bytes;
import static dev.kittiwake.simulation.scenario.Scenario.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.client.region.ReadFrom;
import dev.kittiwake.client.txn.CommitResult;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.client.txn.TransactionClient;
import dev.kittiwake.client.txn.TransactionOptions;
import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.simulation.network.SimCalls.Fate;
import dev.kittiwake.simulation.world.Options;
import dev.kittiwake.simulation.world.SimClient;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a replica that does not lead has served stays true: nothing is committed below it. */
class ReplicaReadsTest {
  /** The leader computes the commit timestamp; the read was at another store. */
  @Test
  void aCommitComputedLaterLiesAboveAReadByAFollower() {
    try (Scenario cluster = Scenario.of(3)) {
      SimClient writer = cluster.newClient();
      CompletableFuture<Void> release = new CompletableFuture<>();
      Wire wire = Wire.of(cluster, writer);
      wire.order(call -> call.is("KvPrewrite") && !release.isDone(), Fate.heldUntil(release));
      Transaction early = writer.client().transactions().begin(TransactionOptions.optimistic());
      early.put(bytes("k"), bytes("v"));
      CompletableFuture<CommitResult> commit = writer.run("commit", early::commit);
      cluster.until("the prewrite is under way", () -> wire.hasSent(call -> call.is("KvPrewrite")));

      TransactionClient transactions = cluster.client().client().transactions();
      long readTs = transactions.currentTimestamp();
      assertNull(transactions.snapshot(readTs, ReadFrom.FOLLOWER).get(bytes("k")));
      release.complete(null);
      CommitResult committed = cluster.await(commit);
      assertEquals(CommitResult.Path.ONE_PHASE, committed.path());
      assertTrue(
          Long.compareUnsigned(committed.commitTs(), readTs) > 0,
          committed + ", read before at " + readTs);
      assertNull(transactions.snapshot(readTs, ReadFrom.ANY).get(bytes("k")));
    }
  }

  /**
   * The commit timestamp is there, the commit is on its way: the past is not complete. Whoever
   * reads it sees the commit, or makes it fall later.
   */
  @Test
  void thePastIsNotServedWhileATransactionMayCommitThere() {
    Options options = Options.STANDARD.with(KvSetting.RESOLVED_TS_INTERVAL, "100ms");
    try (Scenario cluster = Scenario.of(options)) {
      SimClient writer = cluster.newClient();
      CompletableFuture<Void> release = new CompletableFuture<>();
      Wire wire = Wire.of(cluster, writer);
      wire.order(call -> call.is("KvCommit") && !release.isDone(), Fate.heldUntil(release));
      Transaction txn =
          writer
              .client()
              .transactions()
              .begin(
                  TransactionOptions.optimistic().withOnePhaseCommit(false).withAsyncCommit(false));
      txn.put(bytes("k"), bytes("v"));
      CompletableFuture<CommitResult> commit = writer.run("commit", txn::commit);
      cluster.until("the commit", () -> wire.hasSent(call -> call.is("KvCommit")));
      TransactionClient transactions = cluster.client().client().transactions();
      long readTs = transactions.currentTimestamp();
      cluster.advance(1_000); // the stores promise each other what they may
      CompletableFuture<String> past =
          cluster.beside(() -> text(transactions.snapshot(readTs, ReadFrom.STALE).get(bytes("k"))));
      cluster.advance(300);
      release.complete(null);
      // Who has met the lock may have made the commit take a later timestamp: then it is not seen.
      CommitResult committed = cluster.await(commit);
      boolean before = Long.compareUnsigned(committed.commitTs(), readTs) <= 0;
      assertEquals(before ? "v" : null, cluster.await(past), committed + ", read at " + readTs);
    }
  }
}
