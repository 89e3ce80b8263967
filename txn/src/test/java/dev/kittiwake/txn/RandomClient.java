package dev.kittiwake.txn;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.txn.RandomWorld.Kind;
import dev.kittiwake.txn.command.Assertion;
import dev.kittiwake.txn.command.CheckSecondaryLocks;
import dev.kittiwake.txn.command.CheckSecondaryLocksResult;
import dev.kittiwake.txn.command.CheckTxnStatus;
import dev.kittiwake.txn.command.CheckTxnStatusResult;
import dev.kittiwake.txn.command.Command;
import dev.kittiwake.txn.command.Commit;
import dev.kittiwake.txn.command.CommitShortcut;
import dev.kittiwake.txn.command.KeyError;
import dev.kittiwake.txn.command.LockTarget;
import dev.kittiwake.txn.command.Mutation;
import dev.kittiwake.txn.command.MutationType;
import dev.kittiwake.txn.command.Outcome;
import dev.kittiwake.txn.command.PessimisticAction;
import dev.kittiwake.txn.command.PessimisticLock;
import dev.kittiwake.txn.command.PessimisticRollback;
import dev.kittiwake.txn.command.Prewrite;
import dev.kittiwake.txn.command.PrewriteResult;
import dev.kittiwake.txn.command.ResolveLocks;
import dev.kittiwake.txn.command.ResolveRegion;
import dev.kittiwake.txn.command.Rollback;
import dev.kittiwake.txn.command.ScanLock;
import dev.kittiwake.txn.command.ScanLockResult;
import dev.kittiwake.txn.command.TxnHeader;
import dev.kittiwake.txn.command.TxnRejected;
import dev.kittiwake.txn.command.TxnStatusAction;
import dev.kittiwake.txn.command.WakeUpMode;
import dev.kittiwake.txn.mvcc.Direction;
import dev.kittiwake.txn.mvcc.Isolation;
import dev.kittiwake.txn.mvcc.Lock;
import dev.kittiwake.txn.mvcc.LockedKey;
import dev.kittiwake.txn.mvcc.ReadView;
import dev.kittiwake.txn.read.Found;
import dev.kittiwake.txn.read.PointReader;
import dev.kittiwake.txn.read.RangeReader;
import dev.kittiwake.txn.read.Row;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * One transaction: reads some keys at its start ts, then writes some, commits one way or another,
 * or dies. Follows the client's side of the protocol.
 */
final class RandomClient {
  enum Fate {
    OPEN,
    COMMITTED,
    ROLLED_BACK,
    /** Died, or gave up without an answer: the store alone knows. */
    UNKNOWN
  }

  private static final long TTL_MILLIS = 30;

  private final RandomWorld world;
  final int name;
  final long startTs;
  final Map<Key, byte[]> reads = new TreeMap<>(); // what was read; null = absent
  final Map<Key, Mutation> writes = new TreeMap<>();
  private final TreeSet<Long> resolved = new TreeSet<>();
  private final Deque<Runnable> plan = new ArrayDeque<>(); // steps to take, in order
  private boolean waiting; // for a reply
  private boolean dead;
  private boolean repeated; // some request was sent twice
  private final boolean immortal;
  private long forUpdateTs; // not 0: pessimistic
  private Key primary;
  Fate fate = Fate.OPEN;
  long commitTs;

  RandomClient(RandomWorld world, int name) {
    this(world, name, false);
    int count = 1 + world.random.nextInt(3);
    for (int i = 0; i < count; i++) {
      Key key = anyKey();
      plan.add(world.random.nextInt(4) == 0 ? this::scan : () -> read(key));
    }
    choosePlan();
  }

  private RandomClient(RandomWorld world, int name, boolean immortal) {
    this.world = world;
    this.name = name;
    this.immortal = immortal;
    this.startTs = world.timestamp();
    say("begins at " + ts(startTs));
  }

  /** One that resolves every lock, as is done before garbage collection, and reads every key. */
  static RandomClient readerOfAll(RandomWorld world, int name) {
    RandomClient client = new RandomClient(world, name, true);
    client.plan.add(client::resolveAll);
    RandomWorld.KEYS.forEach(key -> client.plan.add(() -> client.read(key)));
    return client;
  }

