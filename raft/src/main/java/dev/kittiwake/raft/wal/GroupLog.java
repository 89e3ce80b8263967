package dev.kittiwake.raft.wal;

import dev.kittiwake.raft.Entry;
import dev.kittiwake.raft.HardState;
import dev.kittiwake.raft.LogPosition;
import dev.kittiwake.raft.driver.LogStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;

/**
 * The log of one group in the shared log. The group's loop changes it; the writer reports places
 * once they are durable; both hold the monitor, which is hardly ever contended.
 */
final class GroupLog implements LogStore {
  final long id;
  private final Wal wal;
  private final EntryIndex index = new EntryIndex();
  private HardState hardState = HardState.NONE;
  private LogPosition start = LogPosition.ZERO;
  private long cachedFrom = 1; // entries from here on are cached

  GroupLog(long id, Wal wal) {
    this.id = id;
    this.wal = wal;
  }

  @Override
  public synchronized HardState hardState() {
    return hardState;
  }

  @Override
  public synchronized LogPosition start() {
    return start;
  }

  @Override
  public synchronized long lastIndex() {
    return Math.max(start.index(), index.last());
  }

  @Override
  public synchronized OptionalLong term(long at) {
    if (at == start.index()) {
      return OptionalLong.of(start.term());
    }
    return at > start.index() && index.contains(at)
        ? OptionalLong.of(index.term(at))
        : OptionalLong.empty();
  }

  @Override
  public synchronized List<Entry> entries(long from, long toExclusive, long maxBytes) {
    if (from <= start.index() || toExclusive > lastIndex() + 1 || from > toExclusive) {
      throw new IllegalArgumentException(
          "entries "
              + from
              + " to "
              + toExclusive
              + " are not in the log of group "
              + id
              + ": it starts after "
              + start
              + " and ends at "
              + lastIndex());
    }
    List<Entry> found = new ArrayList<>((int) Math.min(64, toExclusive - from));
    long bytes = 0;
    for (long at = from; at < toExclusive && (found.isEmpty() || bytes < maxBytes); at++) {
      Entry entry = index.cached(at);
      if (entry == null) {
        entry = readFromDisk(at);
      }
      bytes += entry.bytes();
      found.add(entry);
    }
    return List.copyOf(found);
  }

  /**
   * An entry that is not cached any more. One that the disk has changed must not go on to the state
   * machine, to other replicas or into another file of the log: it ends the log.
   */
  private Entry readFromDisk(long at) {
    ByteBuffer payload = ByteBuffer.allocate(index.length(at));
    Segment segment = index.segment(at);
    try {
      segment.file.read(index.offset(at), payload);
    } catch (IOException e) {
      wal.fail(e);
      throw new UncheckedIOException(
          "cannot read entry " + at + " of group " + id + " in " + segment.file.name(), e);
    }
    if (payload.hasRemaining()) {
      throw new IllegalStateException(
          "log file " + segment.file.name() + " ends within entry " + at + " of group " + id);
    }
    if (Record.checksum(payload.flip()) != index.checksum(at)) {
      IOException damaged =
          new IOException(
              "entry "
                  + at
                  + " of group "
                  + id
                  + " in log file "
                  + segment.file.name()
                  + " is damaged: it is not what was written; restore this store from its peers");
      wal.fail(damaged);
      throw new UncheckedIOException(damaged);
    }
    return new Entry(at, index.term(at), index.kind(at), payload.array());
  }

  @Override
  public void append(HardState changed, List<Entry> entries, Runnable durable) {
    synchronized (this) {
      if (!entries.isEmpty()) {
        long first = entries.get(0).index();
        if (first <= start.index() || first > lastIndex() + 1) {
          throw new IllegalArgumentException(
              "entry "
                  + first
                  + " does not follow the log of group "
                  + id
                  + ", "
                  + start
                  + " to "
                  + lastIndex());
        }
        truncate(first);
        for (Entry entry : entries) {
          add(entry);
        }
      }
      hardState = changed == null ? hardState : changed;
      evict();
      wal.write(new Task(this, Record.APPEND, hardState, start, List.copyOf(entries), durable));
    }
  }

  private void add(Entry entry) {
    index.add(entry);
    wal.cached(entry.bytes());
  }

  private void truncate(long first) {
    while (index.contains(first)) {
      uncache(index.last());
      index.removeLast();
    }
    cachedFrom = Math.min(cachedFrom, first);
    if (index.first() > index.last()) {
      index.clear(first);
      cachedFrom = first;
    }
  }

