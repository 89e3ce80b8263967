package dev.kittiwake.raft;

import static dev.kittiwake.raft.Checks.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The log as the core sees it: what storage was given, and behind it the entries of the next {@link
 * Ready}. Knows how far the log is durable, committed, handed out and applied: {@code applied <=
 * handed <= min(commit, durable)}.
 */
final class RaftLog {
  /** Storage was given entries up to this position under this version. */
  private record Write(long version, LogPosition last) {}

  private final LogReader storage;
  private final ArrayList<Entry> unstored =
      new ArrayList<>(); // ends at last; may replace a suffix of storage
  private final ArrayDeque<Write> writes = new ArrayDeque<>(); // not yet durable
  private final TreeMap<Long, MembershipChange> changes = new TreeMap<>(); // entries above commit
  private LogPosition restart; // storage is to be emptied at this position, or null
  private LogPosition last;
  private long durable;
  private long commit;
  private long handed;
  private long applied;

  RaftLog(LogReader storage, long commit, LogPosition applied) {
    this.storage = storage;
    long lastIndex = storage.lastIndex();
    this.last = new LogPosition(lastIndex, storage.term(lastIndex).orElseThrow());
    this.durable = lastIndex;
    check(
        commit <= lastIndex && applied.index() <= commit,
        () -> "log ends at " + last + " but committed is " + commit + ", applied " + applied);
    this.commit = commit;
    this.handed = applied.index();
    this.applied = applied.index();
  }

  LogPosition last() {
    return last;
  }

  long lastIndex() {
    return last.index();
  }

  long durable() {
    return durable;
  }

  long commit() {
    return commit;
  }

  long applied() {
    return applied;
  }

  OptionalLong term(long index) {
    if (index > last.index()) {
      return OptionalLong.empty();
    }
    if (index == last.index()) {
      return OptionalLong.of(last.term());
    }
    if (!unstored.isEmpty() && index >= unstored.get(0).index()) {
      return OptionalLong.of(unstored.get((int) (index - unstored.get(0).index())).term());
    }
    if (restart != null) {
      return index == restart.index() ? OptionalLong.of(restart.term()) : OptionalLong.empty();
    }
    return storage.term(index);
  }

  /** The last entry that is known to be committed. */
  LogPosition committed() {
    return new LogPosition(commit, term(commit).orElse(0));
  }

  boolean holds(LogPosition position) {
    OptionalLong term = term(position.index());
    return term.isPresent() && term.getAsLong() == position.term();
  }

  List<Entry> entries(long from, long toExclusive, long maxBytes) {
    long border = unstored.isEmpty() ? last.index() + 1 : unstored.get(0).index();
    if (from < border) {
      List<Entry> stored = storage.entries(from, Math.min(border, toExclusive), maxBytes);
      if (from + stored.size() < border || border >= toExclusive) {
        return stored;
      }
      long bytes = 0;
      for (Entry entry : stored) {
        bytes += entry.bytes();
      }
      if (bytes >= maxBytes) {
        return stored;
      }
      List<Entry> both = new ArrayList<>(stored);
      both.addAll(unstored(border, toExclusive, maxBytes - bytes));
      return List.copyOf(both);
    }
    return unstored(from, toExclusive, maxBytes);
  }

  private List<Entry> unstored(long from, long toExclusive, long maxBytes) {
    int first = (int) (from - unstored.get(0).index());
    int end = first;
    long bytes = 0;
    while (from + (end - first) < toExclusive && (end == first || bytes < maxBytes)) {
      bytes += unstored.get(end).bytes();
      end++;
    }
    return List.copyOf(unstored.subList(first, end));
  }

  /** Appends one entry at the end. */
  void append(Entry entry) {
    unstored.add(entry);
    last = entry.position();
    remember(entry);
  }

  /**
   * Appends entries that follow one of this log; what came after it is replaced. Raft §5.3, figure
   * 2.
   */
  void replaceFrom(List<Entry> entries) {
    long from = entries.get(0).index();
    check(
        from > commit,
        () -> "entry " + entries.get(0) + " would replace a committed one, commit is " + commit);
    if (from <= last.index()) {
      durable = Math.min(durable, from - 1);
      changes.tailMap(from, true).clear();
      while (!unstored.isEmpty() && unstored.get(unstored.size() - 1).index() >= from) {
        unstored.remove(unstored.size() - 1);
      }
    }
    for (Entry entry : entries) {
      append(entry);
    }
  }

  void remember(Entry entry) {
    if (entry.kind() == Entry.Kind.MEMBERSHIP) {
      changes.put(entry.index(), MembershipChange.decode(entry.payload()));
    }
  }

  /** The log is empty and starts at this position from now on. */
  void restartAt(LogPosition position) {
    unstored.clear();
    changes.clear();
    restart = position;
    last = position;
    durable = 0;
    commit = position.index();
    handed = position.index();
    applied = position.index();
  }

  /**
   * The largest position at or below {@code from.index()} whose term is not above {@code
   * from.term()}.
   */
  LogPosition lastNotAbove(LogPosition from) {
    long index = Math.min(from.index(), last.index());
    while (index > 0) {
      OptionalLong term = term(index);
      if (term.isEmpty()) {
        return new LogPosition(index, 0); // compacted: unknown, and committed
      }
      if (term.getAsLong() <= from.term()) {
        return new LogPosition(index, term.getAsLong());
      }
      index--;
    }
    return LogPosition.ZERO;
  }

  boolean commitTo(long index) {
    check(
        index <= last.index(),
        () -> "commit " + index + " is beyond the log's end " + last + ": entries were lost");
    if (index <= commit) {
      return false;
    }
    commit = index;
    return true;
  }

  /** Takes the oldest membership change that is committed, or null. */
  MembershipChange takeCommittedChange() {
    return changes.isEmpty() || changes.firstKey() > commit
        ? null
        : changes.pollFirstEntry().getValue();
  }

  /** Whether a change of the members stands above the commit index. */
  boolean changesMembership() {
    return !changes.isEmpty();
  }

  boolean hasUnstored() {
    return restart != null || !unstored.isEmpty();
  }

  LogPosition restart() {
    return restart;
  }

  /** Gives the new entries to storage under this version. */
  List<Entry> takeUnstored(long version) {
    List<Entry> taken = List.copyOf(unstored);
    writes.add(new Write(version, last));
    unstored.clear();
    restart = null;
    return taken;
  }

  /**
   * Everything up to {@code version} is durable. A write whose last entry is still ours proves the
   * log up to it, by Log Matching; one that was replaced since proves nothing.
   */
  void persisted(long version) {
    while (!writes.isEmpty() && writes.peek().version() <= version) {
      LogPosition written = writes.poll().last();
      if (written.index() > durable && holds(written)) {
        durable = written.index();
      }
    }
  }

  boolean hasCommitted() {
    return handed < Math.min(commit, durable);
  }

  List<Entry> takeCommitted(long maxBytes) {
    List<Entry> taken = entries(handed + 1, Math.min(commit, durable) + 1, maxBytes);
    handed = taken.get(taken.size() - 1).index();
    return taken;
  }

  void applied(long index) {
    check(
        index <= handed, () -> "applied " + index + " was never handed out, only up to " + handed);
    applied = Math.max(applied, index);
  }
}
