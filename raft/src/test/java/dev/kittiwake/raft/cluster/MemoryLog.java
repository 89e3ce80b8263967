package dev.kittiwake.raft.cluster;

import dev.kittiwake.raft.Entry;
import dev.kittiwake.raft.HardState;
import dev.kittiwake.raft.LogPosition;
import dev.kittiwake.raft.driver.LogStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A log on a disk that becomes durable only when {@link #sync} is called, and forgets the rest in a
 * {@link #crash}.
 */
public final class MemoryLog implements LogStore {
  private record Image(LogPosition start, HardState hardState, List<Entry> entries) {}

  private record Write(Image after, Runnable durable) {}

  private Image now = new Image(LogPosition.ZERO, HardState.NONE, List.of());
  private Image durable = now;
  private final ArrayDeque<Write> writes = new ArrayDeque<>();
  private boolean stopped;

  @Override
  public HardState hardState() {
    return now.hardState();
  }

  @Override
  public LogPosition start() {
    return now.start();
  }

  @Override
  public long lastIndex() {
    return now.start().index() + now.entries().size();
  }

  @Override
  public OptionalLong term(long index) {
    if (index == now.start().index()) {
      return OptionalLong.of(now.start().term());
    }
    if (index < now.start().index() || index > lastIndex()) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(entry(index).term());
  }

  private Entry entry(long index) {
    return now.entries().get((int) (index - now.start().index() - 1));
  }

  @Override
  public List<Entry> entries(long from, long toExclusive, long maxBytes) {
    if (from <= now.start().index() || toExclusive > lastIndex() + 1) {
      throw new IllegalArgumentException(
          "entries " + from + " to " + toExclusive + " of " + now.start() + ".." + lastIndex());
    }
    List<Entry> found = new ArrayList<>();
    long bytes = 0;
    for (long index = from; index < toExclusive && (found.isEmpty() || bytes < maxBytes); index++) {
      Entry entry = entry(index);
      bytes += entry.bytes();
      found.add(entry);
    }
    return List.copyOf(found);
  }

  @Override
  public void append(HardState changed, List<Entry> entries, Runnable whenDurable) {
    List<Entry> all = now.entries();
    if (!entries.isEmpty()) {
      long first = entries.get(0).index();
      if (first <= now.start().index() || first > lastIndex() + 1) {
        throw new IllegalArgumentException("gap: " + first + " after " + lastIndex());
      }
      all = new ArrayList<>(now.entries().subList(0, (int) (first - now.start().index() - 1)));
      all.addAll(entries);
    }
    write(new Image(now.start(), changed == null ? now.hardState() : changed, all), whenDurable);
  }

  @Override
  public void compact(LogPosition upTo) {
    List<Entry> rest =
        now.entries().subList((int) (upTo.index() - now.start().index()), now.entries().size());
    write(new Image(upTo, now.hardState(), new ArrayList<>(rest)), () -> {});
  }

  @Override
  public void restart(LogPosition after, HardState hardState, Runnable whenDurable) {
    write(new Image(after, hardState, List.of()), whenDurable);
  }

  @Override
  public void destroy(Runnable durable) {
    write(new Image(LogPosition.ZERO, HardState.NONE, List.of()), durable);
  }

  private void write(Image after, Runnable whenDurable) {
    if (!stopped) {
      now = after;
      writes.add(new Write(after, whenDurable));
    }
  }

  public boolean dirty() {
    return !writes.isEmpty();
  }

  /** The oldest {@code count} writes reach the disk. */
  public void sync(int count) {
    for (int i = 0; i < count && !writes.isEmpty(); i++) {
      Write write = writes.poll();
      durable = write.after();
      write.durable().run();
    }
  }

  /** The log as the next process finds it. */
  public MemoryLog crash() {
    stopped = true;
    writes.clear();
    MemoryLog next = new MemoryLog();
    next.now = durable;
    next.durable = durable;
    return next;
  }
}