  /** Nobody will read it again. */
  private void uncache(long at) {
    uncached(index.drop(at));
  }

  private void uncached(Entry entry) {
    if (entry != null) {
      wal.cached(-entry.bytes());
    }
  }

  /**
   * Forgets the oldest cached entries while all groups together cache too much; only those that are
   * durable.
   */
  private void evict() {
    while (wal.cacheFull() && index.contains(cachedFrom) && index.segment(cachedFrom) != null) {
      uncached(index.evict(cachedFrom++));
    }
  }

  @Override
  public void compact(LogPosition upTo) {
    synchronized (this) {
      if (upTo.index() <= start.index()) {
        return;
      }
      if (term(upTo.index()).orElse(-1) != upTo.term()) {
        throw new IllegalArgumentException(
            "cannot compact group " + id + " to " + upTo + ", it is not in the log");
      }
      start = upTo;
      while (index.contains(upTo.index())) {
        uncache(index.first());
        index.removeFirst();
      }
      cachedFrom = Math.max(cachedFrom, upTo.index() + 1);
      wal.write(new Task(this, Record.APPEND, hardState, start, List.of(), () -> {}));
    }
  }

  @Override
  public void restart(LogPosition after, HardState newHardState, Runnable durable) {
    synchronized (this) {
      dropAll(after.index() + 1);
      start = after;
      hardState = newHardState;
      wal.write(new Task(this, Record.RESTART, hardState, start, List.of(), durable));
    }
  }

  @Override
  public void destroy(Runnable durable) {
    synchronized (this) {
      dropAll(1);
      start = LogPosition.ZERO;
      hardState = HardState.NONE;
      wal.destroyed(this);
      wal.write(new Task(this, Record.DESTROY, hardState, start, List.of(), durable));
    }
  }

  private void dropAll(long next) {
    for (long at = index.first(); at <= index.last(); at++) {
      uncache(at);
    }
    index.clear(next);
    cachedFrom = next;
  }

  // --- the writer

  /**
   * The entries are durable there. Those that were replaced or compacted meanwhile are passed over.
   */
  synchronized void placed(Task.Piece piece) {
    long offset = piece.offset();
    for (Entry entry : piece.entries()) {
      offset += Record.ENTRY_BYTES;
      if (index.contains(entry.index()) && index.term(entry.index()) == entry.term()) {
        index.place(entry.index(), piece.segment(), offset, entry.payload().length);
      }
      offset += entry.payload().length;
    }
    evict();
  }

  /** What {@link #entriesIn} would read. */
  synchronized long bytesIn(Segment segment, long from, long to) {
    long bytes = 0;
    for (long at = Math.max(from, start.index() + 1); at <= to && index.contains(at); at++) {
      if (index.segment(at) == segment) {
        bytes += Record.ENTRY_BYTES + index.length(at);
      }
    }
    return bytes;
  }

  /**
   * Those of the entries {@code from} to {@code to} that are still needed and lie in this segment.
   */
  synchronized List<Entry> entriesIn(Segment segment, long from, long to) {
    List<Entry> found = new ArrayList<>();
    for (long at = Math.max(from, start.index() + 1); at <= to && index.contains(at); at++) {
      if (index.segment(at) == segment) {
        Entry cached = index.cached(at);
        found.add(cached != null ? cached : readFromDisk(at));
      } else if (!found.isEmpty()) {
        break; // one run at a time
      }
    }
    return found;
  }

  /**
   * Recovery, before anyone else knows this object. A commit index may be ahead of entries that
   * were lost unsynced.
   *
   * @throws IOException if an entry is missing in between
   */
  synchronized void recover(
      HardState recovered, LogPosition recoveredStart, SortedMap<Long, RecoveredEntry> entries)
      throws IOException {
    start = recoveredStart;
    index.clear(start.index() + 1);
    for (Map.Entry<Long, RecoveredEntry> one : entries.entrySet()) {
      if (one.getKey() != index.last() + 1) {
        throw new IOException(
            "the log of group "
                + id
                + " is damaged: entries "
                + (index.last() + 1)
                + " to "
                + (one.getKey() - 1)
                + " are missing; restore this replica from its peers");
      }
      RecoveredEntry entry = one.getValue();
      index.add(entry);
    }
    hardState =
        new HardState(
            recovered.term(), recovered.vote(), Math.min(recovered.commit(), lastIndex()));
    cachedFrom = lastIndex() + 1;
  }
}
