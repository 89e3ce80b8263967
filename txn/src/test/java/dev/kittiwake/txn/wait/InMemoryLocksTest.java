package dev.kittiwake.txn.wait;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.txn.mvcc.Lock;
import dev.kittiwake.txn.mvcc.LockMarks;
import dev.kittiwake.txn.mvcc.LockType;
import dev.kittiwake.txn.mvcc.LockedKey;
import dev.kittiwake.txn.mvcc.ReadView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class InMemoryLocksTest {
  private static final Key A = Key.of("a");
  private static final Key B = Key.of("b");

  @Test
  void maxTsGoesUpOnlyAndIgnoresInfinity() {
    InMemoryLocks locks = new InMemoryLocks(5);
    locks.raiseMaxTs(3);
    assertEquals(5, locks.maxTs());
    locks.raiseMaxTs(-5);
    locks.raiseMaxTs(7);
    assertEquals(-5, locks.maxTs());
    locks.raiseMaxTs(Timestamp.MAX);
    locks.raiseMaxTs(Long.MAX_VALUE);
    assertEquals(-5, locks.maxTs());
  }

  @Test
  void aHeldLockBlocksReadersAtOrAboveItsTimestampUntilItIsClosed() {
    InMemoryLocks locks = new InMemoryLocks(50);
    InMemoryLocks.Hold hold = locks.hold(List.of(lockedBy(10, A)), 11);
    assertEquals(51, hold.minCommitTs());
    assertNull(locks.beforeRead(A, ReadView.at(50)));
    assertNotNull(locks.beforeRead(A, ReadView.at(51)));
    assertNotNull(locks.beforeRead(A, ReadView.at(Timestamp.MAX)));
    assertNull(locks.beforeRead(B, ReadView.at(51)));
    assertNotNull(locks.beforeRead(KeyRange.ALL, ReadView.at(51)));
    assertNull(locks.beforeRead(new KeyRange(B, Key.EMPTY), ReadView.at(51)));
    assertNull(locks.firstUpTo(KeyRange.ALL, 9));
    assertNotNull(locks.firstUpTo(KeyRange.ALL, 10));
    hold.close();
    assertNull(locks.beforeRead(A, ReadView.at(51)));
    InMemoryLocks.Hold next = locks.hold(List.of(lockedBy(20, A)), 100);
    assertEquals(100, next.minCommitTs());
    hold.close();
    assertEquals(1, locks.size());
  }

  /**
   * Readers and committers race on one key without any lock: a reader who passed must never learn
   * of a commit at or below its timestamp that it did not see.
   */
  @Test
  void aReadThatPassedIsNeverUndercut() throws Exception {
    int rounds = 20_000;
    InMemoryLocks locks = new InMemoryLocks();
    AtomicLong committed = new AtomicLong(); // the newest commit timestamp applied
    long[] seen = new long[rounds]; // by the reader of each round; -1 = it was blocked
    long[] commits = new long[rounds];
    CyclicBarrier round = new CyclicBarrier(2);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<?>> both = new ArrayList<>();
      both.add(
          threads.submit(
              () -> {
                for (int i = 0; i < rounds; i++) {
                  round.await(120, TimeUnit.SECONDS);
                  long startTs = 10L * i + 1;
                  InMemoryLocks.Hold hold = locks.hold(List.of(lockedBy(startTs, A)), startTs + 1);
                  commits[i] = hold.minCommitTs();
                  committed.set(hold.minCommitTs());
                  hold.close();
                }
                return null;
              }));
      both.add(
          threads.submit(
              () -> {
                for (int i = 0; i < rounds; i++) {
                  round.await(120, TimeUnit.SECONDS);
                  boolean blocked = locks.beforeRead(A, ReadView.at(10L * i + 5)) != null;
                  seen[i] = blocked ? -1 : committed.get();
                }
                return null;
              }));
      for (Future<?> one : both) {
        one.get(120, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    for (int i = 0; i < rounds; i++) {
      long readTs = 10L * i + 5;
      assertTrue(
          seen[i] == -1 || commits[i] > readTs || seen[i] >= commits[i],
          "round " + i + ": read at " + readTs + " saw " + seen[i] + ", commit " + commits[i]);
    }
  }

  private static LockedKey lockedBy(long startTs, Key key) {
    return new LockedKey(
        key,
        new Lock(LockType.PUT, key, startTs, 1, null, 0, 0, 0, true, List.of(), LockMarks.NONE));
  }
}
