package dev.kittiwake.txn.script;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.MemComparable;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.proto.key.VersionedKey;
import dev.kittiwake.txn.MemoryStore;
import dev.kittiwake.txn.command.CheckSecondaryLocksResult;
import dev.kittiwake.txn.command.CheckTxnStatusResult;
import dev.kittiwake.txn.command.CleanupResult;
import dev.kittiwake.txn.command.CommitResult;
import dev.kittiwake.txn.command.Done;
import dev.kittiwake.txn.command.KeyError;
import dev.kittiwake.txn.command.MvccHistory;
import dev.kittiwake.txn.command.PessimisticLockResult;
import dev.kittiwake.txn.command.PrewriteResult;
import dev.kittiwake.txn.command.ScanLockResult;
import dev.kittiwake.txn.command.TxnHeartBeatResult;
import dev.kittiwake.txn.mvcc.ColumnFamily;
import dev.kittiwake.txn.mvcc.Lock;
import dev.kittiwake.txn.mvcc.LockedKey;
import dev.kittiwake.txn.mvcc.Version;
import dev.kittiwake.txn.mvcc.Write;
import dev.kittiwake.txn.read.Row;
import dev.kittiwake.txn.wait.WaitEdge;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Puts replies, errors and the store's state into words for scripts. */
final class Words {
  private Words() {}

  static String key(Key key) {
    return new String(key.unsafeBytes(), StandardCharsets.UTF_8);
  }

  static String value(byte[] value) {
    return value.length > 20 ? value.length + " bytes" : new String(value, StandardCharsets.UTF_8);
  }

  static String ts(long ts) {
    if (ts == Timestamp.MAX) {
      return "max";
    }
    long millis = Timestamp.physicalMillis(ts);
    if (millis == 0) {
      return Timestamp.toString(ts);
    }
    return millis + "ms" + (Timestamp.logical(ts) == 0 ? "" : "+" + Timestamp.logical(ts));
  }

  static String lock(Lock lock) {
    StringBuilder text = new StringBuilder();
    text.append(lock.type()).append(" start=").append(ts(lock.startTs()));
    text.append(" primary=").append(key(lock.primary())).append(" ttl=").append(lock.ttlMillis());
    if (lock.shortValue() != null) {
      text.append(" value=").append(value(lock.shortValue()));
    }
    if (lock.forUpdateTs() != 0) {
      text.append(" for_update=").append(ts(lock.forUpdateTs()));
    }
    if (lock.minCommitTs() != 0) {
      text.append(" min_commit=").append(ts(lock.minCommitTs()));
    }
    if (lock.asyncCommit()) {
      text.append(" async");
      lock.secondaries().forEach(s -> text.append(' ').append(key(s)));
    }
    lock.marks().rollbackTs().forEach(r -> text.append(" rollback=").append(ts(r)));
    if (lock.marks().lockedWithConflict()) {
      text.append(" with_conflict");
    }
    return text.toString();
  }

  static String locked(LockedKey locked) {
    return key(locked.key()) + " " + lock(locked.lock());
  }

  static String write(Write write) {
    StringBuilder text = new StringBuilder();
    text.append(write.type()).append(" start=").append(ts(write.startTs()));
    if (write.isProtectedRollback()) {
      text.append(" protected");
    } else if (write.shortValue() != null) {
      text.append(" value=").append(value(write.shortValue()));
    }
    if (write.overlappedRollback()) {
      text.append(" overlapped_rollback");
    }
    if (write.gcFence() != 0) {
      text.append(" gc_fence=").append(ts(write.gcFence()));
    }
    return text.toString();
  }

  static String error(KeyError error) {
    String name = error.getClass().getSimpleName();
    if (error instanceof KeyError.Locked e) {
      return name + " " + locked(e.locked());
    }
    if (error instanceof KeyError.WriteConflict e) {
      return name
          + " "
          + e.reason()
          + " "
          + key(e.key())
          + " by start="
          + ts(e.conflictStartTs())
          + " commit="
          + ts(e.conflictCommitTs());
    }
    if (error instanceof KeyError.AlreadyExists e) {
      return name + " " + key(e.key());
    }
    if (error instanceof KeyError.CommitTsExpired e) {
      return name + " " + key(e.key()) + " min_commit=" + ts(e.minCommitTs());
    }
    if (error instanceof KeyError.AssertionFailed e) {
      return name
          + " "
          + e.assertion()
          + " "
          + key(e.key())
          + " existing start="
          + ts(e.existingStartTs())
          + " commit="
          + ts(e.existingCommitTs());
    }
    if (error instanceof KeyError.PrimaryMismatch e) {
      return name + " " + locked(e.locked());
    }
    if (error instanceof KeyError.Committed e) {
      return name + " " + key(e.key()) + " at " + ts(e.commitTs());
    }
    if (error instanceof KeyError.Deadlock e) {
      return name
          + " on key "
          + key(e.deadlockKey())
          + ", "
          + e.waitChain().stream().map(Words::edge).collect(Collectors.joining(", "));
    }
    if (error instanceof KeyError.TxnNotFound e) {
      return name + " " + key(e.primary());
    }
    if (error instanceof KeyError.TxnLockNotFound e) {
      return name + " " + key(e.key());
    }
    if (error instanceof KeyError.PessimisticLockNotFound e) {
      return name + " " + key(e.key());
    }
    if (error instanceof KeyError.PessimisticLockRolledBack e) {
      return name + " " + key(e.key());
    }
    return name + " " + error.message();
  }

