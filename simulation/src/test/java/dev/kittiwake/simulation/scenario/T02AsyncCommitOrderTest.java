package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.client.error.KvException;
import dev.kittiwake.client.error.TransactionConflictException;
import dev.kittiwake.client.error.UndeterminedException;
import dev.kittiwake.client.txn.CommitResult;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.client.txn.TransactionClient;
import dev.kittiwake.client.txn.TransactionOptions;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.simulation.network.SimCalls.Fate;
import dev.kittiwake.simulation.world.Options;
import dev.kittiwake.simulation.world.SimClient;
import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Answer;
import dev.kittiwake.testkit.history.History;
import dev.kittiwake.testkit.history.Isolation;
import dev.kittiwake.testkit.history.Seen;
import dev.kittiwake.testkit.history.Step;
import dev.kittiwake.testkit.judge.Cycles;
import dev.kittiwake.testkit.judge.Level;
import dev.kittiwake.testkit.judge.TimestampOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * T02: asynchronous commit chooses its timestamp at the stores. Whoever begins after the
 * acknowledgement must see it all the same, and the session itself, too; and nobody sees it without
 * what had ended before.
 */
class T02AsyncCommitOrderTest {
  private static Scenario twoRegions(long seed) {
    Scenario cluster = Scenario.of(seed, Options.STANDARD);
    cluster.split("m");
    cluster.transfer("a", 1);
    cluster.transfer("x", 2);
    return cluster;
  }

  @Test
  void whatWasAcknowledgedIsSeenAtOnceEvenIfItsLocksAreStillThere() {
    try (Scenario cluster = twoRegions(4711)) {
      Wire wire = Wire.of(cluster, cluster.client());
      wire.order(call -> call.is("KvCommit"), Fate.REQUEST_LOST);
      TransactionClient writer = cluster.client().client().transactions();
      Transaction txn = writer.begin(TransactionOptions.optimistic());
      txn.put(Scenario.bytes("a"), Scenario.bytes("1"));
      txn.put(Scenario.bytes("x"), Scenario.bytes("2"));
      CommitResult result = txn.commit();
      assertEquals(CommitResult.Path.ASYNC, result.path());

      TransactionClient other = cluster.newClient().client().transactions();
      for (TransactionClient reader : List.of(writer, other)) {
        assertEquals("1", Scenario.text(reader.snapshot(Timestamp.MAX).get(Scenario.bytes("a"))));
        assertEquals("2", Scenario.text(reader.latestSnapshot().get(Scenario.bytes("x"))));
      }
      try (Transaction next = other.begin(TransactionOptions.optimistic())) {
        assertTrue(Timestamp.compare(next.startTs(), result.commitTs()) >= 0);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noSnapshotShowsALaterCommitWithoutTheEarlierOne(boolean oneRegion) {
    try (Scenario cluster = twoRegions(4712)) {
      TransactionClient session = cluster.client().client().transactions();
      TransactionClient other = cluster.newClient().client().transactions();
      Transaction slow = session.begin(TransactionOptions.optimistic());
      slow.put(Scenario.bytes("a"), Scenario.bytes("slow"));
      slow.put(Scenario.bytes(oneRegion ? "b" : "x"), Scenario.bytes("slow"));
      try (Transaction watcher = other.begin(TransactionOptions.optimistic())) {
        assertTrue(Timestamp.isAfter(watcher.startTs(), slow.startTs()));
        Transaction quick = other.begin(TransactionOptions.optimistic());
        quick.put(Scenario.bytes("c"), Scenario.bytes("quick"));
        long earlier = quick.commit().commitTs();
        long later = slow.commit().commitTs(); // the session may have been told of the other
        assertTrue(Timestamp.isAfter(later, earlier));
        assertNull(watcher.get(Scenario.bytes("a")), "it does not see the earlier one either");
        assertNull(watcher.get(Scenario.bytes("c")));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void sessionsThatWatchEachOtherSeeOneOrder(long seed) {
    try (Scenario cluster = twoRegions(seed)) {
      History history = new History();
      List<CompletableFuture<Integer>> sessions = new ArrayList<>();
      for (int process = 0; process < 4; process++) {
        SimClient client = cluster.newClient();
        int number = process;
        sessions.add(client.run("session", () -> session(cluster, client, number, history)));
      }
      int committed = 0;
      for (CompletableFuture<Integer> session : sessions) {
        committed += cluster.await(session);
      }
      assertTrue(committed > 20, committed + " transactions committed");
      assertFalse(
          new Cycles(Level.STRONG_SNAPSHOT).judge(history).isBroken(),
          () -> "seed " + seed + ": " + new Cycles(Level.STRONG_SNAPSHOT).judge(history));
      assertFalse(
          new TimestampOrder().judge(history).isBroken(),
          () -> "seed " + seed + ": " + new TimestampOrder().judge(history));
    }
  }

  /** Reads both keys and writes both, or only reads; one transaction after the other. */
  private static int session(Scenario cluster, SimClient client, int process, History history) {
    int committed = 0;
    for (int i = 0; i < 25; i++) {
      boolean writes = i % 2 == process % 2;
      long value = process * 1_000L + i + 1;
      List<Step> steps =
          writes
              ? List.of(
                  new Step.ReadRegister("a"),
                  new Step.WriteRegister("a", value),
                  new Step.WriteRegister("x", value))
              : List.of(new Step.ReadRegister("a"), new Step.ReadRegister("x"));
      int index =
          history.invoke(process, new Action.Txn(steps, Isolation.OPTIMISTIC), nanos(cluster));
      try (Transaction txn =
          client.client().transactions().begin(TransactionOptions.optimistic())) {
        List<Seen> seen = new ArrayList<>();
        seen.add(read(txn, "a"));
        if (writes) {
          txn.put(Scenario.bytes("a"), Scenario.bytes(Long.toString(value)));
          txn.put(Scenario.bytes("x"), Scenario.bytes(Long.toString(value)));
          seen.add(Seen.NOTHING);
          seen.add(Seen.NOTHING);
        } else {
          seen.add(read(txn, "x"));
        }
        long start = txn.startTs();
        long commit = txn.commit().commitTs();
        history.ok(index, new Answer.Committed(seen, start, commit), nanos(cluster));
        committed++;
      } catch (TransactionConflictException conflict) {
        history.failed(index, conflict.getMessage(), nanos(cluster));
      } catch (UndeterminedException unknown) {
        history.undetermined(index, unknown.getMessage(), nanos(cluster));
      } catch (KvException failure) {
        history.failed(index, failure.getMessage(), nanos(cluster));
      }
    }
    return committed;
  }

  private static Seen read(Transaction txn, String key) {
    String value = Scenario.text(txn.get(Scenario.bytes(key)));
    return new Seen.Register(value == null ? null : Long.valueOf(value));
  }

  private static long nanos(Scenario cluster) {
    return cluster.world().time().now();
  }
}
