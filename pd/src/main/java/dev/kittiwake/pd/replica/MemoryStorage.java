package dev.kittiwake.pd.replica;

import dev.kittiwake.raft.SnapshotDescriptor;
import dev.kittiwake.raft.driver.LogStore;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Keeps everything in memory. Hand the same object to the next start to restart a member. */
public final class MemoryStorage implements PdStorage {
  private final LogStore log = new MemoryLogStore();
  private final CompletableFuture<Throwable> failed = new CompletableFuture<>();
  private SnapshotDescriptor snapshot; // null: none yet
  private Identity identity; // null: new

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
  public void saveSnapshot(SnapshotDescriptor newSnapshot, Runnable durable) {
    snapshot = newSnapshot;
    durable.run();
  }

  @Override
  public CompletableFuture<Throwable> failed() {
    return failed;
  }

  /** Nothing to give back: the content stays for the next start. */
  @Override
  public void close() {}
}
