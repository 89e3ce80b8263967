package dev.kittiwake.pd.replica;

import dev.kittiwake.raft.Entry;
import dev.kittiwake.raft.HardState;
import dev.kittiwake.raft.LogPosition;
import dev.kittiwake.raft.driver.LogStore;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** A log in memory, for clusters without a disk; it survives a restart of the member only. */
final class MemoryLogStore implements LogStore {
  private final List<Entry> entries = new ArrayList<>(); // from start.index() + 1 on, no gaps
  private LogPosition start = LogPosition.ZERO;
  private HardState hardState = HardState.NONE;

  @Override
  public HardState hardState() {
    return hardState;
  }

  @Override
  public LogPosition start() {
    return start;
  }

  @Override
  public long lastIndex() {
    return start.index() + entries.size();
  }

  @Override
  public OptionalLong term(long index) {
    if (index == start.index()) {
      return OptionalLong.of(start.term());
    }
    return index > start.index() && index <= lastIndex()
        ? OptionalLong.of(entries.get(offset(index)).term())
        : OptionalLong.empty();
  }

  private int offset(long index) {
    return Math.toIntExact(index - start.index() - 1);
  }

  @Override
  public List<Entry> entries(long from, long toExclusive, long maxBytes) {
    if (from <= start.index() || toExclusive > lastIndex() + 1 || from > toExclusive) {
      throw new IllegalArgumentException(
          "entries " + from + " to " + toExclusive + " of a log " + start + " to " + lastIndex());
    }
    List<Entry> found = new ArrayList<>();
    long bytes = 0;
    for (long index = from; index < toExclusive; index++) {
      Entry entry = entries.get(offset(index));
      found.add(entry);
      bytes += entry.bytes();
      if (bytes >= maxBytes) {
        break;
      }
    }
    return found;
  }

  @Override
  public void append(HardState changed, List<Entry> added, Runnable durable) {
    if (!added.isEmpty()) {
      entries.subList(offset(added.get(0).index()), entries.size()).clear();
      entries.addAll(added);
    }
    if (changed != null) {
      hardState = changed;
    }
    durable.run();
  }

  @Override
  public void compact(LogPosition upTo) {
    entries.subList(0, offset(upTo.index()) + 1).clear();
    start = upTo;
  }

  @Override
  public void restart(LogPosition after, HardState newHardState, Runnable durable) {
    entries.clear();
    start = after;
    hardState = newHardState;
    durable.run();
  }

  @Override
  public void destroy(Runnable durable) {
    restart(LogPosition.ZERO, HardState.NONE, durable);
  }
}
