package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.client.error.UndeterminedException;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.client.txn.TransactionOptions;
import dev.kittiwake.simulation.network.SimCalls.Fate;
import dev.kittiwake.simulation.world.SimClient;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * T07: the call that commits goes out and no answer ever comes. The client must not call that a
 * failure, nor a success: nobody knows, and it has an error of its own.
 */
class T07UndeterminedCommitTest {
  @ParameterizedTest
  @CsvSource({
    "one-phase, true",
    "one-phase, false",
    "async, true",
    "async, false",
    "two-phase, true",
    "two-phase, false"
  })
  void aCommitWithoutAnswerIsUndetermined(String path, boolean arrives) {
    try (Scenario cluster = Scenario.of(3)) {
      cluster.split("m");
      SimClient writer = cluster.newClient();
      Wire wire = Wire.of(cluster, writer);
      TransactionOptions options =
          TransactionOptions.optimistic()
              .withOnePhaseCommit(path.equals("one-phase"))
              .withAsyncCommit(path.equals("async"));
      String commits = path.equals("two-phase") ? "KvCommit" : "KvPrewrite";
      // The call that commits is lost, or its answer is; after that the stores are silent.
      wire.order(
          call -> call.is(commits) && wire.sent(each -> each.is(commits)).size() == 1,
          arrives ? Fate.ANSWER_LOST : Fate.REQUEST_LOST);
      wire.order(
          call -> call.method().startsWith("Kv") && wire.hasSent(each -> each.is(commits)),
          Fate.REQUEST_LOST);
      Transaction txn = writer.client().transactions().begin(options);
      txn.put(Scenario.bytes("a"), Scenario.bytes("1"));
      UndeterminedException told = assertThrows(UndeterminedException.class, txn::commit);
      assertFalse(txn.isOpen());
      assertTrue(told.getMessage().contains("may or may not be committed"), told.getMessage());
      assertFalse(told.getMessage().contains("is not committed"), told.getMessage());
      writer.kill();
      cluster.advance(10_000);
      if (arrives) {
        assertEquals("1", cluster.read("a"));
      } else {
        assertNull(cluster.read("a"));
      }
    }
  }
}
