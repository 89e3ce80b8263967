package dev.kittiwake.pd.replica;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A member's directory: held by one process at a time, and marked with whose it is. */
final class DataDirectory implements AutoCloseable {
  private static final String MARK = "KITTIWAKE";
  private static final String LOCK = "LOCK";

  /** What a start that broke off may leave in a new directory. */
  private static final Set<String> OURS = Set.of(LOCK, MARK + ".new");

  private final Path path;
  private final FileChannel lockChannel;
  private final FileLock lock;
  private Identity identity; // null: the directory is new

  private DataDirectory(Path path, FileChannel lockChannel, FileLock lock) {
    this.path = path;
    this.lockChannel = lockChannel;
    this.lock = lock;
  }

  /**
   * Creates the directory if need be, locks it and reads its mark.
   *
   * @throws PdStorageException if it cannot be written, is in use, or belongs to something else
   */
  static DataDirectory open(Path path) {
    FileChannel channel = null;
    try {
      Files.createDirectories(path);
      channel =
          FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = lock(channel);
      if (lock == null) {
        channel.close();
        throw new PdStorageException(
            "data directory "
                + path
                + " is in use by another process: stop it, or choose another directory");
      }
      DataDirectory directory = new DataDirectory(path, channel, lock);
      try {
        directory.readMark();
      } catch (PdStorageException e) {
        directory.close();
        throw e;
      }
      return directory;
    } catch (IOException e) {
      throw new PdStorageException(
          "cannot write to data directory "
              + path
              + " ("
              + e.getClass().getSimpleName()
              + ": "
              + e.getMessage()
              + "): check that it is a directory that this user may write to",
          e);
    }
  }

  private static FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // by this very process: a second member on the same directory
    }
  }

  private void readMark() throws IOException {
    Path mark = path.resolve(MARK);
    if (Files.exists(mark)) {
      identity = IdentityMark.read(path, Files.readString(mark));
      return;
    }
    try (Stream<Path> files = Files.list(path)) {
      if (files.anyMatch(file -> !OURS.contains(file.getFileName().toString()))) {
        throw new PdStorageException(
            "data directory " + path + " is not empty and not pd's: choose another directory");
      }
    }
  }

  Optional<Identity> identity() {
    return Optional.ofNullable(identity);
  }

  void keepIdentity(Identity newIdentity) {
    try {
      replace(MARK, IdentityMark.write(newIdentity).getBytes(StandardCharsets.UTF_8));
      identity = newIdentity;
    } catch (IOException e) {
      throw new PdStorageException(
          "cannot write to data directory " + path + " (" + e.getMessage() + ")", e);
    }
  }

  /** Written beside the old one, forced, then renamed over it: there is always a whole one. */
  void replace(String name, byte[] bytes) throws IOException {
    Path fresh = path.resolve(name + ".new");
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
    Files.move(
        fresh,
        path.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel parent = FileChannel.open(path, StandardOpenOption.READ)) {
      parent.force(true);
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() {
    try {
      lock.release();
      lockChannel.close();
    } catch (IOException e) {
      throw new PdStorageException("cannot release data directory " + path + ": " + e, e);
    }
  }
}
