package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kittiwake.client.error.TransactionConflictException;
import dev.kittiwake.client.txn.CommitResult;
import dev.kittiwake.client.txn.Snapshot;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.client.txn.TransactionOptions;
import dev.kittiwake.simulation.network.SimCalls.Fate;
import dev.kittiwake.simulation.world.SimClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * T08: between prewrite and commit the primary's region splits, so that the keys of one transaction
 * lie in two regions; a reader that finds the locks races with the committer. All or nothing.
 */
class T08SplitUnderCommitTest {
  private static final TransactionOptions TWO_PHASE =
      TransactionOptions.optimistic().withOnePhaseCommit(false).withAsyncCommit(false);

  /** A transaction on k1 and k9 whose commit is on its way when the region splits at k5. */
  private static CompletableFuture<CommitResult> splitUnder(
      Scenario cluster, SimClient writer, CompletableFuture<Void> release) {
    Wire wire = Wire.of(cluster, writer);
    wire.order(call -> call.is("KvCommit") && !release.isDone(), Fate.heldUntil(release));
    Transaction txn = writer.client().transactions().begin(TWO_PHASE);
    txn.put(Scenario.bytes("k1"), Scenario.bytes("1"));
    txn.put(Scenario.bytes("k9"), Scenario.bytes("9"));
    CompletableFuture<CommitResult> commit = writer.run("commit", txn::commit);
    cluster.until("the commit", () -> wire.hasSent(call -> call.is("KvCommit")));
    cluster.split("k5");
    return commit;
  }

  @Test
  void theCommitterWinsAndBothKeysAreThere() {
    try (Scenario cluster = Scenario.of(3)) {
      SimClient writer = cluster.newClient();
      CompletableFuture<Void> release = new CompletableFuture<>();
      CompletableFuture<CommitResult> commit = splitUnder(cluster, writer, release);
      CompletableFuture<String> reader = cluster.beside(() -> cluster.read("k9"));
      cluster.advance(1_000); // the reader has met the lock, and must respect it
      release.complete(null);
      assertEquals(CommitResult.Path.TWO_PHASE, cluster.await(commit).path());
      String seen = cluster.await(reader);
      assertEquals(true, seen == null || seen.equals("9"), "the reader may have been earlier");
      assertEquals("1", cluster.read("k1"));
      assertEquals("9", cluster.read("k9"));
    }
  }

  /** A transaction on k1 and k9, committed in one phase, whose client tries again and again. */
  private static CompletableFuture<CommitResult> committedUnheard(
      Scenario cluster, SimClient writer, Wire wire, CompletableFuture<Void> release) {
    wire.order(
        call -> call.is("KvPrewrite") && wire.sent(each -> each.is("KvPrewrite")).size() == 1,
        Fate.ANSWER_LOST);
    wire.order(call -> call.is("KvPrewrite") && !release.isDone(), Fate.REQUEST_LOST);
    Transaction txn =
        writer
            .client()
            .transactions()
            .begin(TransactionOptions.optimistic().withAsyncCommit(false));
    txn.put(Scenario.bytes("k1"), Scenario.bytes("1"));
    txn.put(Scenario.bytes("k9"), Scenario.bytes("9"));
    CompletableFuture<CommitResult> commit = writer.run("commit", txn::commit);
    cluster.until("the second try", () -> wire.sent(call -> call.is("KvPrewrite")).size() > 1);
    assertEquals("9", cluster.read("k9"));
    return commit;
  }

  /**
   * The answer to a commit in one phase is lost. When it is sent again the region has been split,
   * so that the long way is gone: the transaction is committed already, and another has come after
   * it.
   */
  @Test
  void aCommitInOnePhaseKeepsItsTimestampThoughNobodyHeardOfItBeforeTheSplit() {
    try (Scenario cluster = Scenario.of(3)) {
      SimClient writer = cluster.newClient();
      CompletableFuture<Void> release = new CompletableFuture<>();
      Wire wire = Wire.of(cluster, writer);
      CompletableFuture<CommitResult> commit = committedUnheard(cluster, writer, wire, release);
      cluster.txn(next -> next.put(Scenario.bytes("k1"), Scenario.bytes("later")));
      cluster.split("k5");
      release.complete(null);

      long commitTs = cluster.await(commit).commitTs();
      Snapshot then = cluster.client().client().transactions().snapshot(commitTs);
      assertEquals("1", Scenario.text(then.get(Scenario.bytes("k1"))), "as it was committed");
      assertEquals("9", Scenario.text(then.get(Scenario.bytes("k9"))));
      Snapshot before = cluster.client().client().transactions().snapshot(commitTs - 1);
      assertNull(before.get(Scenario.bytes("k9")));
      assertEquals("later", cluster.read("k1"));
    }
  }

  /** The same, but there is no timestamp for the second phase: it is committed all the same. */
  @Test
  void aCommitInOnePhaseThatNobodyHeardOfIsNotSaidToHaveFailed() {
    try (Scenario cluster = Scenario.of(3)) {
      SimClient writer = cluster.newClient();
      Wire wire = Wire.of(cluster, writer);
      CompletableFuture<CommitResult> commit =
          committedUnheard(cluster, writer, wire, new CompletableFuture<>());
      cluster.split("k5");
      Predicate<Wire.Sent> half =
          call -> call.is("KvPrewrite") && call.concerns("k1") != call.concerns("k9");
      CompletableFuture<Void> withoutTimestamps = new CompletableFuture<>();
      wire.forgetOrders();
      wire.order(half, Fate.heldUntil(withoutTimestamps));
      cluster.until("both halves", () -> wire.sent(half).size() == 2);
      cluster.pd(1).kill();
      withoutTimestamps.complete(null);
      assertEquals(CommitResult.Path.ONE_PHASE, cluster.await(commit).path());
      cluster.pd(1).start();
      assertEquals("1", cluster.read("k1"));
      assertEquals("9", cluster.read("k9"));
    }
  }

  @Test
  void theResolverWinsAndNeitherKeyIsThere() {
    try (Scenario cluster = Scenario.of(3)) {
      SimClient writer = cluster.newClient();
      CompletableFuture<Void> release = new CompletableFuture<>();
      CompletableFuture<CommitResult> commit = splitUnder(cluster, writer, release);
      cluster.advance(4_000); // the locks' time is over
      assertNull(cluster.read("k9"));
      release.complete(null);
      CompletionException told =
          assertThrows(CompletionException.class, () -> cluster.await(commit));
      assertInstanceOf(TransactionConflictException.class, told.getCause());
      assertNull(cluster.read("k1"));
      assertNull(cluster.read("k9"));
    }
  }
}
