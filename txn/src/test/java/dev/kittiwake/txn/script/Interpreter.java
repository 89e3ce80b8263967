package dev.kittiwake.txn.script;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.key.VersionedKey;
import dev.kittiwake.txn.command.Assertion;
import dev.kittiwake.txn.command.AssertionLevel;
import dev.kittiwake.txn.command.CheckSecondaryLocks;
import dev.kittiwake.txn.command.CheckTxnStatus;
import dev.kittiwake.txn.command.Cleanup;
import dev.kittiwake.txn.command.Command;
import dev.kittiwake.txn.command.Commit;
import dev.kittiwake.txn.command.CommitShortcut;
import dev.kittiwake.txn.command.KeyError;
import dev.kittiwake.txn.command.LockTarget;
import dev.kittiwake.txn.command.Mutation;
import dev.kittiwake.txn.command.MutationType;
import dev.kittiwake.txn.command.MvccByKey;
import dev.kittiwake.txn.command.MvccByStartTs;
import dev.kittiwake.txn.command.PessimisticAction;
import dev.kittiwake.txn.command.PessimisticLock;
import dev.kittiwake.txn.command.PessimisticRollback;
import dev.kittiwake.txn.command.PessimisticRollbackRegion;
import dev.kittiwake.txn.command.Prewrite;
import dev.kittiwake.txn.command.ReleasedLock;
import dev.kittiwake.txn.command.ResolveLocks;
import dev.kittiwake.txn.command.ResolveRegion;
import dev.kittiwake.txn.command.Rollback;
import dev.kittiwake.txn.command.ScanLock;
import dev.kittiwake.txn.command.TxnHeader;
import dev.kittiwake.txn.command.TxnHeartBeat;
import dev.kittiwake.txn.command.TxnRejected;
import dev.kittiwake.txn.command.WakeUpMode;
import dev.kittiwake.txn.mvcc.ColumnFamily;
import dev.kittiwake.txn.mvcc.Direction;
import dev.kittiwake.txn.mvcc.GarbageCollector;
import dev.kittiwake.txn.mvcc.Isolation;
import dev.kittiwake.txn.mvcc.LockedKey;
import dev.kittiwake.txn.mvcc.ReadView;
import dev.kittiwake.txn.mvcc.Version;
import dev.kittiwake.txn.mvcc.Write;
import dev.kittiwake.txn.mvcc.WriteSet;
import dev.kittiwake.txn.read.PointReader;
import dev.kittiwake.txn.read.RangeReader;
import dev.kittiwake.txn.read.Row;
import dev.kittiwake.txn.wait.DeadlockDetector;
import dev.kittiwake.txn.wait.LockQueue;
import dev.kittiwake.txn.wait.WaitEdge;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs one script on a store of its own. Mutations: {@code a=1} put, {@code del:a}, {@code lock:a},
 * {@code ins:a=1} insert, {@code chk:a} check absence; {@code exist:} or {@code absent:} in front
 * asserts; {@code ^} behind: the key was locked before, {@code ?} behind: check it lazily; {@code
 * x*300} is a long value.
 */
final class Interpreter {
  private record Waiting(String who, PessimisticLock command) {}

  private final Bench bench = new Bench();
  private final LockQueue<Waiting> queue = new LockQueue<>();
  private final DeadlockDetector detector = new DeadlockDetector(1_000);
  private final List<String> output = new ArrayList<>();

  List<String> run(List<String> script) {
    script.forEach(text -> run(Line.parse(text)));
    return output;
  }

  private void run(Line line) {
    switch (line.verb()) {
      case "dump":
        output.add("store:");
        output.addAll(Words.dump(bench.store));
        return;
      case "maxts":
        say(line, "max_ts=" + Words.ts(bench.memory.maxTs()));
        return;
      case "unsynced":
        bench.maxTsSynced = false;
        return;
      case "apply":
        bench.applyHeld();
        say(line, "applied");
        wake();
        return;
      case "get":
      case "scan":
        read(line);
        return;
      case "gc":
        collect(line);
        return;
      default:
        command(line, Commands.of(line));
    }
  }

  private void say(Line line, String text) {
    output.add(line.who() + ": " + text);
  }

  private void command(Line line, Command<?> command) {
    try {
      Bench.Ended ended = bench.run(command, line.has("hold"));
      if (ended.waitsFor() == null) {
        say(line, Words.reply(ended.reply()));
        wake();
      } else {
        park(line.who(), (PessimisticLock) command, ended.waitsFor());
      }
    } catch (TxnRejected rejected) {
      say(line, "rejected " + Words.error(rejected.reason()));
    }
  }

