package dev.kittiwake.pd.replica;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/** A member's directory: held by one process at a time, and marked with whose it is. */
final class DataDirectory implements AutoCloseable {
  private static final String MARK = "KITTIWAKE";
  private static final String LOCK = "LOCK";

  private final Path path;
  private final FileChannel lockChannel;
  private final FileLock lock;

  private DataDirectory(Path path, FileChannel lockChannel, FileLock lock) {
    this.path = path;
    this.lockChannel = lockChannel;
    this.lock = lock;
  }

  /**
   * Creates the directory if need be, locks it and checks its mark.
   *
   * @throws PdStorageException if it cannot be written, is in use, or belongs to something else
   */
  static DataDirectory open(Path path, long memberId) {
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
        directory.checkMark(memberId);
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

  private void checkMark(long memberId) throws IOException {
    Path mark = path.resolve(MARK);
    String ours = "pd member " + Long.toUnsignedString(memberId) + " format 1\n";
    if (Files.exists(mark)) {
      String found = Files.readString(mark);
      if (!found.equals(ours)) {
        throw new PdStorageException(
            "data directory "
                + path
                + " belongs to \""
                + found.strip()
                + "\", not to \""
                + ours.strip()
                + "\": choose another directory");
      }
      return;
    }
    try (Stream<Path> files = Files.list(path)) {
      if (files.anyMatch(file -> !file.getFileName().toString().equals(LOCK))) {
        throw new PdStorageException(
            "data directory " + path + " is not empty and not pd's: choose another directory");
      }
    }
    Files.writeString(mark, ours);
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
