package dev.kittiwake.pd.group;

import dev.kittiwake.pd.replica.Identity;
import dev.kittiwake.pd.replica.PdStorage;
import dev.kittiwake.raft.Entry;
import dev.kittiwake.raft.HardState;
import dev.kittiwake.raft.LogPosition;
import dev.kittiwake.raft.SnapshotDescriptor;
import dev.kittiwake.raft.driver.LogStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** A disk that can hang: what is written then is never durable, and gone after a crash. */
final class HangingStorage implements PdStorage {
  /** One state of the log; copied at each durable write. */
  private record Content(HardState hardState, LogPosition start, List<Entry> entries) {
    Content {
      entries = List.copyOf(entries);
    }
  }

  private final Log log = new Log();
  private final CompletableFuture<Throwable> failed = new CompletableFuture<>();
  private final List<Runnable> hung = new ArrayList<>();
  private Content durable = new Content(HardState.NONE, LogPosition.ZERO, List.of());
  private SnapshotDescriptor snapshot;
  private Identity identity;
  private boolean hangs;

  void hang() {
    hangs = true;
  }

  void recover() {
    hangs = false;
    List<Runnable> late = List.copyOf(hung);
    hung.clear();
    late.forEach(Runnable::run);
  }

  /** Everything is gone, as after a change of the disk. */
  void wipe() {
    durable = new Content(HardState.NONE, LogPosition.ZERO, List.of());
    snapshot = null;
    identity = null;
    forgetWhatWasNotDurable();
  }

  void forgetWhatWasNotDurable() {
    hung.clear();
    hangs = false;
    log.hardState = durable.hardState();
    log.start = durable.start();
    log.entries = new ArrayList<>(durable.entries());
  }

  private void whenDurable(Runnable done) {
    if (hangs) {
      hung.add(done);
    } else {
      done.run();
    }
  }

  @Override
  public Optional<Identity> identity() {
    return Optional.ofNullable(identity);
  }

  @Override
  public void keepIdentity(Identity newIdentity) {
    identity = newIdentity;
  }

  @Override
  public LogStore log() {
    return log;
  }

  @Override
  public Optional<SnapshotDescriptor> snapshot() {
    return Optional.ofNullable(snapshot);
  }

  @Override
  public void saveSnapshot(SnapshotDescriptor newSnapshot, Runnable done) {
    whenDurable(
        () -> {
          snapshot = newSnapshot;
          done.run();
        });
  }

  @Override
  public CompletableFuture<Throwable> failed() {
    return failed;
  }

  @Override
  public void close() {}

  private final class Log implements LogStore {
    private HardState hardState = HardState.NONE;
    private LogPosition start = LogPosition.ZERO;
    private List<Entry> entries = new ArrayList<>();

    private void keep(Runnable done) {
      Content now = new Content(hardState, start, entries);
      whenDurable(
          () -> {
            durable = now;
            done.run();
          });
    }

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
          ? OptionalLong.of(entries.get((int) (index - start.index() - 1)).term())
          : OptionalLong.empty();
    }

    @Override
    public List<Entry> entries(long from, long toExclusive, long maxBytes) {
      int first = (int) (from - start.index() - 1);
      return List.copyOf(entries.subList(first, first + (int) (toExclusive - from)));
    }

    @Override
    public void append(HardState changed, List<Entry> added, Runnable done) {
      if (!added.isEmpty()) {
        entries.subList((int) (added.get(0).index() - start.index() - 1), entries.size()).clear();
        entries.addAll(added);
      }
      hardState = changed == null ? hardState : changed;
      keep(done);
    }

    @Override
    public void compact(LogPosition upTo) {
      entries.subList(0, (int) (upTo.index() - start.index())).clear();
      start = upTo;
      keep(() -> {});
    }

    @Override
    public void restart(LogPosition after, HardState newHardState, Runnable done) {
      entries.clear();
      start = after;
      hardState = newHardState;
      keep(done);
    }

    @Override
    public void destroy(Runnable durable) {
      restart(LogPosition.ZERO, HardState.NONE, durable);
    }
  }
}