  private void park(String who, PessimisticLock command, LockedKey locked) {
    long startTs = command.txn().startTs();
    long lockTs = locked.lock().startTs();
    DeadlockDetector.Cycle cycle = detector.detect(new WaitEdge(startTs, lockTs, locked.key()), 0);
    if (cycle != null) {
      KeyError error =
          new KeyError.Deadlock(
              lockTs, locked.key(), cycle.deadlockKeyHash(), cycle.deadlockKey(), cycle.chain());
      output.add(who + ": rejected " + Words.error(error));
      return;
    }
    queue.add(locked.key(), startTs, lockTs, new Waiting(who, command));
    output.add(who + ": waits for " + Words.ts(lockTs) + " on " + Words.key(locked.key()));
  }

  private void wake() {
    while (!bench.released.isEmpty()) {
      ReleasedLock released = bench.released.remove(0);
      LockQueue.Waiter<Waiting> first = queue.takeFirst(released.key());
      if (first != null) {
        detector.removeTxn(first.startTs());
        Line line = new Line(first.payload().who(), "lock", List.of(), Map.of());
        output.add(first.payload().who() + ": woken");
        command(line, first.payload().command());
      }
    }
  }

  private void read(Line line) {
    Isolation isolation =
        line.has("rc")
            ? Isolation.READ_COMMITTED
            : line.has("rcts") ? Isolation.READ_COMMITTED_CHECK_TS : Isolation.SNAPSHOT;
    ReadView view =
        new ReadView(
            line.ts("ts", line.has("ts") ? 0 : line.startTs()),
            isolation,
            line.timestamps("resolved"),
            line.timestamps("committed"),
            line.has("replica"));
    List<Row> rows = line.verb().equals("get") ? get(line, view) : scan(line, view);
    if (rows == null) {
      return;
    }
    say(line, rows.isEmpty() ? "nothing" : "");
    int last = output.size() - 1;
    for (Row row : rows) {
      output.set(
          last, output.get(last) + (output.get(last).endsWith(" ") ? "" : "; ") + Words.row(row));
    }
  }

  private List<Row> get(Line line, ReadView view) {
    for (Key key : line.keys()) {
      if (blocked(line, bench.memory.beforeRead(key, view))) {
        return null;
      }
    }
    try (PointReader reader = new PointReader(bench.store.snapshot(), view)) {
      return reader.batchGet(line.keys());
    }
  }

  private List<Row> scan(Line line, ReadView view) {
    KeyRange range = Commands.range(line);
    if (blocked(line, bench.memory.beforeRead(range, view))) {
      return null;
    }
    return new RangeReader(bench.store.snapshot(), view)
        .scan(
            range,
            line.has("reverse") ? Direction.BACKWARD : Direction.FORWARD,
            (int) line.ts("limit", 100),
            line.has("keys"));
  }

  private boolean blocked(Line line, LockedKey inFlight) {
    if (inFlight != null) {
      say(line, "in flight " + Words.locked(inFlight));
    }
    return inFlight != null;
  }

  private void collect(Line line) {
    Map<Key, List<Version>> versions = new TreeMap<>();
    bench
        .store
        .family(ColumnFamily.WRITE)
        .forEach(
            (key, value) ->
                versions
                    .computeIfAbsent(
                        VersionedKey.encodedUserKey(key.unsafeBytes()), k -> new ArrayList<>())
                    .add(
                        new Version(
                            VersionedKey.timestamp(key.unsafeBytes()), Write.parse(value))));
    WriteSet writes = new WriteSet();
    GarbageCollector collector = new GarbageCollector(line.ts("safe", 0));
    versions.forEach((key, newestFirst) -> collector.collect(key, newestFirst, writes));
    bench.store.apply(writes);
    say(line, writes.modifications().size() + " removed");
  }

  /** Turns lines into commands. */
  static final class Commands {
    private Commands() {}

    static Command<?> of(Line line) {
      long startTs = line.startTs();
      switch (line.verb()) {
        case "prewrite":
          return prewrite(line);
        case "commit":
          return new Commit(line.keys(), startTs, line.ts("at", 0));
        case "rollback":
          return new Rollback(line.keys(), startTs);
        case "cleanup":
          return new Cleanup(line.key(), startTs, line.ts("now", 0));
        case "lock":
          return lock(line);
        case "unlock":
          return line.arguments().isEmpty()
              ? new PessimisticRollbackRegion(KeyRange.ALL, startTs, line.ts("fut", startTs))
              : new PessimisticRollback(line.keys(), startTs, line.ts("fut", startTs));
        case "status":
          return status(line);
        case "secondaries":
          return new CheckSecondaryLocks(line.keys(), startTs);
        case "resolve":
          return line.arguments().isEmpty()
              ? ResolveRegion.of(KeyRange.ALL, startTs, line.ts("at", 0))
              : new ResolveLocks(line.keys(), startTs, line.ts("at", 0));
        case "resolve-all":
          return resolveAll(line);
        case "heartbeat":
          return new TxnHeartBeat(line.key(), startTs, line.ts("ttl", 0), line.ts("min", 0));
        case "scanlock":
          return new ScanLock(range(line), line.ts("max", 0), (int) line.ts("limit", 0));
        case "history":
          return new MvccByKey(line.key());
        case "find":
          return new MvccByStartTs(KeyRange.ALL, startTs);
        default:
          throw new IllegalArgumentException("unknown verb " + line.verb());
      }
    }

