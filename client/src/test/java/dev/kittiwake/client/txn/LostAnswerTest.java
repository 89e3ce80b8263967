package dev.kittiwake.client.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.client.ClientTestBase;
import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.error.KvException;
import dev.kittiwake.client.error.TransactionAbortedException;
import dev.kittiwake.client.error.UndeterminedException;
import dev.kittiwake.client.fake.FakeCluster;
import dev.kittiwake.client.txn.CommitResult.Path;
import dev.kittiwake.proto.kvrpcpb.KeyError;
import dev.kittiwake.proto.kvrpcpb.PrewriteRequest;
import dev.kittiwake.proto.kvrpcpb.PrewriteResponse;
import dev.kittiwake.proto.rpc.KvMethod;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A commit whose answer was lost ends with the truth: what came back later may come from the second
 * copy of a request whose first copy took effect, or takes effect yet.
 */
class LostAnswerTest extends ClientTestBase {
  private static final CompletableFuture<?> REFUSED =
      CompletableFuture.completedFuture(
          PrewriteResponse.newBuilder()
              .addErrors(KeyError.newBuilder().setAbort("no luck with this copy"))
              .build());

  private final ClusterClient impatient =
      cluster.client(PATIENT.withBudgets(Duration.ofMinutes(2), Duration.ofMillis(800)));
  private final List<PrewriteRequest> delayed = new CopyOnWriteArrayList<>();

  @AfterEach
  void closeImpatient() {
    impatient.close();
  }

  /**
   * Of the prewrites that {@code which} picks, the first is lost, after or before the store has
   * executed it; every later copy is refused.
   */
  private void firstLostThenRefused(boolean executed, Predicate<PrewriteRequest> which) {
    cluster.fault =
        new FakeCluster.Fault() {
          private int seen; // guarded by this

          @Override
          public synchronized CompletableFuture<?> before(
              long store, KvMethod<?, ?> method, Object request) {
            if (!(request instanceof PrewriteRequest prewrite) || !which.test(prewrite)) {
              return null;
            }
            seen++;
            if (seen == 1 && !executed) {
              delayed.add(prewrite);
              return FakeCluster.LOST;
            }
            return seen > 1 ? REFUSED : null;
          }

          @Override
          public synchronized CompletableFuture<?> after(
              long store, KvMethod<?, ?> method, Object request, CompletableFuture<?> answer) {
            boolean lost = request instanceof PrewriteRequest prewrite && which.test(prewrite);
            return lost ? FakeCluster.LOST : answer;
          }
        };
  }

  private void loseAll(Set<KvMethod<?, ?>> lost, boolean executed) {
    cluster.fault =
        new FakeCluster.Fault() {
          @Override
          public CompletableFuture<?> before(long store, KvMethod<?, ?> method, Object request) {
            return lost.contains(method) && !executed ? FakeCluster.LOST : null;
          }

          @Override
          public CompletableFuture<?> after(
              long store, KvMethod<?, ?> method, Object request, CompletableFuture<?> answer) {
            return lost.contains(method) ? FakeCluster.LOST : answer;
          }
        };
  }

  private Transaction writing(TransactionOptions options, String... keys) {
    return writing(client, options, keys);
  }

  /** By a client that soon gives up: for what is lost every time. */
  private Transaction writingInVain(TransactionOptions options, String... keys) {
    return writing(impatient, options, keys);
  }

  private static Transaction writing(ClusterClient by, TransactionOptions options, String... keys) {
    Transaction transaction = by.transactions().begin(options);
    for (String key : keys) {
      transaction.put(b(key), b("new"));
    }
    return transaction;
  }

  private static boolean writes(PrewriteRequest request, String key) {
    return request.getMutationsList().stream()
        .anyMatch(mutation -> mutation.getKey().toStringUtf8().equals(key));
  }

  /** The copy that was on its way all the time arrives at last. */
  private void deliverLateCopies() {
    assertEquals(1, delayed.size(), "one copy was under way");
    cluster.fault = FakeCluster.Fault.NONE;
    PrewriteResponse late = cluster.store(1).call(KvMethod.KV_PREWRITE, delayed.get(0)).join();
    assertTrue(late.getErrorsCount() > 0, "a late copy must not find its way in: " + late);
  }

  @Test
  void whereGarbageIsCollectedNothingFoundProvesNothing() {
    firstLostThenRefused(false, request -> true);
    Transaction transaction = writing(TransactionOptions.optimistic(), "a");
    cluster.pd.safePoint = transaction.startTs();
    assertThrows(UndeterminedException.class, transaction::commit);
  }

  @Test
  void aRefusedSecondCopyDoesNotHideThatTheFirstHasCommittedInOnePhase() {
    firstLostThenRefused(true, any -> true);
    CommitResult result = writing(TransactionOptions.pessimistic(), "a", "b").commit();
    assertEquals(Path.ONE_PHASE, result.path());
    assertNotEquals(0, result.commitTs());
    cluster.fault = FakeCluster.Fault.NONE;
    assertEquals("new", read("b"));
    assertEquals("new", s(transactions.snapshot(result.commitTs()).get(b("a"))));
    assertNull(transactions.snapshot(result.commitTs() - 1).get(b("a")));
  }

