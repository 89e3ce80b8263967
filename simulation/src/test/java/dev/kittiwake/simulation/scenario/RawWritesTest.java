package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.kittiwake.client.Await;
import dev.kittiwake.client.error.UndeterminedException;
import dev.kittiwake.simulation.world.SimClient;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Raw writes happen at most once. */
class RawWritesTest {
  /**
   * The first copy of a write is held up on its way; were it sent again after the timeout, the held
   * copy would undo what another client wrote meanwhile. Found by simulation: a register went back.
   */
  @Test
  void aWriteThatIsHeldUpDoesNotComeTwice() {
    try (Scenario cluster = Scenario.of(3)) {
      cluster.put("k", "0");
      int leader = cluster.leaderOf("k");
      SimClient slow = cluster.newClient();
      assertEquals("0", Scenario.text(cluster.await(slow.raw().get(Scenario.bytes("k")))));
      cluster
          .world()
          .network()
          .clog(slow.machine(), cluster.store(leader).machine(), 5_500_000_000L);
      CompletableFuture<Void> put = slow.raw().put(Scenario.bytes("k"), Scenario.bytes("1"), 0);
      cluster.until("the write has ended for its client", put::isDone);
      Throwable failure = put.handle((done, thrown) -> Await.unwrap(thrown)).join();
      assertInstanceOf(UndeterminedException.class, failure);
      cluster.advance(2_000);
      assertEquals("1", cluster.get("k")); // it came late, but it came
      cluster.put("k", "2");
      cluster.advance(20_000);
      assertEquals("2", cluster.get("k"));
    }
  }
}