  private void choosePlan() {
    List<Key> keys = new ArrayList<>(RandomWorld.KEYS);
    Collections.shuffle(keys, world.random);
    keys = keys.subList(0, world.random.nextInt(4));
    if (keys.isEmpty()) {
      return;
    }
    primary = keys.get(0);
    boolean pessimistic = world.random.nextInt(3) == 0;
    for (Key key : keys) {
      writes.put(key, mutation(key, pessimistic));
      if (pessimistic) {
        plan.add(() -> lock(key));
      }
    }
    if (pessimistic) {
      forUpdateTs = startTs;
    }
    switch (world.random.nextInt(4)) {
      case 0:
        plan.add(this::onePhase);
        break;
      case 1:
        plan.add(() -> prewriteEach(true));
        break;
      default:
        plan.add(() -> prewriteEach(false));
    }
  }

  private Mutation mutation(Key key, boolean pessimistic) {
    int dice = world.random.nextInt(6);
    MutationType type =
        dice == 0 ? MutationType.DELETE : dice == 1 ? MutationType.LOCK : MutationType.PUT;
    byte[] value = null;
    if (type == MutationType.PUT) {
      String text = "by " + name;
      value = (dice == 2 ? text.repeat(100) : text).getBytes(StandardCharsets.UTF_8);
    }
    PessimisticAction action =
        pessimistic
            ? PessimisticAction.DO_PESSIMISTIC_CHECK
            : PessimisticAction.SKIP_PESSIMISTIC_CHECK;
    return new Mutation(type, key, value, Assertion.NONE, action, 0);
  }

  boolean canStep() {
    return !dead && !waiting && !plan.isEmpty();
  }

  void step() {
    if (!immortal && world.random.nextInt(40) == 0) {
      say("dies");
      world.happened(Kind.DIED);
      dead = true;
      if (fate == Fate.OPEN) {
        fate = Fate.UNKNOWN;
      }
      return;
    }
    plan.removeFirst().run();
  }

  private void send(Command<?> command, Consumer<Object> then) {
    say("sends " + command);
    waiting = true;
    world.submit(
        command,
        reply -> {
          waiting = false;
          if (!dead) {
            say("gets " + (reply instanceof TxnRejected r ? r.getMessage() : reply));
            then.accept(reply);
          }
        });
    // A request may be sent twice by a nervous network; replies to the second one are lost.
    if (world.random.nextInt(8) == 0) {
      repeated = true;
      world.submit(command, reply -> say("repeated, got " + reply));
    }
  }

  // --- reading

  private ReadView view() {
    return new ReadView(
        startTs,
        Isolation.SNAPSHOT,
        resolved.stream().mapToLong(Long::longValue).toArray(),
        new long[0],
        false);
  }

  private void read(Key key) {
    LockedKey inFlight = world.memory.beforeRead(key, view());
    if (inFlight != null) {
      blockedInFlight(() -> read(key));
      return;
    }
    try (PointReader reader = new PointReader(world.store.snapshot(), view())) {
      Found found = reader.get(key);
      saw(key, found == null ? null : found.value());
    } catch (TxnRejected rejected) {
      blocked(((KeyError.Locked) rejected.reason()).locked(), () -> read(key));
    }
  }

  private void scan() {
    if (world.memory.beforeRead(KeyRange.ALL, view()) != null) {
      blockedInFlight(this::scan);
      return;
    }
    Direction direction = world.random.nextBoolean() ? Direction.FORWARD : Direction.BACKWARD;
    Map<Key, byte[]> found = new TreeMap<>();
    for (Row row :
        new RangeReader(world.store.snapshot(), view()).scan(KeyRange.ALL, direction, 10, false)) {
      if (row.error() != null) {
        blocked(((KeyError.Locked) row.error()).locked(), this::scan);
        return;
      }
      found.put(row.key(), row.value());
    }
    RandomWorld.KEYS.forEach(key -> saw(key, found.get(key)));
  }

  private void blockedInFlight(Runnable again) {
    world.happened(Kind.READ_BLOCKED_IN_FLIGHT);
    plan.addFirst(again);
  }

  private void saw(Key key, byte[] value) {
    say("reads " + name(key) + " = " + (value == null ? "nothing" : value.length + " bytes"));
    if (reads.containsKey(key) && !Arrays.equals(reads.get(key), value)) {
      throw new AssertionError("T" + name + " read " + name(key) + " twice, and differently");
    }
    reads.put(key, value);
  }

  private void blocked(LockedKey locked, Runnable again) {
    world.happened(Kind.READ_BLOCKED);
    plan.addFirst(again);
    resolve(locked);
  }

  // --- resolving others

  private void resolveAll() {
    send(
        new ScanLock(KeyRange.ALL, startTs, 0),
        reply -> {
          List<LockedKey> locks = ((ScanLockResult) reply).locks();
          if (!locks.isEmpty()) {
            plan.addFirst(this::resolveAll);
            resolve(locks.get(0));
          }
        });
  }

