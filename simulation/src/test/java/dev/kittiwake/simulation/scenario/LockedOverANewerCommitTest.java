package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.client.txn.CommitResult;
import dev.kittiwake.client.txn.LockOptions;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.client.txn.TransactionClient;
import dev.kittiwake.client.txn.TransactionOptions;
import dev.kittiwake.client.txn.TransactionOptions.CommitOrder;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.Timestamp;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A pessimistic lock on a key that somebody has committed since the transaction began: the lock is
 * of now, so what is written under it comes after that commit and hides it. Were the commit's
 * timestamp below, the write would be acknowledged and never seen.
 */
class LockedOverANewerCommitTest {
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsWrittenUnderTheLockIsTheNewest(boolean oneRegion) {
    try (Scenario cluster = Scenario.of(5)) {
      cluster.split("m");
      String other = oneRegion ? "b" : "x";
      TransactionClient client = cluster.client().client().transactions();
      Transaction slow =
          client.begin(TransactionOptions.pessimistic().withOrder(CommitOrder.CAUSAL));
      long begun = slow.startTs();
      Transaction quick = client.begin(TransactionOptions.optimistic());
      quick.put(Scenario.bytes("a"), Scenario.bytes("quick"));
      long newer = quick.commit().commitTs();
      assertTrue(Timestamp.isAfter(newer, begun));

      slow.lock(List.of(Key.wrap(Scenario.bytes("a"))), LockOptions.PLAIN);
      slow.put(Scenario.bytes("a"), Scenario.bytes("slow"));
      slow.put(Scenario.bytes(other), Scenario.bytes("slow"));
      CommitResult result = slow.commit();

      assertTrue(Timestamp.isAfter(result.commitTs(), newer));
      assertEquals("slow", cluster.read("a"));
      assertEquals("slow", cluster.read(other));
    }
  }
}
