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
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;

/** Keeps a member in a directory: the log in {@code wal/}, the state in {@code snapshot}. */
public final class DiskStorage implements PdStorage {
  private static final long GROUP = 0;
  private static final int VERSION = 1;
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
    this.log = wal.group(GROUP);
    wal.failed().thenAccept(failed::complete);
  }

  /**
   * Opens or creates a member's directory.
   *
   * @param writer a thread of its own: it waits for the disk
   * @throws PdStorageException if the directory cannot be used
   */
  public static DiskStorage open(Path path, long memberId, Executor writer, LongSupplier nanos) {
    DataDirectory directory = DataDirectory.open(path, memberId);
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
    if (record.getVersion() != VERSION) {
      throw new PdStorageException(
          "snapshot " + file + " has format " + record.getVersion() + ": start the newer program");
    }
    byte[] state = record.getState().toByteArray();
    if (record.getCrc32C() != crc(state)) {
      throw new PdStorageException("snapshot " + file + " is damaged: its checksum does not fit");
    }
    return Optional.of(
        new SnapshotDescriptor(
            new LogPosition(record.getIndex(), record.getTerm()),
            Membership.decode(record.getMembership().toByteArray()),
            state));
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
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
    byte[] bytes =
        SnapshotFileRecord.newBuilder()
            .setVersion(VERSION)
            .setIndex(newSnapshot.position().index())
            .setTerm(newSnapshot.position().term())
            .setMembership(ByteString.copyFrom(newSnapshot.membership().encode()))
            .setState(ByteString.copyFrom(newSnapshot.data()))
            .setCrc32C(crc(newSnapshot.data()))
            .build()
            .toByteArray();
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
    Path target = directory.path().resolve("snapshot");
    Path fresh = directory.path().resolve("snapshot.new");
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel parent = FileChannel.open(directory.path(), StandardOpenOption.READ)) {
      parent.force(true);
    }
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
