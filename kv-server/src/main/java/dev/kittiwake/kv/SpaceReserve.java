package dev.kittiwake.kv;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that only takes room, to be given up when the disk is full: a store needs some to start,
 * to take part in elections, and to delete. Thread-safe.
 */
final class SpaceReserve {
  private static final int BLOCK_BYTES = 1 << 20;

  private final Path file;
  private final long bytes;

  /**
   * @param bytes how much to hold; 0 = none
   */
  SpaceReserve(Path file, long bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  long bytes() {
    return bytes;
  }

  synchronized boolean held() {
    return bytes == 0 || file.toFile().length() >= bytes;
  }

  /** Gives the room up; answers whether there was any to give. */
  synchronized boolean release() throws IOException {
    return Files.deleteIfExists(file);
  }

  /**
   * Takes the room, as far as it is missing. Written for real: a file system may promise a hole
   * more than it has.
   */
  synchronized void fill() throws IOException {
    if (held()) {
      return;
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer zeros = ByteBuffer.allocateDirect(BLOCK_BYTES);
      for (long at = channel.size(); at < bytes; ) {
        zeros.clear().limit((int) Math.min(BLOCK_BYTES, bytes - at));
        at += channel.write(zeros, at);
      }
      channel.force(true);
    }
  }
}
