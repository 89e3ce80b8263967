package dev.kittiwake.client.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.client.ClientTestBase;
import dev.kittiwake.client.error.AlreadyExistsException;
import dev.kittiwake.client.error.CancelledException;
import dev.kittiwake.client.error.DeadlineExceededException;
import dev.kittiwake.client.error.DeadlockException;
import dev.kittiwake.client.error.LockTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Locks taken before the commit. */
class PessimisticTest extends ClientTestBase {
  private static CompletableFuture<Void> start(Runnable work) {
    return CompletableFuture.runAsync(work);
  }

  private static Throwable failure(CompletableFuture<?> work) {
    return assertThrows(ExecutionException.class, () -> work.get(120, TimeUnit.SECONDS)).getCause();
  }

  @Test
  void aLockSeesTheNewestValueAndLaterReadsNeedNoRequest() {
    given("a=1");
    Transaction transaction = pessimistic();
    assertEquals("1", s(transaction.get(b("a"))));
    given("a=2");
    LockedValues values = transaction.lock(List.of(k("a"), k("b")), LockOptions.VALUES);
    assertEquals("2", s(values.value(k("a"))), "newest, although the snapshot is older");
    assertTrue(values.isKnown(k("b")));
    assertNull(values.value(k("b")));
    long gets = cluster.count("KvGet");
    assertEquals("2", s(transaction.get(b("a"))));
    assertNull(transaction.get(b("b")));
    assertEquals(gets, cluster.count("KvGet"));
    assertTrue(transaction.forUpdateTs() > transaction.startTs());
    transaction.put(b("a"), b("3"));
    transaction.commit();
    assertEquals("3", read("a"));
    until("the lock of b is gone too", () -> cluster.locks() == 0);
  }

  @Test
  void aWaiterGetsTheLockWhenTheOwnerCommitsAndSeesItsValue() throws Exception {
    given("a=1");
    Transaction owner = pessimistic();
    Transaction waiter = pessimistic();
    waiter.startTs();
    owner.lock(List.of(k("a")), LockOptions.VALUES);
    owner.put(b("a"), b("2"));
    long requests = cluster.count("KvPessimisticLock");
    CompletableFuture<Void> waiting =
        start(
            () -> {
              LockedValues values = waiter.lock(List.of(k("a")), LockOptions.VALUES);
              waiter.put(b("a"), b(s(values.value(k("a"))) + "3"));
              waiter.commit();
            });
    until("it waits", () -> cluster.waiting() == 1);
    owner.commit();
    waiting.get(120, TimeUnit.SECONDS);
    assertEquals("23", read("a"));
    assertEquals(requests + 1, cluster.count("KvPessimisticLock"), "the wait is the whole story");
  }

  @Test
  void aLockTakenInSpiteOfANewerCommitIsGivenBackByARollback() {
    given("a=1");
    Transaction transaction = pessimistic();
    transaction.startTs();
    given("a=2");
    transaction.lock(List.of(k("a")), LockOptions.PLAIN);
    assertEquals(1, cluster.locks());
    transaction.rollback();
    until("no lock is left", () -> cluster.locks() == 0);
  }

  @Test
  void ofTwoThatWaitForEachOtherTheNewcomerIsRefused() throws Exception {
    Transaction first = pessimistic();
    Transaction second = pessimistic();
    first.lock(List.of(k("a")), LockOptions.PLAIN);
    second.lock(List.of(k("b")), LockOptions.PLAIN);
    CompletableFuture<Void> waiting = start(() -> first.lock(List.of(k("b")), LockOptions.PLAIN));
    until("it waits", () -> cluster.waiting() == 1);
    assertThrows(DeadlockException.class, () -> second.lock(List.of(k("a")), LockOptions.PLAIN));
    assertTrue(second.isOpen());
    second.rollback();
    waiting.get(120, TimeUnit.SECONDS);
    first.rollback();
    until("no lock is left", () -> cluster.locks() == 0);
  }

