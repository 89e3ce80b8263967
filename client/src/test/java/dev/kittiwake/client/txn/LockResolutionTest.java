package dev.kittiwake.client.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kittiwake.client.ClientConfig;
import dev.kittiwake.client.ClientTestBase;
import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.error.KvException;
import dev.kittiwake.client.fake.FakeCluster;
import dev.kittiwake.proto.rpc.KvMethod;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a client that died leaves behind. */
class LockResolutionTest extends ClientTestBase {
  /** A client whose calls of some methods never arrive; it commits, and is gone. */
  private void dieCommitting(TransactionOptions options, Set<String> lost, String... keys) {
    dieWriting(options, lost, "", keys);
  }

  /** As above; prewrites of keys that start with {@code lostKey} (if not empty) get lost too. */
  private void dieWriting(
      TransactionOptions options, Set<String> lost, String lostKey, String... keys) {
    cluster.fault =
        new FakeCluster.Fault() {
          @Override
          public CompletableFuture<?> before(long store, KvMethod<?, ?> method, Object request) {
            boolean lostPrewrite =
                !lostKey.isEmpty()
                    && request instanceof dev.kittiwake.proto.kvrpcpb.PrewriteRequest
                    && ((dev.kittiwake.proto.kvrpcpb.PrewriteRequest) request)
                        .getMutations(0)
                        .getKey()
                        .toStringUtf8()
                        .startsWith(lostKey);
            return lost.contains(method.name()) || lostPrewrite
                ? CompletableFuture.failedFuture(
                    Status.PERMISSION_DENIED.asRuntimeException()) // not worth a retry
                : null;
          }
        };
    try (ClusterClient dying = cluster.client(ClientConfig.DEFAULT)) {
      Transaction transaction = dying.transactions().begin(options);
      for (String key : keys) {
        transaction.put(b(key), b("new"));
      }
      try {
        transaction.commit();
      } catch (KvException expected) {
        assertEquals(KvException.class, expected.getClass(), expected.toString());
      }
    }
    cluster.fault = FakeCluster.Fault.NONE;
  }

  private static final Set<String> NO_COMMIT = Set.of("KvCommit", "KvBatchRollback");

  @Test
  void deadBetweenPrewriteAndCommitIsRolledBackOnceItsLocksExpire() {
    cluster.split(b("m"));
    given("a=old", "z=old");
    dieCommitting(plain(TransactionOptions.optimistic()), NO_COMMIT, "a", "z");
    assertEquals(2, cluster.locks());
    cluster.advanceMillis(10_000);
    Transaction transaction = optimistic();
    transaction.put(b("z"), b("mine"));
    transaction.commit();
    assertEquals("mine", read("z"));
    assertEquals("old", read("a"));
    until("its locks are gone", () -> cluster.locks() == 0);
  }

  @Test
  void aReaderIsNotKeptWaitingByALivingTransaction() {
    given("a=old", "z=old");
    dieCommitting(plain(TransactionOptions.optimistic()), NO_COMMIT, "a", "z");
    assertEquals("old", read("z"), "pushed the transaction behind the read");
    assertEquals(
        "a=old z=old",
        rest(transactions.latestSnapshot().scan(b(""), b(""), ScanOptions.REVERSE))
            .replace("z=old a=old", "a=old z=old"));
    assertEquals(2, transactions.latestSnapshot().batchGet(List.of(k("a"), k("z"))).size());
  }

  @Test
  void deadAfterThePrimaryWasCommittedIsFinishedByAReader() {
    cluster.split(b("m"));
    given("a=old", "z=old");
    int[] commits = new int[1];
    cluster.fault =
        new FakeCluster.Fault() {
          @Override
          public CompletableFuture<?> before(long store, KvMethod<?, ?> method, Object request) {
            return method == KvMethod.KV_COMMIT && ++commits[0] > 1
                ? CompletableFuture.failedFuture(Status.PERMISSION_DENIED.asRuntimeException())
                : null;
          }
        };
    Transaction transaction = transactions.begin(plain(TransactionOptions.optimistic()));
    transaction.put(b("a"), b("new"));
    transaction.put(b("z"), b("new"));
    transaction.commit();
    until("the secondary was tried", () -> commits[0] == 2);
    cluster.fault = FakeCluster.Fault.NONE;
    assertEquals(1, cluster.locks());
    assertEquals("new", read("z"));
    until("the reader finished it", () -> cluster.locks() == 0);
  }

  @Test
  void anAsyncCommitWhoseClientDiedIsCommittedIfAllKeysAreWritten() {
    cluster.split(b("m"));
    given("a=old", "z=old");
    dieCommitting(TransactionOptions.optimistic(), NO_COMMIT, "a", "z");
    assertEquals(2, cluster.locks());
    cluster.advanceMillis(10_000);
    assertEquals("new", read("z"));
    assertEquals("new", read("a"));
    until("its locks are gone", () -> cluster.locks() == 0);
  }

  @Test
  void anAsyncCommitWhoseClientDiedIsRolledBackIfAKeyIsMissing() {
    cluster.split(b("m"));
    given("a=old", "z=old");
    dieWriting(TransactionOptions.optimistic(), NO_COMMIT, "z", "a", "z");
    assertEquals(1, cluster.locks(), "the secondary was never written");
    cluster.advanceMillis(10_000);
    assertEquals("old", read("a"));
    assertEquals("old", read("z"));
    until("its locks are gone", () -> cluster.locks() == 0);
  }

  @Test
  void pessimisticLocksOfADeadClientGiveWayOnceTheyExpire() {
    given("a=old");
    Transaction dead;
    try (ClusterClient dying = cluster.client(ClientConfig.DEFAULT)) {
      dead = dying.transactions().begin(TransactionOptions.pessimistic());
      dead.lock(List.of(k("a"), k("b")), LockOptions.PLAIN);
    }
    Transaction transaction = pessimistic();
    cluster.advanceMillis(60_000);
    transaction.lock(List.of(k("a"), k("b")), LockOptions.VALUES);
    transaction.put(b("a"), b("mine"));
    transaction.commit();
    assertEquals("mine", read("a"));
    assertNull(read("b"));
  }

  @Test
  void heartbeatsKeepTheLocksOfALivingClient() {
    ClientConfig quick =
        ClientConfig.DEFAULT.withTransactions(
            ClientConfig.TransactionConfig.DEFAULT.withLockTimes(3_000, 60_000, 20));
    try (ClusterClient living = cluster.client(quick)) {
      Transaction owner = living.transactions().begin(TransactionOptions.pessimistic());
      owner.lock(List.of(k("a")), LockOptions.PLAIN);
      until("it beats", () -> cluster.count("KvTxnHeartBeat") >= 2);
      owner.put(b("a"), b("1"));
      owner.commit();
      until("the beats found their end", () -> cluster.locks() == 0);
      assertEquals("1", read("a"));
    }
  }

  @Test
  void whoLostItsLocksLearnsItAtCommit() {
    given("a=old");
    Transaction slow = pessimistic();
    slow.lock(List.of(k("a")), LockOptions.PLAIN);
    slow.put(b("a"), b("slow"));
    cluster.advanceMillis(Duration.ofMinutes(5).toMillis());
    Transaction other = pessimistic();
    other.lock(List.of(k("a")), LockOptions.PLAIN);
    other.put(b("a"), b("other"));
    other.commit();
    assertThrows(dev.kittiwake.client.error.TransactionConflictException.class, slow::commit);
    assertEquals("other", read("a"));
  }
}
