package dev.kittiwake.pd.replica;

import dev.kittiwake.raft.SnapshotDescriptor;
import dev.kittiwake.raft.driver.LogStore;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What one member keeps. Used by one thread. */
public interface PdStorage extends AutoCloseable {
  /** Whose data this is; empty if it is new. */
  Optional<Identity> identity();

  /**
   * Says whose data this is; durable when it returns.
   *
   * @throws PdStorageException if it cannot be written
   */
  void keepIdentity(Identity identity);

  LogStore log();

  /** The snapshot saved last; its data is the encoded state. */
  Optional<SnapshotDescriptor> snapshot();

  /** Replaces the snapshot; {@code durable} runs on any thread once it would survive a crash. */
  void saveSnapshot(SnapshotDescriptor snapshot, Runnable durable);

  /** Completed with the first error of the disk, which is final. */
  CompletableFuture<? extends Throwable> failed();

  @Override
  void close();
}