    static KeyRange range(Line line) {
      if (line.arguments().isEmpty()) {
        return KeyRange.ALL;
      }
      String[] ends = line.arguments().get(0).split("\\.\\.", 2);
      return new KeyRange(Key.of(ends[0]), Key.of(ends[1]));
    }

    private static Command<?> resolveAll(Line line) {
      TreeMap<Long, Long> ends = new TreeMap<>();
      for (String end : line.arguments()) {
        String[] pair = end.split("=");
        ends.put(Line.number(pair[0]), Line.number(pair[1]));
      }
      return new ResolveRegion(KeyRange.ALL, ends);
    }

    private static Command<?> status(Line line) {
      return new CheckTxnStatus(
          line.key(),
          line.startTs(),
          line.ts("caller", 0),
          line.ts("now", 0),
          line.has("rollback"),
          line.has("force"),
          line.has("resolving"),
          line.has("verify"));
    }

    private static TxnHeader header(Line line, Key first, long forUpdateTs) {
      String primary = line.options().get("primary");
      return new TxnHeader(
          primary == null ? first : Key.of(primary),
          line.startTs(),
          forUpdateTs,
          line.ts("ttl", 100),
          line.ts("size", 0),
          line.ts("min", 0));
    }

    private static Command<?> lock(Line line) {
      List<LockTarget> targets = new ArrayList<>();
      line.keys().forEach(key -> targets.add(new LockTarget(key, line.has("absent"))));
      return new PessimisticLock(
          header(line, line.key(), line.ts("fut", line.startTs())),
          targets,
          line.has("first"),
          line.has("nowait") ? -1 : 0,
          line.has("values"),
          line.has("exists"),
          line.has("only"),
          line.has("force") ? WakeUpMode.FORCE_LOCK : WakeUpMode.NORMAL);
    }

    private static Command<?> prewrite(Line line) {
      List<Mutation> mutations = new ArrayList<>();
      line.arguments().forEach(text -> mutations.add(mutation(text, line.ts("expect", 0))));
      List<Key> secondaries = new ArrayList<>();
      String async = line.options().getOrDefault("async", "");
      if (!async.isEmpty()) {
        Arrays.stream(async.split(",")).forEach(key -> secondaries.add(Key.of(key)));
      }
      return new Prewrite(
          header(line, mutations.get(0).key(), line.ts("fut", 0)),
          mutations,
          new CommitShortcut(
              line.has("async"), secondaries, line.has("1pc"), line.ts("maxcommit", 0)),
          AssertionLevel.valueOf(line.options().getOrDefault("assert", "OFF").toUpperCase()),
          line.has("skip"));
    }

    private static Mutation mutation(String text, long expectedForUpdateTs) {
      String rest = text;
      Assertion assertion = Assertion.NONE;
      if (rest.startsWith("exist:")) {
        assertion = Assertion.EXIST;
        rest = rest.substring(6);
      } else if (rest.startsWith("absent:")) {
        assertion = Assertion.NOT_EXIST;
        rest = rest.substring(7);
      }
      PessimisticAction action = PessimisticAction.SKIP_PESSIMISTIC_CHECK;
      if (rest.endsWith("^")) {
        action = PessimisticAction.DO_PESSIMISTIC_CHECK;
      } else if (rest.endsWith("?")) {
        action = PessimisticAction.DO_CONSTRAINT_CHECK;
      }
      if (action != PessimisticAction.SKIP_PESSIMISTIC_CHECK) {
        rest = rest.substring(0, rest.length() - 1);
      }
      MutationType type = type(rest);
      rest = rest.substring(rest.indexOf(':') + 1);
      String[] pair = rest.split("=", 2);
      byte[] value = pair.length == 2 ? value(pair[1]) : null;
      return new Mutation(type, Key.of(pair[0]), value, assertion, action, expectedForUpdateTs);
    }

    private static MutationType type(String text) {
      switch (text.indexOf(':') < 0 ? "" : text.substring(0, text.indexOf(':'))) {
        case "":
          return MutationType.PUT;
        case "del":
          return MutationType.DELETE;
        case "lock":
          return MutationType.LOCK;
        case "ins":
          return MutationType.INSERT;
        case "chk":
          return MutationType.CHECK_NOT_EXISTS;
        default:
          throw new IllegalArgumentException("unknown mutation " + text);
      }
    }

    private static byte[] value(String text) {
      int star = text.indexOf('*');
      String value =
          star < 0
              ? text
              : text.substring(0, star).repeat(Integer.parseInt(text.substring(star + 1)));
      return value.getBytes(StandardCharsets.UTF_8);
    }
  }
}
