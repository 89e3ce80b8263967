package dev.kittiwake.raft.wal;

import dev.kittiwake.raft.driver.LogStore;
import java.io.IOException;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/** One append-only log for all groups of a process. */
public final class Wal implements AutoCloseable {
  private Wal() {}

  /**
   * Opens and recovers the log.
   *
   * @param writer runs the writing rounds, one at a time; a thread of its own in production
   * @param nanos elapsed time, for {@link #oldestUnfinishedSyncNanos}
   */
  public static Wal open(
      WalDirectory directory, WalConfig config, Executor writer, LongSupplier nanos)
      throws IOException {
    throw new UnsupportedOperationException();
  }

  /** The log of a group; an empty one if the group is new. */
  public LogStore group(long groupId) {
    throw new UnsupportedOperationException();
  }

  /** All groups that have state in the log. */
  public SortedSet<Long> groups() {
    throw new UnsupportedOperationException();
  }

  /**
   * Completed with the first error of the disk, which is final: nothing becomes durable after it.
   */
  public CompletableFuture<IOException> failed() {
    throw new UnsupportedOperationException();
  }

  /** How long the oldest append that is not yet durable has been waiting; 0 if there is none. */
  public long oldestUnfinishedSyncNanos() {
    throw new UnsupportedOperationException();
  }

  public long bytesOnDisk() {
    throw new UnsupportedOperationException();
  }

  /** Writes what is queued and closes the files. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
