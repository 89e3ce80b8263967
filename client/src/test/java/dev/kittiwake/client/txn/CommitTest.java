package dev.kittiwake.client.txn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.client.ClientConfig;
import dev.kittiwake.client.ClientTestBase;
import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.error.AlreadyExistsException;
import dev.kittiwake.client.error.KvException;
import dev.kittiwake.client.error.WriteConflictException;
import dev.kittiwake.client.fake.FakeCluster;
import dev.kittiwake.client.txn.CommitResult.Path;
import dev.kittiwake.client.txn.TransactionOptions.CommitOrder;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.proto.kvrpcpb.CommitRequest;
import dev.kittiwake.proto.rpc.KvMethod;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How transactions commit, and what is known when answers are lost. */
class CommitTest extends ClientTestBase {
  private Transaction writing(TransactionOptions options, String... keys) {
    Transaction transaction = transactions.begin(options);
    for (String key : keys) {
      transaction.put(b(key), b("new"));
    }
    return transaction;
  }

  /** Loses every answer of a method, after the store has done the work. */
  private void loseAnswers(KvMethod<?, ?> lost) {
    cluster.fault =
        new FakeCluster.Fault() {
          @Override
          public CompletableFuture<?> after(
              long store, KvMethod<?, ?> method, Object request, CompletableFuture<?> answer) {
            return method == lost ? FakeCluster.LOST : answer;
          }
        };
  }

  private void loseFirstAnswer(KvMethod<?, ?> lost) {
    cluster.fault =
        new FakeCluster.Fault() {
          @Override
          public CompletableFuture<?> after(
              long store, KvMethod<?, ?> method, Object request, CompletableFuture<?> answer) {
            boolean first = method == lost && cluster.count(lost.name()) == 1;
            return first ? FakeCluster.LOST : answer;
          }
        };
  }

  @Test
  void oneRegionCommitsInOnePhaseWithoutCommitRequests() {
    CommitResult result = writing(TransactionOptions.pessimistic(), "a", "b").commit();
    assertEquals(Path.ONE_PHASE, result.path());
    assertEquals(1, cluster.count("KvPrewrite"));
    assertEquals(0, cluster.count("KvCommit"));
    assertEquals(2, cluster.pd.timestampRequests.get(), "a start, and what the commit is above");
    assertEquals("new", read("b"));
  }

  @Test
  void whoNeedsNoOrderInRealTimeTakesOneTimestamp() {
    TransactionOptions causal = TransactionOptions.pessimistic().withOrder(CommitOrder.CAUSAL);
    assertEquals(Path.ONE_PHASE, writing(causal, "a", "b").commit().path());
    assertEquals(1, cluster.pd.timestampRequests.get(), "the start timestamp is the only one");
  }

  @Test
  void commitsOfOneRegionFollowRealTime() {
    Transaction early = writing(TransactionOptions.optimistic(), "a");
    long before = writing(TransactionOptions.optimistic(), "b").commit().commitTs();
    assertTrue(Timestamp.isAfter(early.commit().commitTs(), before));
  }

  @Test
  void commitsOfSeveralRegionsFollowRealTime() {
    cluster.split(b("m"));
    Transaction early = writing(TransactionOptions.optimistic(), "a", "y");
    long before = writing(TransactionOptions.optimistic(), "b", "z").commit().commitTs();
    CommitResult late = early.commit();
    assertEquals(Path.ASYNC, late.path());
    assertTrue(Timestamp.isAfter(late.commitTs(), before));
  }

  @Test
  void aTransactionWithoutATimestampForItsCommitIsRolledBack() {
    Transaction transaction = transactions.begin(TransactionOptions.pessimistic());
    transaction.lock(List.of(Key.wrap(b("a"))), LockOptions.PLAIN);
    transaction.put(b("a"), b("new"));
    cluster.pd.timestampGate =
        CompletableFuture.failedFuture(new KvException("no timestamps today"));
    assertThrows(KvException.class, transaction::commit);
    cluster.pd.timestampGate = null;
    until("its locks are gone", () -> cluster.locks() == 0);
  }

  @Test
  void twoRegionsCommitAsynchronouslyAndTheirLocksGoAway() {
    cluster.split(b("m"));
    CommitResult result = writing(TransactionOptions.pessimistic(), "a", "z").commit();
    assertEquals(Path.ASYNC, result.path());
    assertEquals("new", read("a"));
    assertEquals("new", read("z"));
    until("secondaries are committed", () -> cluster.locks() == 0);
  }

  @Test
  void theLongWayTakesACommitTimestamp() {
    cluster.split(b("m"));
    CommitResult result = writing(plain(TransactionOptions.pessimistic()), "a", "b", "z").commit();
    assertEquals(Path.TWO_PHASE, result.path());
    assertEquals(2, cluster.pd.timestampRequests.get());
    assertEquals("new", read("z"));
    // The reader may have resolved the lock of the secondary before its own client came to it.
    until("secondaries are committed", () -> cluster.count("KvCommit") >= 2);
    until("no lock is left", () -> cluster.locks() == 0);
    assertEquals(2, cluster.count("KvCommit"), "the primary's request takes its neighbour along");
  }

  @Test
  void aStoreThatRefusesTheShortCutsGetsTheLongWay() {
    cluster.maxTsSynced = false;
    assertEquals(
        Path.TWO_PHASE, writing(TransactionOptions.pessimistic(), "a", "b").commit().path());
    assertEquals("new", read("a"));
  }

