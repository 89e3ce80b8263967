package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kittiwake.client.error.TransactionConflictException;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.client.txn.TransactionOptions;
import org.junit.jupiter.api.Test;

/**
 * T01: a transaction that loses a conflict is not run again behind the user's back: what it wrote
 * was computed from what it read, and that is no longer true.
 */
class T01NoSecondTryTest {
  @Test
  void aConflictIsToldAndNothingIsTriedAgain() {
    try (Scenario cluster = Scenario.of(3)) {
      cluster.txn(txn -> txn.put(Scenario.bytes("balance"), Scenario.bytes("100")));
      Wire wire = Wire.of(cluster, cluster.client());
      Transaction slow =
          cluster.client().client().transactions().begin(TransactionOptions.optimistic());
      assertEquals("100", Scenario.text(slow.get(Scenario.bytes("balance"))));
      slow.put(Scenario.bytes("balance"), Scenario.bytes("90"));
      cluster.txn(txn -> txn.put(Scenario.bytes("balance"), Scenario.bytes("50")));
      wire.forgetCalls();

      assertThrows(TransactionConflictException.class, slow::commit);

      assertFalse(slow.isOpen());
      assertEquals(1, wire.sent(call -> call.is("KvPrewrite")).size());
      cluster.advance(10_000);
      assertEquals(1, wire.sent(call -> call.is("KvPrewrite")).size());
      assertEquals("50", cluster.read("balance"));
    }
  }
}
