package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.client.error.DeadlockException;
import dev.kittiwake.client.error.LockTimeoutException;
import dev.kittiwake.client.txn.LockOptions;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.client.txn.TransactionOptions;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.simulation.world.SimClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * T12: the leader of the deadlock detector moves, or dies, between the two waits that make a cycle.
 * The old one's graph is gone with it; the cycle must be broken all the same, within twice the time
 * a lock is waited for.
 */
class T12DetectorMovesTest {
  private static final int WAIT_SECONDS = 10;

  @ParameterizedTest
  @ValueSource(strings = {"stays", "moves", "dies", "is cut off"})
  void aCycleIsBrokenWhateverBecomesOfTheDetector(String what) {
    try (Scenario cluster = Scenario.of(3)) {
      cluster.split("b");
      cluster.transfer("a", 1); // the detector is where the first region is led
      cluster.transfer("c", 2);
      SimClient one = cluster.newClient();
      SimClient other = cluster.newClient();
      TransactionOptions options =
          TransactionOptions.pessimistic().withLockWait(Duration.ofSeconds(WAIT_SECONDS));
      Transaction first = one.client().transactions().begin(options);
      Transaction second = other.client().transactions().begin(options);
      cluster.await(one.run("lock", () -> lock(first, "c")));
      cluster.await(other.run("lock", () -> lock(second, "d")));

      CompletableFuture<String> firstWait = one.run("wait", () -> lock(first, "d"));
      cluster.advance(500);
      if (what.equals("moves")) {
        cluster.transfer("a", 3);
      } else if (what.equals("dies")) {
        cluster.kill(1);
      } else if (what.equals("is cut off")) {
        cluster.isolate(1);
      }
      CompletableFuture<String> secondWait = other.run("wait", () -> lock(second, "c"));
      cluster.until(
          "the cycle is broken", 2 * WAIT_SECONDS, () -> firstWait.isDone() || secondWait.isDone());
      boolean firstLost = firstWait.isDone();
      String told = (firstLost ? firstWait : secondWait).join();
      assertTrue(told.equals("deadlock") || told.equals("timeout"), told);
      if (what.equals("stays")) {
        assertEquals("deadlock", told);
      }
      // The loser gives up, the other goes on.
      Transaction loser = firstLost ? first : second;
      SimClient losing = firstLost ? one : other;
      cluster.await(
          losing.run(
              "rollback",
              () -> {
                loser.rollback();
                return true;
              }));
      CompletableFuture<String> rest = firstLost ? secondWait : firstWait;
      cluster.until("the other has its lock", 2 * WAIT_SECONDS, rest::isDone);
      assertTrue(List.of("locked", "timeout").contains(rest.join()), rest.join());
      if (what.equals("stays")) {
        assertEquals("locked", rest.join());
      }
    }
  }

  private static String lock(Transaction txn, String key) {
    try {
      txn.lock(List.of(Key.of(key)), LockOptions.PLAIN);
      return "locked";
    } catch (DeadlockException deadlock) {
      return "deadlock";
    } catch (LockTimeoutException timeout) {
      return "timeout";
    }
  }
}