  private void resolve(LockedKey locked) {
    Lock lock = locked.lock();
    long now = world.timestamp();
    send(
        new CheckTxnStatus(
            lock.primary(), lock.startTs(), startTs, now, true, false, lock.isPessimistic(), false),
        reply -> {
          if (reply instanceof CheckTxnStatusResult status) {
            resolve(locked, status);
          }
        });
  }

  private void resolve(LockedKey locked, CheckTxnStatusResult status) {
    long ts = locked.lock().startTs();
    if (status.ttlMillis() != 0) {
      if (status.action() == TxnStatusAction.MIN_COMMIT_TS_PUSHED) {
        resolved.add(ts);
      } else if (status.locked().lock().asyncCommit()
          && status.locked().lock().isExpired(world.timestamp())) {
        resolveAsync(status.locked().lock());
      }
      return;
    }
    if (status.action() != TxnStatusAction.LOCK_NOT_EXIST_DO_NOTHING
        && status.action() != TxnStatusAction.TTL_EXPIRE_PESSIMISTIC_ROLLBACK) {
      end(ts, status.commitTs(), List.of(locked.key()));
    } else {
      send(new PessimisticRollback(List.of(locked.key()), ts, Timestamp.MAX), reply -> {});
    }
  }

  private void resolveAsync(Lock primaryLock) {
    long ts = primaryLock.startTs();
    List<Key> keys = new ArrayList<>(primaryLock.secondaries());
    keys.add(primaryLock.primary());
    if (primaryLock.secondaries().isEmpty()) {
      end(ts, primaryLock.minCommitTs(), keys);
      return;
    }
    send(
        new CheckSecondaryLocks(primaryLock.secondaries(), ts),
        reply -> {
          CheckSecondaryLocksResult result = (CheckSecondaryLocksResult) reply;
          if (result.commitTs() != 0) {
            end(ts, result.commitTs(), keys);
          } else if (result.locks().size() < primaryLock.secondaries().size()) {
            end(ts, 0, keys);
          } else if (result.locks().stream().allMatch(l -> l.lock().asyncCommit())) {
            long commit = primaryLock.minCommitTs();
            for (LockedKey one : result.locks()) {
              commit = Timestamp.max(commit, one.lock().minCommitTs());
            }
            end(ts, commit, keys);
          } else {
            forceSync(primaryLock);
          }
        });
  }

  private void forceSync(Lock primaryLock) {
    send(
        new CheckTxnStatus(
            primaryLock.primary(),
            primaryLock.startTs(),
            startTs,
            world.timestamp(),
            true,
            true,
            false,
            false),
        reply -> {});
  }

  private void end(long ts, long endTs, List<Key> keys) {
    world.happened(endTs == 0 ? Kind.RESOLVED_ROLLBACK : Kind.RESOLVED_COMMIT);
    send(
        world.random.nextBoolean()
            ? new ResolveLocks(keys, ts, endTs)
            : ResolveRegion.of(KeyRange.ALL, ts, endTs),
        reply -> {
          if (reply instanceof TxnRejected rejected) {
            throw new AssertionError("cannot resolve: " + rejected.getMessage());
          }
        });
  }

  // --- writing

  private TxnHeader header() {
    return new TxnHeader(primary, startTs, forUpdateTs, TTL_MILLIS, writes.size(), startTs + 1);
  }

  private void lock(Key key) {
    world.happened(Kind.PESSIMISTIC);
    send(
        new PessimisticLock(
            header(),
            List.of(new LockTarget(key, false)),
            false,
            0,
            world.random.nextBoolean(),
            false,
            false,
            WakeUpMode.NORMAL),
        reply -> {
          if (reply instanceof Outcome.WaitFor<?> wait) {
            if (world.random.nextInt(10) == 0) {
              rollback(); // as if it were a deadlock
            } else {
              blocked(wait.locked(), () -> lock(key));
            }
          } else if (reply instanceof TxnRejected rejected) {
            if (rejected.reason() instanceof KeyError.WriteConflict) {
              forUpdateTs = world.timestamp();
              plan.addFirst(() -> lock(key));
            } else {
              rollback();
            }
          }
        });
  }

  private void onePhase() {
    prewrite(
        new ArrayList<>(writes.values()),
        new CommitShortcut(world.random.nextBoolean(), secondaries(), true, 0),
        this::onePhase,
        result -> {
          if (result.onePhaseCommitTs() != 0) {
            committed(result.onePhaseCommitTs(), Kind.COMMITTED_ONE_PHASE);
          } else if (result.minCommitTs() != 0) {
            committed(result.minCommitTs(), Kind.COMMITTED_ASYNC);
            commitAll();
          } else {
            plan.addFirst(this::commitPrimary);
          }
        });
  }

