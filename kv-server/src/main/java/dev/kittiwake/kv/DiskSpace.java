package dev.kittiwake.kv;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Room on the disk of a directory, in bytes, as {@code df} counts it: what others hold back (a
 * reserve of the super-user, a quota) is no part of the capacity, or a store there would look full
 * long before it is.
 *
 * @param capacity what is taken and what may still be taken
 * @param available what may still be taken
 */
public record DiskSpace(long capacity, long available) {
  /** Of the disk on which {@code directory} lies. */
  public static DiskSpace of(Path directory) throws IOException {
    FileStore disk = Files.getFileStore(directory);
    return of(disk.getTotalSpace(), disk.getUnallocatedSpace(), disk.getUsableSpace());
  }

  static DiskSpace of(long total, long unallocated, long usable) {
    long heldBack = Math.max(0, unallocated - usable);
    return new DiskSpace(total - heldBack, usable);
  }
}
