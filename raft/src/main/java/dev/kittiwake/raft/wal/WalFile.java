package dev.kittiwake.raft.wal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** One file. Written by one thread; read by any, at places that were written before. */
public interface WalFile extends Closeable {
  String name();

  long size() throws IOException;

  /** Writes all remaining bytes of the buffer at {@code position}. */
  void write(long position, ByteBuffer buffer) throws IOException;

  /** Fills {@code target} from {@code position} as far as the file reaches. */
  void read(long position, ByteBuffer target) throws IOException;

  /**
   * Makes everything written durable. After an error nothing about this file's unsynced writes is
   * known.
   */
  void force() throws IOException;

  @Override
  void close() throws IOException;
}
