package dev.kittiwake.raft.wal;

import dev.kittiwake.raft.driver.LogStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * One append-only log for all groups of a process. Groups queue what they want written; the writer
 * takes all of it at once, writes and forces it, and then reports it durable. While a force runs
 * the next round gathers.
 *
 * <p>Thread-safe; each group's log belongs to the group's own loop.
 */
public final class Wal implements AutoCloseable {
  private static final long NONE = Long.MIN_VALUE;
  private static final long HALF_LIFE_NANOS = 10_000_000_000L;

  private final WalConfig config;
  private final Executor writer;
  private final LongSupplier nanos;
  private final SegmentWriter segments; // guarded by itself: one round at a time
  private final Map<Long, GroupLog> groups = new ConcurrentSkipListMap<>();
  private final CompletableFuture<IOException> failed = new CompletableFuture<>();
  private final AtomicLong cachedBytes = new AtomicLong();

  private final Object queueLock = new Object();
  private List<Task> queue = new ArrayList<>();
  private long queuedSince = NONE; // when the oldest in the queue came
  private boolean scheduled;
  private boolean closed;
  private volatile long writingSince = NONE; // when the oldest of the running round came
  private volatile long typicalNanos; // moving average; written by the writer
  private volatile long syncedAt; // when it was written

  private Wal(WalDirectory directory, WalConfig config, Executor writer, LongSupplier nanos)
      throws IOException {
    this.config = config;
    this.writer = writer;
    this.nanos = nanos;
    Recovery recovery = new Recovery(directory);
    for (Map.Entry<Long, RecoveredGroup> group : recovery.groups.entrySet()) {
      groups.put(group.getKey(), group.getValue().toLog(group.getKey(), this));
    }
    this.segments = new SegmentWriter(directory, config, recovery);
  }

  /**
   * Opens and recovers the log: reads all of it. Writes nothing unless there is no log yet; a torn
   * tail is cut with the first write.
   *
   * @param writer runs the writing rounds, one at a time; a thread of its own in production
   * @param nanos elapsed time, for {@link #oldestUnfinishedSyncNanos}
   * @throws IOException if the log is damaged where it had been durable, or of a newer format, or
   *     cannot be read
   */
  public static Wal open(
      WalDirectory directory, WalConfig config, Executor writer, LongSupplier nanos)
      throws IOException {
    return new Wal(directory, config, writer, nanos);
  }

  /**
   * Makes sure of what was read when the log was opened. To be called before anything is promised
   * on the strength of it, once it is certain that the process goes on; needs no room.
   *
   * @throws IOException if the disk refuses: nothing may be promised then
   */
  public void secure() throws IOException {
    synchronized (segments) {
      segments.secure();
    }
  }

  /** The log of a group; an empty one if the group is new. */
  public LogStore group(long groupId) {
    return groups.computeIfAbsent(groupId, id -> new GroupLog(id, this));
  }

  /** All groups that have state in the log or were asked for. */
  public SortedSet<Long> groups() {
    return new TreeSet<>(groups.keySet());
  }

  /**
   * Completed with the first error of the disk, which is final: nothing becomes durable after it.
   */
  public CompletableFuture<IOException> failed() {
    return failed.copy();
  }

  /** How long the oldest append that is not yet durable has been waiting; 0 if there is none. */
  public long oldestUnfinishedSyncNanos() {
    long since = writingSince;
    if (since == NONE) {
      synchronized (queueLock) {
        since = queuedSince;
      }
    }
    return since == NONE ? 0 : Math.max(0, nanos.getAsLong() - since);
  }

  /**
   * How long an append lately took from its call until it was durable: a moving average over about
   * eight rounds. It is forgotten, by half every ten seconds, while nothing is appended.
   */
  public long typicalSyncNanos() {
    long idle = Math.max(0, nanos.getAsLong() - syncedAt);
    return typicalNanos >> Math.min(62, idle / HALF_LIFE_NANOS);
  }

  public long bytesOnDisk() {
    return segments.bytesOnDisk();
  }

  // --- called by groups

  void write(Task task) {
    synchronized (queueLock) {
      if (closed || failed.isDone()) {
        return;
      }
      queue.add(task);
      if (queuedSince == NONE) {
        queuedSince = nanos.getAsLong();
      }
      if (scheduled) {
        return;
      }
      scheduled = true;
    }
    writer.execute(this::round);
  }

  void destroyed(GroupLog group) {
    groups.remove(group.id, group);
  }

  void cached(long bytes) {
    cachedBytes.addAndGet(bytes);
  }

  boolean cacheFull() {
    return cachedBytes.get() > config.cacheBytes();
  }

  void fail(IOException error) {
    synchronized (queueLock) {
      queue.clear();
    }
    failed.complete(error);
  }

  // --- the writer

  private void round() {
    if (writeQueued()) {
      writer.execute(this::round);
    }
  }

  /** Writes what is queued. Returns whether more has come meanwhile. */
  private boolean writeQueued() {
    List<Task> tasks;
    synchronized (segments) {
      synchronized (queueLock) {
        tasks = queue;
        queue = new ArrayList<>(tasks.size());
        writingSince = queuedSince;
        queuedSince = NONE;
      }
      if (!tasks.isEmpty() && !failed.isDone()) {
        writeAll(tasks);
      }
      synchronized (queueLock) {
        if (!failed.isDone()) {
          writingSince = NONE;
        }
        scheduled = !queue.isEmpty() && !failed.isDone();
        return scheduled;
      }
    }
  }

  private void writeAll(List<Task> tasks) {
    try {
      for (Task task : tasks) {
        segments.write(task);
      }
      segments.force();
    } catch (IOException | RuntimeException | Error e) {
      fail(e instanceof IOException io ? io : new IOException("the log writer failed", e));
      return;
    }
    long now = nanos.getAsLong();
    long before = typicalSyncNanos();
    typicalNanos = before + (now - writingSince - before) / 8;
    syncedAt = now;
    for (Task task : tasks) {
      task.pieces.forEach(task.group::placed);
      task.durable.run();
    }
    try {
      if (segments.takeRolled()) {
        tidyUp();
      }
    } catch (IOException | RuntimeException | Error e) {
      fail(
          e instanceof IOException io
              ? io
              : new IOException("the log could not release a segment", e));
    }
  }

  private void tidyUp() throws IOException {
    segments.purge();
    List<Task> copies = segments.laggards(groups::get);
    if (copies.isEmpty()) {
      return;
    }
    for (Task copy : copies) {
      segments.write(copy);
    }
    segments.force();
    for (Task copy : copies) {
      copy.pieces.forEach(copy.group::placed);
    }
    segments.purge();
  }

  /** Writes what is queued and closes the files. */
  @Override
  public void close() {
    synchronized (queueLock) {
      if (closed) {
        return;
      }
      closed = true;
    }
    writeQueued();
    synchronized (segments) {
      try {
        segments.close();
      } catch (IOException e) {
        fail(e);
      }
    }
  }
}
