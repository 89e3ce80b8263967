package dev.kittiwake.raft.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * One file of the log in one of its uses. The header names the use: a sequence that never comes
 * again, and the oldest segment that was needed when it was begun. Written by the writer only.
 *
 * <pre>
 * offset  bytes
 *  0      8     magic "KWWAL\0\0" and format 1
 *  8      8     sequence
 * 16      8     first sequence needed when this one was begun
 * 24      4     CRC-32C of the bytes before
 * 28      4     zero
 * 32      ...   records
 * </pre>
 */
final class Segment {
  static final int HEADER_BYTES = 32;
  static final long MAGIC = 0x4B5757414C000001L;
  private static final long MAGIC_WITHOUT_FORMAT = MAGIC >>> 8;

  final WalFile file;
  final long sequence;
  final long firstNeeded;
  final long size;
  int life; // grows with each opening that goes on in this segment
  long end; // where the next record goes
  long provenTo; // bytes up to here were forced: a record says so. 0 = not even the header

  Segment(WalFile file, long sequence, long firstNeeded, long size) {
    this.file = file;
    this.sequence = sequence;
    this.firstNeeded = firstNeeded;
    this.size = size;
    this.end = HEADER_BYTES;
  }

  long room() {
    return size - end;
  }

  /** Durable before any record, so that a segment without a header has no records. */
  void writeHeader() throws IOException {
    ByteBuffer header = ByteBuffer.allocateDirect(HEADER_BYTES);
    header.putLong(MAGIC).putLong(sequence).putLong(firstNeeded);
    header.putInt(checksum(header.duplicate().flip())).putInt(0).flip();
    file.write(0, header);
    file.force();
  }

  /** The segment this file holds, or null if it holds none. */
  static Segment read(WalFile file) throws IOException {
    ByteBuffer header = ByteBuffer.allocateDirect(HEADER_BYTES);
    file.read(0, header);
    if (header.position() < HEADER_BYTES) {
      return null;
    }
    header.flip();
    long magic = header.getLong();
    long sequence = header.getLong();
    long firstNeeded = header.getLong();
    int checksum = header.getInt();
    if (checksum != checksum(header.duplicate().position(0).limit(24))
        || magic >>> 8 != MAGIC_WITHOUT_FORMAT) {
      return null;
    }
    if (magic != MAGIC) {
      throw new IOException(
          "log file "
              + file.name()
              + " has format "
              + (magic & 0xFF)
              + ", this version reads "
              + (MAGIC & 0xFF));
    }
    return new Segment(file, sequence, firstNeeded, file.size());
  }

  /** The sequence that a header names, valid or not. */
  static long claimedSequence(WalFile file) throws IOException {
    ByteBuffer header = ByteBuffer.allocateDirect(HEADER_BYTES);
    file.read(0, header);
    return header.position() < HEADER_BYTES ? 0 : header.getLong(8);
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