  @Test
  void waitingEndsInTimeAndGivesBackWhatTheCallLocked() {
    cluster.split(b("m"));
    Transaction owner = pessimistic();
    owner.lock(List.of(k("z")), LockOptions.PLAIN);
    Transaction other = pessimistic();
    LockTimeoutException noWait =
        assertThrows(
            LockTimeoutException.class,
            () -> other.lock(List.of(k("a"), k("z")), LockOptions.PLAIN.withNoWait()));
    assertTrue(noWait.getMessage().contains("7a"), "names the key: " + noWait.getMessage());
    assertThrows(
        LockTimeoutException.class,
        () ->
            other.lock(
                List.of(k("a"), k("z")), LockOptions.PLAIN.withWait(Duration.ofMillis(150))));
    assertEquals(1, cluster.locks(), "only the owner's lock is left");
    assertTrue(other.isReadOnlySoFar());
    owner.rollback();
    other.lock(List.of(k("a"), k("z")), LockOptions.PLAIN);
    other.rollback();
  }

  @Test
  void cancelAndDeadlineEndAWaitAndTheLateLockIsGivenBack() {
    Transaction owner = pessimistic();
    owner.lock(List.of(k("a")), LockOptions.PLAIN);
    Transaction other = pessimistic();
    CompletableFuture<Void> waiting = start(() -> other.lock(List.of(k("a")), LockOptions.PLAIN));
    until("it waits", () -> cluster.waiting() == 1);
    other.cancel();
    assertInstanceOf(CancelledException.class, failure(waiting));
    other.setDeadline(Duration.ofMillis(50));
    assertThrows(
        DeadlineExceededException.class, () -> other.lock(List.of(k("a")), LockOptions.PLAIN));
    other.setDeadline(null);
    owner.rollback();
    until("late locks are given back", () -> cluster.locks() == 0 && cluster.waiting() == 0);
    other.rollback();
  }

  @Test
  void mustNotExistIsCheckedWhenLocking() {
    given("a=1");
    Transaction transaction = pessimistic();
    LockOptions absent = LockOptions.PLAIN.withMustNotExist(Set.of(k("a"), k("b")));
    assertThrows(
        AlreadyExistsException.class, () -> transaction.lock(List.of(k("a"), k("b")), absent));
    assertTrue(transaction.isReadOnlySoFar(), "all of the failed call is given back");
    transaction.lock(List.of(k("b")), absent);
    transaction.insert(b("b"), b("2"));
    assertThrows(AlreadyExistsException.class, () -> transaction.insert(b("b"), b("3")));
    transaction.commit();
    assertEquals("2", read("b"));
  }

  @Test
  void deleteThenInsertOfTheSameKeyIsAllowed() {
    given("a=1");
    Transaction transaction = pessimistic();
    transaction.lock(List.of(k("a")), LockOptions.VALUES);
    transaction.delete(b("a"));
    transaction.lock(List.of(k("a")), LockOptions.PLAIN.withMustNotExist(Set.of(k("a"))));
    transaction.insert(b("a"), b("2"));
    transaction.commit();
    assertEquals("2", read("a"));
  }

  @Test
  void onlyIfExistsLeavesAbsentKeysUnlocked() {
    given("a=1");
    Transaction transaction = pessimistic();
    LockedValues values =
        transaction.lock(List.of(k("a"), k("b")), LockOptions.PLAIN.withOnlyIfExists(true));
    assertEquals("1", s(values.value(k("a"))));
    assertNull(values.value(k("b")));
    assertEquals(1, cluster.locks());
    transaction.rollback();
    assertEquals(0, cluster.locks());
  }

  @Test
  void locksWithoutWritesAreGivenBackByCommit() {
    Transaction transaction = pessimistic();
    transaction.lock(List.of(k("a")), LockOptions.PLAIN);
    assertEquals(CommitResult.Path.NOTHING, transaction.commit().path());
    assertEquals(0, cluster.locks());
    assertFalse(transaction.isOpen());
  }

  @Test
  void currentReadSeesWhatTheSnapshotDoesNot() {
    given("a=1");
    Transaction transaction = pessimistic();
    assertEquals("1", s(transaction.get(b("a"))));
    given("a=2", "b=2");
    transaction.put(b("c"), b("own"));
    assertEquals(
        "a=2 b=2 c=own", rest(transaction.currentRead().scan(b(""), b(""), ScanOptions.FORWARD)));
    assertEquals("1", s(transaction.get(b("a"))), "the snapshot stays");
    transaction.refreshReadTs();
    assertEquals("2", s(transaction.get(b("a"))));
    transaction.rollback();
  }
}