  @Test
  void aRefusedCommitInOnePhaseStaysRefusedWhenItsFirstCopyArrivesLate() {
    firstLostThenRefused(false, any -> true);
    Transaction transaction = writing(TransactionOptions.pessimistic(), "a", "b");
    assertThrows(TransactionAbortedException.class, transaction::commit);
    deliverLateCopies();
    assertNull(read("a"));
    assertNull(read("b"));
  }

  @Test
  void aRefusedSecondCopyDoesNotHideThatAllKeysOfAnAsynchronousCommitAreWritten() {
    cluster.split(b("m"));
    firstLostThenRefused(true, request -> writes(request, "z"));
    CommitResult result = writing(TransactionOptions.pessimistic(), "a", "z").commit();
    assertEquals(Path.ASYNC, result.path());
    cluster.fault = FakeCluster.Fault.NONE;
    assertEquals("new", read("a"));
    assertEquals("new", s(transactions.snapshot(result.commitTs()).get(b("z"))));
    until("locks are gone", () -> cluster.locks() == 0);
  }

  @Test
  void anAsynchronousCommitThatMissesAKeyIsRolledBackBeforeTheUserHears() {
    cluster.split(b("m"));
    firstLostThenRefused(false, request -> writes(request, "z"));
    Transaction transaction = writing(TransactionOptions.pessimistic(), "a", "z");
    assertThrows(TransactionAbortedException.class, transaction::commit);
    deliverLateCopies();
    until("locks are gone", () -> cluster.locks() == 0);
    assertNull(read("a"));
    assertNull(read("z"));
  }

  @Test
  void aLostPrimaryOfAnAsynchronousCommitThatIsWrittenLateCommitsNothing() {
    cluster.split(b("m"));
    firstLostThenRefused(false, request -> writes(request, "a"));
    Transaction transaction = writing(TransactionOptions.pessimistic(), "a", "z");
    assertThrows(TransactionAbortedException.class, transaction::commit);
    deliverLateCopies();
    until("locks are gone", () -> cluster.locks() == 0);
    assertNull(read("z"));
  }

  @Test
  void lostAnswersThatThePrimaryExplainsAreNoDoubt() {
    loseAll(Set.of(KvMethod.KV_PREWRITE), true);
    assertEquals(
        Path.ONE_PHASE, writingInVain(TransactionOptions.pessimistic(), "a").commit().path());
    loseAll(Set.of(KvMethod.KV_COMMIT), true);
    assertEquals(
        Path.TWO_PHASE,
        writingInVain(plain(TransactionOptions.pessimistic()), "b").commit().path());
    cluster.fault = FakeCluster.Fault.NONE;
    assertEquals("new", read("a"));
    assertEquals("new", read("b"));
  }

  @Test
  void aCommitThatNeverArrivedIsRolledBackAndKnownToBe() {
    loseAll(Set.of(KvMethod.KV_COMMIT), false);
    Transaction transaction = writingInVain(plain(TransactionOptions.pessimistic()), "a");
    KvException failure = assertThrows(KvException.class, transaction::commit);
    assertTrue(!(failure instanceof UndeterminedException), failure.toString());
    cluster.fault = FakeCluster.Fault.NONE;
    assertNull(read("a"));
  }

  @Test
  void aLostCommitIsUndeterminedWhenThePrimaryCannotBeAsked() {
    loseAll(Set.of(KvMethod.KV_COMMIT, KvMethod.KV_CHECK_TXN_STATUS), true);
    Transaction transaction = writingInVain(plain(TransactionOptions.pessimistic()), "a");
    assertThrows(UndeterminedException.class, transaction::commit);
    cluster.fault = FakeCluster.Fault.NONE;
    assertEquals("new", read("a"), "it was committed, and was not rolled back by us");
  }

  @Test
  void aLostOnePhaseCommitIsUndeterminedWhenThePrimaryCannotBeAsked() {
    loseAll(Set.of(KvMethod.KV_PREWRITE, KvMethod.KV_CHECK_TXN_STATUS), true);
    Transaction transaction = writingInVain(TransactionOptions.pessimistic(), "a");
    assertThrows(UndeterminedException.class, transaction::commit);
    cluster.fault = FakeCluster.Fault.NONE;
    assertEquals("new", read("a"));
  }

  @Test
  void aRegionWhereKeysAreOnlyCheckedMakesTheCommitGoTheLongWay() {
    cluster.split(b("m"));
    Transaction transaction = optimistic();
    transaction.insert(b("a"), b("1"));
    transaction.delete(b("a")); // leaves nothing but the check that the key is absent
    transaction.put(b("z"), b("new"));
    assertEquals(Path.TWO_PHASE, transaction.commit().path());
    until("locks are gone", () -> cluster.locks() == 0);
    assertNull(read("a"));
    assertEquals("new", read("z"));
  }

  @Test
  void aTransactionThatOnlyChecksAKeyCommits() {
    for (TransactionOptions options :
        List.of(TransactionOptions.optimistic(), plain(TransactionOptions.optimistic()))) {
      Transaction transaction = transactions.begin(options);
      transaction.insert(b("a"), b("1"));
      transaction.delete(b("a"));
      transaction.commit();
      assertEquals(0, cluster.locks());
      assertNull(read("a"));
    }
  }
}