  private List<Key> secondaries() {
    return writes.keySet().stream().filter(key -> !key.equals(primary)).toList();
  }

  /** Key by key, as if each were in a region of its own; in any order. */
  private void prewriteEach(boolean async) {
    List<Mutation> order = new ArrayList<>(writes.values());
    Collections.shuffle(order, world.random);
    long[] max = {0};
    boolean[] all = {async};
    for (int i = order.size() - 1; i >= 0; i--) {
      Mutation one = order.get(i);
      boolean last = i == order.size() - 1;
      plan.addFirst(() -> prewriteOne(one, all, max, last));
    }
  }

  private void prewriteOne(Mutation one, boolean[] async, long[] max, boolean last) {
    long limit = world.random.nextInt(10) == 0 ? startTs + 5 : 0;
    CommitShortcut shortcut =
        async[0] ? new CommitShortcut(true, secondaries(), false, limit) : CommitShortcut.NONE;
    prewrite(
        List.of(one),
        shortcut,
        () -> prewriteOne(one, async, max, last),
        result -> {
          async[0] &= result.minCommitTs() != 0;
          max[0] = Timestamp.max(max[0], result.minCommitTs());
          if (last && async[0]) {
            committed(max[0], Kind.COMMITTED_ASYNC);
            commitAll();
          } else if (last) {
            plan.addFirst(this::commitPrimary);
          }
        });
  }

  private void prewrite(
      List<Mutation> mutations,
      CommitShortcut shortcut,
      Runnable again,
      Consumer<PrewriteResult> then) {
    send(
        new Prewrite(header(), mutations, shortcut),
        reply -> {
          if (reply instanceof TxnRejected) {
            world.happened(Kind.CONFLICT);
            rollback();
            return;
          }
          PrewriteResult result = (PrewriteResult) reply;
          if (result.locked().isEmpty()) {
            then.accept(result);
          } else if (world.random.nextInt(6) == 0) {
            rollback();
          } else {
            blocked(result.locked().get(0).locked(), again);
          }
        });
  }

  /** The timestamp is fetched some time before it is used: readers may push the lock meanwhile. */
  private void commitPrimary() {
    long ts = world.timestamp();
    plan.addFirst(() -> commitPrimaryAt(ts));
  }

  private void commitPrimaryAt(long ts) {
    send(
        new Commit(List.of(primary), startTs, ts),
        reply -> {
          if (!(reply instanceof TxnRejected rejected)) {
            committed(ts, Kind.COMMITTED_TWO_PHASES);
            commitAll();
          } else if (rejected.reason() instanceof KeyError.CommitTsExpired) {
            plan.addFirst(this::commitPrimary);
          } else {
            // Somebody has rolled the transaction back, its life being over.
            rollback();
          }
        });
  }

  private void committed(long ts, Kind how) {
    world.happened(how);
    fate = Fate.COMMITTED;
    commitTs = ts;
    say("is committed at " + ts(ts));
  }

  private void commitAll() {
    List<Key> keys = new ArrayList<>(writes.keySet());
    Collections.shuffle(keys, world.random);
    keys.forEach(
        key ->
            plan.add(
                () ->
                    send(
                        new Commit(List.of(key), startTs, commitTs),
                        reply -> {
                          if (reply instanceof TxnRejected rejected) {
                            throw new AssertionError("committed, but " + rejected.getMessage());
                          }
                        })));
  }

  private void rollback() {
    plan.clear();
    plan.add(
        () ->
            send(
                new Rollback(new ArrayList<>(writes.keySet()), startTs),
                reply -> {
                  if (reply instanceof TxnRejected rejected) {
                    // Of a one-phase prewrite sent twice, one may fail and the other commit later:
                    // the client must not believe the failure before the rollback is confirmed.
                    if (!repeated) {
                      throw new AssertionError("cannot roll back: " + rejected.getMessage());
                    }
                    fate = Fate.UNKNOWN;
                    return;
                  }
                  fate = Fate.ROLLED_BACK;
                }));
  }

  private Key anyKey() {
    return RandomWorld.KEYS.get(world.random.nextInt(RandomWorld.KEYS.size()));
  }

  private void say(String text) {
    world.note("T" + name + " " + text);
  }

  static String name(Key key) {
    return new String(key.unsafeBytes(), StandardCharsets.UTF_8);
  }

  static String ts(long ts) {
    return Timestamp.physicalMillis(ts) + "+" + Timestamp.logical(ts);
  }

  long conflictsFrom() {
    return Timestamp.max(startTs, forUpdateTs);
  }
}
