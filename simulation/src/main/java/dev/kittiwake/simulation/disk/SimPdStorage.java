package dev.kittiwake.simulation.disk;

import dev.kittiwake.pd.replica.Identity;
import dev.kittiwake.pd.replica.PdStorage;
import dev.kittiwake.pd.replica.PdStorageException;
import dev.kittiwake.raft.LogPosition;
import dev.kittiwake.raft.Membership;
import dev.kittiwake.raft.SnapshotDescriptor;
import dev.kittiwake.raft.driver.LogStore;
import dev.kittiwake.raft.wal.Wal;
import dev.kittiwake.raft.wal.WalConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * What a member of the placement driver keeps, on a simulated disk: the log of production, and a
 * snapshot that is replaced as a whole.
 */
public final class SimPdStorage implements PdStorage {
  private static final WalConfig LOG = new WalConfig(64 << 10, 4, 1, 1 << 20, 64 << 10);

  private final SimDisk disk;
  private final Executor writer;
  private final Wal wal;
  private final CompletableFuture<Throwable> failed = new CompletableFuture<>();

  /**
   * @throws IOException if the log cannot be read
   */
  public SimPdStorage(SimDisk disk, Executor writer, LongSupplier nanos) throws IOException {
    this.disk = disk;
    this.writer = writer;
    this.wal = Wal.open(disk.log(), LOG, writer, nanos);
    wal.secure();
    wal.failed().thenAccept(failed::complete);
  }

  @Override
  public Optional<Identity> identity() {
    return Optional.ofNullable(disk.identity());
  }

  @Override
  public void keepIdentity(Identity identity) {
    try {
      disk.keepIdentity(identity);
    } catch (IOException error) {
      throw new PdStorageException("cannot write the identity: " + error.getMessage(), error);
    }
  }

  @Override
  public LogStore log() {
    return wal.group(0);
  }

  @Override
  public Optional<SnapshotDescriptor> snapshot() {
    byte[] saved = disk.snapshot();
    if (saved == null) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(saved);
    LogPosition position = new LogPosition(in.getLong(), in.getLong());
    byte[] membership = new byte[in.getInt()];
    in.get(membership);
    byte[] data = new byte[in.remaining()];
    in.get(data);
    return Optional.of(new SnapshotDescriptor(position, Membership.decode(membership), data));
  }

  @Override
  public void saveSnapshot(SnapshotDescriptor snapshot, Runnable durable) {
    byte[] membership = snapshot.membership().encode();
    byte[] data = snapshot.data();
    byte[] bytes =
        ByteBuffer.allocate(20 + membership.length + data.length)
            .putLong(snapshot.position().index())
            .putLong(snapshot.position().term())
            .putInt(membership.length)
            .put(membership)
            .put(data)
            .array();
    writer.execute(
        () -> {
          try {
            disk.replaceSnapshot(bytes);
            durable.run();
          } catch (IOException error) {
            failed.complete(error);
          }
        });
  }

  @Override
  public CompletableFuture<Throwable> failed() {
    return failed;
  }

  @Override
  public void close() {
    wal.close();
  }
}
