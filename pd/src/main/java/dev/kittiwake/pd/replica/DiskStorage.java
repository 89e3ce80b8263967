package dev.kittiwake.pd.replica;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.kittiwake.proto.pdstore.SnapshotFileRecord;
import dev.kittiwake.raft.LogPosition;
import dev.kittiwake.raft.Membership;
import dev.kittiwake.raft.SnapshotDescriptor;
import dev.kittiwake.raft.driver.LogStore;
import dev.kittiwake.raft.wal.FileWalDirectory;
import dev.kittiwake.raft.wal.Wal;
import dev.kittiwake.raft.wal.WalConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;

/** Keeps a member in a directory: the log in {@code wal/}, the state in {@code snapshot}. */
public final class DiskStorage implements PdStorage {
  private static final long GROUP = 0;
  private static final int VERSION = 2;
  private static final int STATE_ONLY = 1; // the older version, whose checksum left the rest out
  private static final WalConfig WAL_CONFIG = new WalConfig(4L << 20, 8, 1, 8L << 20, 1 << 20);

  private final DataDirectory directory;
  private final Executor writer;
  private final Wal wal;
  private final LogStore log;
  private final CompletableFuture<Throwable> failed = new CompletableFuture<>();
  private final Optional<SnapshotDescriptor> snapshot;

  private DiskStorage(DataDirectory directory, Executor writer, LongSupplier nanos)
      throws IOException {
    this.directory = directory;
    this.writer = writer;
    this.snapshot = readSnapshot(directory.path().resolve("snapshot"));
    this.wal =
        Wal.open(new FileWalDirectory(directory.path().resolve("wal")), WAL_CONFIG, writer, nanos);
    wal.secure();
    this.log = wal.group(GROUP);
    wal.failed().thenAccept(failed::complete);
  }

  /**
   * Opens or creates a member's directory.
   *
   * @param writer a thread of its own: it waits for the disk
   * @throws PdStorageException if the directory cannot be used
   */
  public static DiskStorage open(Path path, Executor writer, LongSupplier nanos) {
    DataDirectory directory = DataDirectory.open(path);
    try {
      return new DiskStorage(directory, writer, nanos);
    } catch (IOException e) {
      directory.close();
      throw new PdStorageException("cannot read data directory " + path + ": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  private static Optional<SnapshotDescriptor> readSnapshot(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    SnapshotFileRecord record;
    try {
      record = SnapshotFileRecord.parseFrom(Files.readAllBytes(file));
    } catch (InvalidProtocolBufferException e) {
      throw new PdStorageException("snapshot " + file + " is damaged: " + e.getMessage(), e);
    }
    if (record.getVersion() != VERSION && record.getVersion() != STATE_ONLY) {
      throw new PdStorageException(
          "snapshot " + file + " has format " + record.getVersion() + ": start the newer program");
    }
    byte[] state = record.getState().toByteArray();
    int expected = record.getVersion() == STATE_ONLY ? crc(state) : crc(record);
    if (record.getCrc32C() != expected) {
      throw new PdStorageException("snapshot " + file + " is damaged: its checksum does not fit");
    }
    return Optional.of(
        new SnapshotDescriptor(
            new LogPosition(record.getIndex(), record.getTerm()),
            Membership.decode(record.getMembership().toByteArray()),
            state));
  }

  /** Of everything but the checksum itself. */
  private static int crc(SnapshotFileRecord record) {
    return crc(record.toBuilder().clearCrc32C().build().toByteArray());
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  @Override
  public Optional<Identity> identity() {
    return directory.identity();
  }

  @Override
  public void keepIdentity(Identity identity) {
    directory.keepIdentity(identity);
  }

  @Override
  public LogStore log() {
    return log;
  }

  @Override
  public Optional<SnapshotDescriptor> snapshot() {
    return snapshot;
  }

  /** Written beside the old one, forced, then renamed over it: there is always a whole one. */
  @Override
  public void saveSnapshot(SnapshotDescriptor newSnapshot, Runnable durable) {
    SnapshotFileRecord record =
        SnapshotFileRecord.newBuilder()
            .setVersion(VERSION)
            .setIndex(newSnapshot.position().index())
            .setTerm(newSnapshot.position().term())
            .setMembership(ByteString.copyFrom(newSnapshot.membership().encode()))
            .setState(ByteString.copyFrom(newSnapshot.data()))
            .build();
    byte[] bytes = record.toBuilder().setCrc32C(crc(record)).build().toByteArray();
    writer.execute(
        () -> {
          try {
            write(bytes);
            durable.run();
          } catch (IOException e) {
            failed.complete(e);
          }
        });
  }

  private void write(byte[] bytes) throws IOException {
    directory.replace("snapshot", bytes);
  }

  @Override
  public CompletableFuture<Throwable> failed() {
    return failed;
  }

  @Override
  public void close() {
    wal.close();
    directory.close();
  }
}
