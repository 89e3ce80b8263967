package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kittiwake.client.error.TransactionConflictException;
import dev.kittiwake.client.raw.SwapResult;
import dev.kittiwake.client.txn.CommitResult;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.client.txn.TransactionOptions;
import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.simulation.network.SimCalls.Fate;
import dev.kittiwake.simulation.world.Options;
import dev.kittiwake.simulation.world.SimClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Requests and replicas that come late find what was decided without them. */
class LateArrivalsTest {
  private static final TransactionOptions TWO_PHASE =
      TransactionOptions.optimistic().withOnePhaseCommit(false).withAsyncCommit(false);

  /**
   * The primary's prewrite is held up, a reader meets the lock on the other key, asks the primary,
   * and rolls the transaction back. Then the prewrite arrives: it must find that record, or half of
   * the transaction would be committed.
   */
  @Test
  void aPrewriteThatComesAfterItsRollbackIsRefused() {
    try (Scenario cluster = Scenario.of(3)) {
      cluster.split("m");
      SimClient writer = cluster.newClient();
      Wire wire = Wire.of(cluster, writer);
      CompletableFuture<Void> release = new CompletableFuture<>();
      wire.order(
          call -> call.is("KvPrewrite") && call.concerns("a") && !release.isDone(),
          Fate.heldUntil(release));
      Transaction txn = writer.client().transactions().begin(TWO_PHASE);
      txn.put(Scenario.bytes("a"), Scenario.bytes("1"));
      txn.put(Scenario.bytes("x"), Scenario.bytes("2"));
      CompletableFuture<CommitResult> commit = writer.run("commit", txn::commit);
      cluster.until(
          "both prewrites",
          () ->
              wire.hasSent(call -> call.concerns("a")) && wire.hasSent(call -> call.concerns("x")));
      cluster.advance(3_500); // the lock's time is over

      assertNull(cluster.read("x"));
      release.complete(null);
      CompletionException told =
          assertThrows(CompletionException.class, () -> cluster.await(commit));
      assertInstanceOf(TransactionConflictException.class, told.getCause());
      assertNull(cluster.read("a"));
      assertNull(cluster.read("x"));
    }
  }

  /** A store that was away gets a snapshot, then leads: the locks must have come with it. */
  @Test
  void aSnapshotBringsTheLocksOfCommitsUnderWay() {
    Options shortLogs =
        Options.STANDARD
            .with(KvSetting.LOG_GC_COUNT_LIMIT, "10")
            .with(KvSetting.LOG_GC_THRESHOLD, "1");
    try (Scenario cluster = Scenario.of(shortLogs)) {
      cluster.transfer("k", 1);
      cluster.kill(3);
      for (int i = 0; i < 60; i++) {
        cluster.put("raw" + i, "v");
      }
      cluster.advance(10_000); // the log is cut
      SimClient writer = cluster.newClient();
      Wire wire = Wire.of(cluster, writer);
      CompletableFuture<Void> release = new CompletableFuture<>();
      wire.order(call -> call.is("KvCommit") && !release.isDone(), Fate.heldUntil(release));
      Transaction txn = writer.client().transactions().begin(TWO_PHASE);
      txn.put(Scenario.bytes("k"), Scenario.bytes("1"));
      CompletableFuture<CommitResult> commit = writer.run("commit", txn::commit);
      cluster.until("the commit", () -> wire.hasSent(call -> call.is("KvCommit")));
      cluster.restart(3);
      cluster.transfer("k", 3);
      release.complete(null);
      assertEquals(CommitResult.Path.TWO_PHASE, cluster.await(commit).path());
      assertEquals("1", cluster.read("k"));
    }
  }

  /** Of swaps that all expect the same value, one succeeds. */
  @Test
  void ofManySwapsAtOnceOneSucceeds() {
    try (Scenario cluster = Scenario.of(3)) {
      List<CompletableFuture<SwapResult>> swaps = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        byte[] value = Scenario.bytes("v" + i);
        swaps.add(
            cluster.client().raw().atomic().compareAndSwap(Scenario.bytes("k"), null, value, 0));
      }
      List<String> succeeded = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        if (cluster.await(swaps.get(i)).swapped()) {
          succeeded.add("v" + i);
        }
      }
      assertEquals(1, succeeded.size(), succeeded::toString);
      assertEquals(succeeded.get(0), cluster.get("k"));
      assertFalse(
          cluster
              .await(
                  cluster
                      .client()
                      .raw()
                      .atomic()
                      .compareAndSwap(Scenario.bytes("k"), null, Scenario.bytes("w"), 0))
              .swapped());
    }
  }
}
