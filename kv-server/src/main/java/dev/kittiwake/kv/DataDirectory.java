package dev.kittiwake.kv;

import dev.kittiwake.kv.background.StoreHeartbeat;
import dev.kittiwake.kv.engine.EngineException;
import dev.kittiwake.proto.store.StoreIdent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/**
 * A store's directory: {@code db} the engine, {@code raft} the log, {@code LOCK} held while a
 * process uses it, {@code KITTIWAKE} whose it is, {@code RESERVE} room for the day when the disk is
 * full.
 */
final class DataDirectory implements AutoCloseable {
  private static final String LOCK = "LOCK";
  private static final String RESERVE = "RESERVE";
  private static final int LOOK_EVERY = 20;

  private final Path path;
  private final FileChannel channel;
  private final FileLock lock;
  private final DirectoryMark mark;
  private int looks; // guarded by this, as what follows
  private long usedBytes;

  private DataDirectory(Path path, FileChannel channel, FileLock lock) {
    this.path = path;
    this.channel = channel;
    this.lock = lock;
    this.mark = new DirectoryMark(path);
  }

  /**
   * Makes the directory if need be and takes it for this process. Needs no room on the disk if a
   * store has used it before.
   *
   * @throws EngineException with a line for the user if it cannot be written, is in use, or is not
   *     a store's
   */
  static DataDirectory take(Path path) {
    FileChannel channel;
    try {
      Files.createDirectories(path);
      channel =
          FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException unusable) {
      throw new EngineException(
          "cannot write to data directory "
              + path
              + ": make it writable for this user or choose another one");
    }
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return checked(new DataDirectory(path, channel, lock));
      }
    } catch (OverlappingFileLockException inUseHere) {
      // Same answer as for another process, below.
    } catch (IOException failed) {
      closeQuietly(channel);
      throw new EngineException("cannot lock data directory " + path, failed);
    }
    closeQuietly(channel);
    throw new EngineException(
        "data directory " + path + " is in use by another store: stop it or choose another one");
  }

  private static DataDirectory checked(DataDirectory taken) {
    try {
      taken.mark.check(java.util.Set.of(LOCK));
      return taken;
    } catch (IOException unusable) {
      taken.close();
      throw new EngineException(
          "cannot mark data directory " + taken.path + " as a store's: " + unusable.getMessage(),
          unusable);
    } catch (EngineException foreign) {
      taken.close();
      throw foreign;
    }
  }

  /** See {@link DirectoryMark#settle}. */
  void settle(StoreIdent ident) {
    mark.settle(ident);
  }

  /** The room that is kept free for bad days. */
  SpaceReserve reserve(long bytes) {
    return new SpaceReserve(path.resolve(RESERVE), bytes);
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  Path database() {
    return path.resolve("db");
  }

  Path log() {
    return path.resolve("raft");
  }

  /** Free bytes of the disk. */
  long available() {
    return path.toFile().getUsableSpace();
  }

  StoreHeartbeat.Space space() {
    try {
      DiskSpace disk = DiskSpace.of(path);
      return new StoreHeartbeat.Space(disk.capacity(), disk.available(), used());
    } catch (IOException | UncheckedIOException changedUnderWay) {
      return new StoreHeartbeat.Space(0, 0, 0); // files come and go; the next report has it
    }
  }

  /** Looked up now and then only: there may be many files. */
  private synchronized long used() throws IOException {
    if (looks++ % LOOK_EVERY == 0) {
      usedBytes = sum();
    }
    return usedBytes;
  }

  private long sum() throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      return files
          .filter(file -> Files.isRegularFile(file) && !file.endsWith(RESERVE))
          .mapToLong(file -> file.toFile().length())
          .sum();
    }
  }

  @Override
  public void close() {
    try {
      lock.release();
      channel.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
