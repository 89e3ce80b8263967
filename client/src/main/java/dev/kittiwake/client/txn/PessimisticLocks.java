package dev.kittiwake.client.txn;

import dev.kittiwake.client.CallScope;
import dev.kittiwake.client.error.AlreadyExistsException;
import dev.kittiwake.client.error.LockTimeoutException;
import dev.kittiwake.client.error.WriteConflictException;
import dev.kittiwake.client.region.Backoff;
import dev.kittiwake.client.region.KvCall;
import dev.kittiwake.client.region.Part;
import dev.kittiwake.client.region.RegionRouter;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.proto.kvrpcpb.KeyError;
import dev.kittiwake.proto.kvrpcpb.LockInfo;
import dev.kittiwake.proto.kvrpcpb.PessimisticLockKeyResult;
import dev.kittiwake.proto.kvrpcpb.PessimisticLockResponse;
import dev.kittiwake.proto.kvrpcpb.PessimisticRollbackRequest;
import dev.kittiwake.proto.kvrpcpb.WriteConflict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The pessimistic locks of one transaction. One request per region takes all its keys or none; a
 * newer commit raises {@link #forUpdateTs}, and the request is repeated unless it was for one key,
 * which the store locks all the same; the store waits for locks of others and refuses a wait that
 * would close a cycle. The first key locked is the primary, whose heartbeat keeps all alive.
 *
 * <p>One thread. Waits through the transaction's scope.
 */
final class PessimisticLocks {
  /**
   * A lock we hold.
   *
   * @param isKnown whether {@code value} tells what is committed under the lock; it stays so
   * @param value null if absent
   */
  record Held(boolean isKnown, byte[] value) {}

  private static final int MAX_CONFLICTS = 1_000;

  private final TxnEnvironment env;
  private final CallScope scope;
  private final long startTs;
  private final long begunNanos;
  private final long defaultWaitMillis;
  private final TreeMap<Key, Held> held = new TreeMap<>();
  private Key primary; // null while nothing is locked
  private long forUpdateTs;
  private CompletableFuture<Long> newer; // on its way: forUpdateTs is to be at least this; or null
  private long lockedAt; // the largest for_update_ts that a lock of ours is known to have
  private int grants; // answers, each of one region, that gave locks
  private Heartbeats.Beating heartbeat; // null while nothing is locked

  PessimisticLocks(
      TxnEnvironment env, CallScope scope, long startTs, long begunNanos, long defaultWaitMillis) {
    this.env = env;
    this.scope = scope;
    this.startTs = startTs;
    this.begunNanos = begunNanos;
    this.defaultWaitMillis = defaultWaitMillis;
    this.forUpdateTs = startTs;
    this.lockedAt = startTs;
  }

  long forUpdateTs() {
    if (newer != null) {
      if (newer.isCompletedExceptionally()) {
        askForNewer();
      }
      raiseForUpdateTs(scope.await(newer));
      newer = null;
    }
    return forUpdateTs;
  }

  /**
   * The store has locked a key with a commit newer than {@link #forUpdateTs}. The timestamp is
   * asked for at once but awaited by whoever needs it: the lock is held meanwhile and others want
   * it.
   *
   * <p>Always a timestamp of the oracle, never the conflicting commit's: stores derive commit
   * timestamps from the largest they have seen, and must not run ahead of the oracle.
   */
  private void askForNewer() {
    newer = env.pd.timestamp();
  }

  void raiseForUpdateTs(long ts) {
    forUpdateTs = Timestamp.max(forUpdateTs, ts);
    lockedAt = Timestamp.max(lockedAt, ts);
  }

  boolean isEmpty() {
    return held.isEmpty();
  }

  /**
   * Whether all locks were given in one step. Then what they showed is of one moment; otherwise it
   * is only if the earlier locks were still held when the later ones were taken, and stores may
   * have lost them meanwhile.
   */
  boolean givenAtOnce() {
    return grants <= 1;
  }

  /** The lock held on {@code key}; null if none. */
  Held held(Key key) {
    return held.get(key);
  }

  Collection<Key> keys() {
    return held.keySet();
  }

  /** The transaction's primary key; null if nothing is locked. */
  Key primary() {
    return primary;
  }

  LockedValues lock(Collection<Key> keys, LockOptions options) {
    TreeSet<Key> wanted = new TreeSet<>(keys);
    List<Key> missing = new ArrayList<>();
    for (Key key : wanted) {
      Held lock = held.get(key);
      boolean needsValue = options.returnValues() || options.mustNotExist().contains(key);
      if (lock == null || (needsValue && !lock.isKnown())) {
        missing.add(key);
      } else if (options.mustNotExist().contains(key) && lock.value() != null) {
        throw new AlreadyExistsException(key);
      }
    }
    if (!missing.isEmpty()) {
      acquire(missing, options);
    }
    TreeMap<Key, byte[]> values = new TreeMap<>();
    for (Key key : wanted) {
      Held lock = held.get(key);
      if (lock != null && lock.isKnown()) {
        values.put(key, lock.value());
      } else if (lock == null) {
        values.put(key, null); // left unlocked because it is absent
      }
    }
    return new LockedValues(values);
  }

  private void acquire(List<Key> keys, LockOptions options) {
    List<Key> fresh = keys.stream().filter(key -> !held.containsKey(key)).toList();
    boolean first = primary == null;
    if (first) {
      primary = keys.get(0);
    }
    LockAttempt attempt = new LockAttempt(options);
    boolean done = false;
    try {
      List<Key> pending = keys;
      if (first) {
        List<Key> withPrimary = regionOfPrimary(keys);
        attempt.takeAll(withPrimary);
        TreeSet<Key> rest = new TreeSet<>(keys);
        withPrimary.forEach(rest::remove);
        pending = List.copyOf(rest);
      }
      attempt.takeAll(pending);
      done = true;
    } finally {
      if (!done) {
        giveBack(fresh, attempt.inFlight);
      }
      if (held.isEmpty()) {
        primary = null;
      } else if (!held.containsKey(primary)) {
        primary = held.firstKey(); // the wanted one does not exist and was left unlocked
      }
      if (!held.isEmpty() && heartbeat == null) {
        heartbeat = env.heartbeats.start(startTs, primary, begunNanos);
      }
    }
  }

  private List<Key> regionOfPrimary(List<Key> keys) {
    List<RegionRouter.Group<Key>> groups =
        scope.await(env.router.group(keys, TxnEnvironment::stored));
    for (RegionRouter.Group<Key> group : groups) {
      if (group.items().contains(primary)) {
        return group.items();
      }
    }
    throw new IllegalStateException("no region holds key " + primary);
  }

  /** One call of {@link #lock} at work. */
  private final class LockAttempt {
    private final LockOptions options;
    private final long waitNanos;
    private final long begun = env.runtime.nanos().getAsLong();
    private int conflicts;
    private CompletableFuture<?> inFlight = CompletableFuture.completedFuture(null);

    LockAttempt(LockOptions options) {
      this.options = options;
      this.waitNanos =
          options.waitMillis() == LockOptions.DEFAULT_WAIT
              ? TimeUnit.MILLISECONDS.toNanos(defaultWaitMillis)
              : TimeUnit.MILLISECONDS.toNanos(Math.max(0, options.waitMillis()));
    }

    void takeAll(List<Key> keys) {
      List<Key> pending = keys;
      while (!pending.isEmpty()) {
        Backoff backoff = env.readBudget(scope, "pessimistic lock");
        long sent = env.runtime.nanos().getAsLong();
        CompletableFuture<List<Part<Key, PessimisticLockResponse>>> answers =
            send(pending, backoff);
        inFlight = answers;
        List<Key> again = new ArrayList<>();
        List<LockInfo> locks = new ArrayList<>();
        for (Part<Key, PessimisticLockResponse> part : scope.await(answers)) {
          if (part.response().getErrorsCount() == 0) {
            took(part);
          } else {
            again.addAll(part.items());
            part.response().getErrorsList().forEach(error -> refused(error, locks));
          }
        }
        if (!locks.isEmpty()) {
          passLocks(locks, backoff, env.runtime.nanos().getAsLong() - sent);
        }
        pending = again;
      }
    }

    private CompletableFuture<List<Part<Key, PessimisticLockResponse>>> send(
        List<Key> keys, Backoff backoff) {
      PessimisticLockRequests requests =
          new PessimisticLockRequests(
              startTs,
              forUpdateTs(),
              primary,
              env.config.transactions().lockTtlMillis() + aliveMillis(),
              held.isEmpty(),
              waitFor(),
              options);
      return env.router.sendGrouped(
          KvCall.PESSIMISTIC_LOCK, keys, TxnEnvironment::stored, requests::request, backoff);
    }

    /** What the store is told to wait: milliseconds, or -1 for not at all. */
    private long waitFor() {
      if (waitNanos == 0) {
        return -1;
      }
      long left = waitNanos - (env.runtime.nanos().getAsLong() - begun);
      return Math.max(1, Math.min(TimeUnit.NANOSECONDS.toMillis(left), 1_000));
    }

    private void took(Part<Key, PessimisticLockResponse> part) {
      grants++;
      PessimisticLockResponse response = part.response();
      for (int i = 0; i < part.items().size(); i++) {
        took(part.items().get(i), options.returnValues() ? value(response, i) : null);
      }
      long newerCommit =
          response.getResultsCount() == 0 ? 0 : response.getResults(0).getLockedWithConflictTs();
      if (newerCommit != 0) {
        lockedAt = Timestamp.max(lockedAt, newerCommit);
        askForNewer();
      }
    }

    private void took(Key key, byte[] value) {
      if (options.onlyIfExists() && value == null && !held.containsKey(key)) {
        return; // not locked
      }
      boolean known = options.returnValues() || options.mustNotExist().contains(key);
      held.put(key, new Held(known, value));
    }

    /** What the answer says about its {@code i}-th key; null if that is absent. */
    private byte[] value(PessimisticLockResponse response, int i) {
      if (i < response.getResultsCount()) { // the answer to a request for one key
        PessimisticLockKeyResult result = response.getResults(i);
        return result.getExistence() ? result.getValue().toByteArray() : null;
      }
      boolean exists = i < response.getNotFoundsCount() && !response.getNotFounds(i);
      return exists ? response.getValues(i).toByteArray() : null;
    }

    /** Collects locks to wait for, raises the timestamp for a conflict, throws everything else. */
    private void refused(KeyError error, List<LockInfo> locks) {
      if (error.hasLocked()) {
        locks.add(error.getLocked());
        return;
      }
      boolean newer =
          error.hasConflict()
              && error.getConflict().getReason() != WriteConflict.Reason.SelfRolledBack;
      if (!newer) {
        throw KeyErrors.exception(error, startTs);
      }
      if (++conflicts > MAX_CONFLICTS) {
        throw new WriteConflictException(
            KeyErrors.exception(error, startTs).getMessage()
                + "; still so after "
                + MAX_CONFLICTS
                + " attempts to lock");
      }
      askForNewer();
    }

    private void passLocks(List<LockInfo> locks, Backoff backoff, long waitedNanos) {
      long aliveMillis = scope.await(env.resolver.forWrite(locks, backoff));
      if (aliveMillis == 0) {
        return;
      }
      long elapsed = env.runtime.nanos().getAsLong() - begun;
      if (elapsed >= waitNanos) {
        throw new LockTimeoutException(
            KeyErrors.describe(locks.get(0))
                + (waitNanos == 0
                    ? "; not waiting for it"
                    : "; gave up waiting after " + TimeUnit.NANOSECONDS.toMillis(elapsed) + " ms"));
      }
      if (waitedNanos < TimeUnit.MILLISECONDS.toNanos(20)) {
        scope.await(env.runtime.pause(10)); // the store did not wait for us
      }
    }
  }

  long aliveMillis() {
    return TimeUnit.NANOSECONDS.toMillis(env.runtime.nanos().getAsLong() - begunNanos);
  }

  /** Releases what a failed call may have locked, once its last request is answered. */
  private void giveBack(List<Key> keys, CompletableFuture<?> inFlight) {
    keys.forEach(held::remove);
    long known = lockedAt;
    CompletableFuture<Void> released =
        inFlight
            .handle((done, failure) -> failure == null)
            .thenCompose(
                answered ->
                    // A lost answer may have told of a lock at a commit that is not known here.
                    answered ? CompletableFuture.completedFuture(known) : env.pd.timestamp())
            .thenCompose(upTo -> rollback(keys, Timestamp.max(upTo, known)));
    env.background.track("release of locks", released);
    if (inFlight.isDone()) {
      awaitBriefly(released);
    }
  }

  /** Releases all locks; waits for it a moment, so that others find them free afterwards. */
  void releaseAll() {
    List<Key> keys = List.copyOf(held.keySet());
    held.clear();
    stopHeartbeat();
    if (!keys.isEmpty()) {
      CompletableFuture<Void> released = rollback(keys, lockedAt);
      env.background.track("release of locks", released);
      awaitBriefly(released);
    }
  }

  /**
   * A failure or a slow store does not matter: locks that stay are resolved by whom they bother.
   */
  private void awaitBriefly(CompletableFuture<Void> released) {
    CompletableFuture<Void> either = released.handle((done, failure) -> null);
    if (either.isDone()) {
      return;
    }
    ScheduledFuture<?> patience =
        env.runtime.timer().schedule(() -> either.complete(null), 2, TimeUnit.SECONDS);
    env.runtime.await(either);
    patience.cancel(false);
  }

  void stopHeartbeat() {
    if (heartbeat != null) {
      heartbeat.close();
      heartbeat = null;
    }
  }

  private CompletableFuture<Void> rollback(List<Key> keys, long upToForUpdateTs) {
    return env.router
        .sendGrouped(
            KvCall.PESSIMISTIC_ROLLBACK,
            keys,
            TxnEnvironment::stored,
            (region, part) ->
                PessimisticRollbackRequest.newBuilder()
                    .setContext(region.context())
                    .setStartVersion(startTs)
                    .setForUpdateTs(upToForUpdateTs)
                    .addAllKeys(part.stream().map(TxnEnvironment::wire).toList())
                    .build(),
            env.writeBudget(null, "release of locks"))
        .thenAccept(parts -> {});
  }

  /** Values known under locks, for reads of the same transaction. */
  Map<Key, Held> all() {
    return held;
  }
}