  @Test
  void aSplitBetweenAttemptsTurnsOnePhaseIntoMore() {
    read("a"); // fills the cache
    cluster.split(b("m"));
    CommitResult result = writing(TransactionOptions.pessimistic(), "a", "z").commit();
    assertEquals(Path.ASYNC, result.path());
    assertEquals("new", read("z"));
  }

  @Test
  void aReaderPushesTheCommitTimestampOfALivingTransaction() {
    given("a=old", "z=old");
    cluster.split(b("m"));
    Transaction writer = writing(plain(TransactionOptions.optimistic()), "a", "z");
    String[] seen = new String[1];
    cluster.fault =
        new FakeCluster.Fault() {
          @Override
          public CompletableFuture<?> before(long store, KvMethod<?, ?> method, Object request) {
            if (request instanceof CommitRequest && seen[0] == null) {
              seen[0] = read("a"); // meets the lock of the primary, which is alive
            }
            return null;
          }
        };
    CommitResult result = writer.commit();
    assertEquals("old", seen[0], "the reader was not kept waiting and saw the old value");
    assertEquals(Path.TWO_PHASE, result.path());
    until("commit timestamp was taken again", () -> cluster.count("KvCommit") >= 3);
    assertEquals("new", read("a"));
  }

  @Test
  void aLostAnswerThatIsAskedForAgainIsHarmless() {
    for (KvMethod<?, ?> lost : new KvMethod<?, ?>[] {KvMethod.KV_PREWRITE, KvMethod.KV_COMMIT}) {
      for (boolean shortCuts : new boolean[] {true, false}) {
        cluster.calls.clear();
        loseFirstAnswer(lost);
        TransactionOptions options = TransactionOptions.pessimistic();
        writing(shortCuts ? options : plain(options), "a", "b").commit();
        cluster.fault = FakeCluster.Fault.NONE;
        assertEquals("new", read("a"));
        given("a=old", "b=old");
      }
    }
  }

  @Test
  void aLostOrdinaryPrewriteIsAPlainFailure() {
    loseAnswers(KvMethod.KV_PREWRITE);
    ClientConfig soonTired =
        PATIENT.withBudgets(Duration.ofMinutes(2), Duration.ofSeconds(1)); // for a write
    try (ClusterClient tired = cluster.client(soonTired)) {
      Transaction transaction = tired.transactions().begin(plain(TransactionOptions.pessimistic()));
      transaction.put(b("a"), b("new"));
      KvException failure = assertThrows(KvException.class, transaction::commit);
      assertTrue(failure.getMessage().contains("not committed"), failure.getMessage());
    }
    cluster.fault = FakeCluster.Fault.NONE;
    assertNull(read("a"));
  }

  @Test
  void theSecondOfTwoOptimisticWritersConflicts() {
    Transaction first = optimistic();
    Transaction second = optimistic();
    assertNull(first.get(b("a")));
    assertNull(second.get(b("a")));
    first.put(b("a"), b("1"));
    second.put(b("a"), b("2"));
    first.commit();
    assertThrows(WriteConflictException.class, second::commit);
    assertEquals("1", read("a"));
  }

  @Test
  void anInsertOfAnExistingKeyIsFoundByTheCommit() {
    given("a=1");
    Transaction transaction = optimistic();
    transaction.insert(b("a"), b("2"));
    AlreadyExistsException failure =
        assertThrows(AlreadyExistsException.class, transaction::commit);
    assertEquals(k("a"), failure.key());
    assertEquals("1", read("a"));
  }

  @Test
  void insertAndDeleteInOneTransactionStillChecksTheKey() {
    given("a=1");
    Transaction transaction = optimistic();
    transaction.insert(b("a"), b("2"));
    transaction.delete(b("a"));
    assertThrows(AlreadyExistsException.class, transaction::commit);
    assertEquals("1", read("a"));
  }

  @Test
  void aLargeTransactionGoesInChunks() {
    cluster.split(b("k0500"));
    Transaction transaction = optimistic();
    byte[] value = new byte[2_000];
    for (int i = 0; i < 1_000; i++) {
      transaction.put(b(String.format("k%04d", i)), value);
    }
    assertEquals(Path.TWO_PHASE, transaction.commit().path());
    assertTrue(cluster.count("KvPrewrite") >= 8, "so many: " + cluster.count("KvPrewrite"));
    until("all is committed", () -> cluster.locks() == 0);
    assertArrayEquals(value, transactions.latestSnapshot().get(b("k0999")));
  }

  @Test
  void savepointsUndoWritesButNotEarlierOnes() {
    given("c=committed");
    Transaction transaction = pessimistic();
    transaction.put(b("a"), b("1"));
    Savepoint savepoint = transaction.savepoint();
    transaction.put(b("a"), b("2"));
    transaction.put(b("b"), b("2"));
    transaction.delete(b("c"));
    assertNull(transaction.get(b("c")));
    transaction.rollbackTo(savepoint);
    assertEquals("1", s(transaction.get(b("a"))));
    assertNull(transaction.get(b("b")));
    assertEquals("committed", s(transaction.get(b("c"))));
    transaction.commit();
    assertEquals("1", read("a"));
    assertNull(read("b"));
  }
}
