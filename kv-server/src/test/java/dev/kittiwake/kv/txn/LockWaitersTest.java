package dev.kittiwake.kv.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.txn.command.KeyError;
import dev.kittiwake.txn.command.ReleasedLock;
import dev.kittiwake.txn.mvcc.Lock;
import dev.kittiwake.txn.mvcc.LockMarks;
import dev.kittiwake.txn.mvcc.LockType;
import dev.kittiwake.txn.mvcc.LockedKey;
import dev.kittiwake.txn.wait.WaitEdge;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who goes on when a lock is released, and for whom the others wait then. */
class LockWaitersTest {
  private static final Key KEY = Key.wrap(new byte[] {'k'});
  private static final long WAIT_SECONDS = 120;

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final Edges edges = new Edges();
  private CountDownLatch gate;
  private final LockWaiters waiters =
      new LockWaiters(edges, timer, Runnable::run, System::nanoTime, 1, 10);

  /** Remembers who waits for whom; refuses to let anybody wait for {@code refused}. */
  private static final class Edges implements DeadlockService {
    private final Set<String> known = new ConcurrentSkipListSet<>();
    private volatile long refused;

    @Override
    public CompletableFuture<KeyError.Deadlock> detect(WaitEdge edge) {
      if (edge.waitForTxn() == refused) {
        return CompletableFuture.completedFuture(
            new KeyError.Deadlock(edge.waitForTxn(), KEY, edge.keyHash(), KEY, List.of()));
      }
      known.add(edge.txn() + ">" + edge.waitForTxn());
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void forget(WaitEdge edge) {
      known.remove(edge.txn() + ">" + edge.waitForTxn());
    }
  }

  @AfterEach
  void stop() {
    timer.shutdownNow();
  }

  private CompletableFuture<LockWaiters.Ended> park(long startTs, long holder) {
    Lock lock =
        new Lock(
            LockType.PESSIMISTIC,
            KEY,
            holder,
            1_000,
            null,
            holder,
            0,
            0,
            false,
            List.of(),
            LockMarks.NONE);
    return waiters.park(startTs, new LockedKey(KEY, lock), false, 60_000);
  }

  private void release(long holder) {
    waiters.released(List.of(new ReleasedLock(KEY, holder, 0)));
  }

  /** The timer does nothing until {@link #looked}. */
  private void holdTimer() {
    CountDownLatch closed = new CountDownLatch(1);
    gate = closed;
    timer.execute(
        () -> {
          try {
            closed.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /** Waits until the timer has run what it had to run by now. */
  private void looked() throws Exception {
    gate.countDown();
    timer.schedule(() -> {}, 5, TimeUnit.MILLISECONDS).get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void theOldestGoesOnAndTheOthersWaitForIt() throws Exception {
    var third = park(30, 1);
    var second = park(20, 1);
    var fourth = park(40, 1);
    holdTimer();
    release(1);
    assertTrue(second.isDone());
    waiters.granted(KEY, 20);
    looked();
    assertFalse(third.isDone(), "it would only find the lock taken again");
    assertFalse(fourth.isDone());
    assertEquals(Set.of("30>20", "40>20"), edges.known);
    assertEquals(List.of(20L, 20L), waiters.edges().stream().map(WaitEdge::waitForTxn).toList());
    holdTimer();
    release(20);
    assertTrue(third.isDone());
    waiters.granted(KEY, 30);
    looked();
    assertEquals(Set.of("40>30"), edges.known);
    release(30);
    assertTrue(fourth.isDone());
    assertEquals(Set.of(), edges.known);
    assertEquals(0, waiters.size());
  }

  @Test
  void allGoOnIfTheFirstDoesNotTakeTheLock() throws Exception {
    var second = park(20, 1);
    var third = park(30, 1);
    release(1);
    assertTrue(second.isDone());
    assertEquals(LockWaiters.Wake.RELEASED, third.get(WAIT_SECONDS, TimeUnit.SECONDS).wake());
    assertEquals(Set.of(), edges.known);
  }

  @Test
  void aCycleThroughTheNewHolderIsFound() throws Exception {
    park(20, 1);
    var third = park(30, 1);
    edges.refused = 20;
    holdTimer();
    release(1);
    waiters.granted(KEY, 20);
    looked();
    assertNotNull(third.get(WAIT_SECONDS, TimeUnit.SECONDS).deadlock());
    assertEquals(0, waiters.size());
  }
}
