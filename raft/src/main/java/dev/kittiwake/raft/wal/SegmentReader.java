package dev.kittiwake.raft.wal;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads the records of one segment in order, up to its end, its seal, or the first bytes that are
 * no record.
 */
final class SegmentReader {
  private final Segment segment;
  private ByteBuffer window; // bytes of the segment from windowStart on
  private long windowStart;
  private int life;

  SegmentReader(Segment segment, ByteBuffer buffer) {
    this.segment = segment;
    this.window = buffer.clear().limit(0);
    this.windowStart = 0;
  }

  int life() {
    return life;
  }

  /**
   * The body of the record at {@code offset}, or null if there is none. Valid until the next call.
   */
  ByteBuffer body(long offset) throws IOException {
    if (!fill(offset, Record.PREFIX_BYTES)) {
      return null;
    }
    int at = (int) (offset - windowStart);
    int length = window.getInt(at);
    int checksum = window.getInt(at + 4);
    if (length < Record.BODY_START || length > segment.size - offset - Record.PREFIX_BYTES) {
      return null;
    }
    if (!fill(offset, Record.PREFIX_BYTES + length)) {
      return null;
    }
    at = (int) (offset - windowStart) + Record.PREFIX_BYTES;
    ByteBuffer body = window.slice(at, length);
    if (Record.checksum(body.duplicate(), segment.sequence, life, offset) != checksum) {
      return null;
    }
    if (body.get(0) != Record.FORMAT) {
      throw new IOException(
          "log file "
              + segment.file.name()
              + " has a record of format "
              + body.get(0)
              + " at "
              + offset
              + ", this version reads "
              + Record.FORMAT);
    }
    return body;
  }

  /**
   * A record that says how to go on reading: the process that wrote what follows gave it a new
   * life.
   */
  void resumed(int newLife) {
    life = newLife;
  }

  /**
   * Whether a later record knows that {@code cut} had been durable: then the bytes there were
   * damaged, not torn. Looks at every offset behind it. No record claims more than what lies before
   * it, so nearly all other bytes are told from a record without reading a body they seem to have:
   * what a reused file held before, or payloads, must not make this slow.
   */
  boolean wasDurable(long cut) throws IOException {
    for (long offset = cut + 1;
        offset + Record.PREFIX_BYTES + Record.BODY_START <= segment.size;
        offset++) {
      if (!fill(offset, Record.PREFIX_BYTES + Record.BODY_START)) {
        return false;
      }
      if (claimsDurable((int) (offset - windowStart) + Record.PREFIX_BYTES, cut, offset)
          && body(offset) != null) {
        return true;
      }
    }
    return false;
  }

  /** Whether the bytes at {@code at} of the window look like a body that knows of {@code cut}. */
  private boolean claimsDurable(int at, long cut, long offset) {
    if (window.get(at) != Record.FORMAT) {
      return false;
    }
    byte type = window.get(at + 1);
    if (type < Record.APPEND || type > Record.NEEDED) {
      return false;
    }
    long durableTo = window.getLong(at + 2);
    return durableTo > cut && durableTo <= offset;
  }

  private boolean fill(long offset, int bytes) throws IOException {
    if (offset >= windowStart && offset + bytes <= windowStart + window.limit()) {
      return true;
    }
    if (bytes > window.capacity()) {
      window = ByteBuffer.allocateDirect(Math.max(bytes, window.capacity() * 2));
    }
    window.clear();
    windowStart = offset;
    segment.file.read(offset, window);
    window.flip();
    return window.limit() >= bytes;
  }
}