  private static String edge(WaitEdge edge) {
    return ts(edge.txn()) + "→" + ts(edge.waitForTxn()) + "(" + key(edge.key()) + ")";
  }

  static String row(Row row) {
    return row.error() != null
        ? key(row.key()) + ": " + error(row.error())
        : key(row.key()) + "=" + value(row.value()) + " commit=" + ts(row.commitTs());
  }

  static String reply(Object reply) {
    if (reply == Done.DONE) {
      return "ok";
    }
    if (reply instanceof PrewriteResult r) {
      if (!r.locked().isEmpty()) {
        return "locked\n"
            + r.locked().stream().map(e -> "  " + error(e)).collect(Collectors.joining("\n"));
      }
      return "ok"
          + (r.minCommitTs() == 0 ? "" : " min_commit=" + ts(r.minCommitTs()))
          + (r.onePhaseCommitTs() == 0 ? "" : " committed=" + ts(r.onePhaseCommitTs()));
    }
    if (reply instanceof CommitResult r) {
      return "ok committed=" + ts(r.commitTs());
    }
    if (reply instanceof CleanupResult r) {
      return r.commitTs() == 0 ? "ok" : "committed=" + ts(r.commitTs());
    }
    if (reply instanceof PessimisticLockResult r) {
      return "ok" + r.keys().stream().map(Words::keyResult).collect(Collectors.joining());
    }
    if (reply instanceof CheckTxnStatusResult r) {
      return r.action()
          + (r.commitTs() == 0 ? "" : " committed=" + ts(r.commitTs()))
          + (r.ttlMillis() == 0 ? "" : " alive " + locked(r.locked()));
    }
    if (reply instanceof CheckSecondaryLocksResult r) {
      return r.commitTs() != 0
          ? "committed=" + ts(r.commitTs())
          : "locks" + r.locks().stream().map(l -> "\n  " + locked(l)).collect(Collectors.joining());
    }
    if (reply instanceof TxnHeartBeatResult r) {
      return "ttl=" + r.ttlMillis();
    }
    if (reply instanceof ScanLockResult r) {
      return "locks"
          + r.locks().stream().map(l -> "\n  " + locked(l)).collect(Collectors.joining());
    }
    return history((MvccHistory) reply);
  }

  private static String keyResult(PessimisticLockResult.KeyResult result) {
    return (result.exists() ? " exists" : "")
        + (result.value() == null ? "" : "=" + value(result.value()))
        + (result.lockedWithConflictTs() == 0
            ? ""
            : " with_conflict=" + ts(result.lockedWithConflictTs()));
  }

  private static String history(MvccHistory history) {
    if (history.key() == null) {
      return "nothing";
    }
    StringBuilder text = new StringBuilder("history of ").append(key(history.key()));
    if (history.lock() != null) {
      text.append("\n  lock ").append(lock(history.lock()));
    }
    for (Version version : history.writes()) {
      text.append("\n  write @").append(ts(version.commitTs())).append(' ');
      text.append(write(version.write()));
    }
    for (MvccHistory.StoredValue value : history.values()) {
      text.append("\n  value @").append(ts(value.startTs())).append(' ');
      text.append(value(value.value()));
    }
    return text.toString();
  }

  static List<String> dump(MemoryStore store) {
    List<String> lines = new ArrayList<>();
    store
        .family(ColumnFamily.LOCK)
        .forEach(
            (key, value) ->
                lines.add(
                    "  lock " + key(MemComparable.decode(key)) + " " + lock(Lock.parse(value))));
    store
        .family(ColumnFamily.WRITE)
        .forEach(
            (key, value) ->
                lines.add("  write " + versioned(key) + " " + write(Write.parse(value))));
    store
        .family(ColumnFamily.DEFAULT)
        .forEach((key, value) -> lines.add("  value " + versioned(key) + " " + value(value)));
    if (lines.isEmpty()) {
      lines.add("  nothing");
    }
    return lines;
  }

  private static String versioned(Key key) {
    return key(VersionedKey.userKey(key.unsafeBytes()))
        + "@"
        + ts(VersionedKey.timestamp(key.unsafeBytes()));
  }
}
