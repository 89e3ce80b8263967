package dev.kittiwake.raft.wal;

import dev.kittiwake.raft.Entry;
import dev.kittiwake.raft.HardState;
import dev.kittiwake.raft.LogPosition;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A record on disk. Its checksum covers its place too, so bytes that were written for another
 * place, or in an earlier use of the file, are no record here.
 *
 * <pre>
 * 4  length of the body; 0 = the log ends here
 * 4  CRC-32C of sequence (8), offset (8), life (4), length (4), body
 *    body:
 * 1  format 1
 * 1  type
 * 8  offset up to which this segment was durable when the record was made
 *    RESUME: 4 the new life.  SEAL: nothing.  NEEDED: 8 the first sequence needed.  DESTROY: 8 group.  Others:
 * 8  group
 * 8+8+8  hard state: term, vote, commit
 * 8+8    start: index, term
 * 8  index of the first entry
 * 4  number of entries, then for each: 8 term, 1 kind, 4 length, payload
 * </pre>
 */
final class Record {
  /** State and entries; the entries replace what the group had from the first of them on. */
  static final byte APPEND = 1;

  /** State; the group's log is empty. */
  static final byte RESTART = 2;

  /** State and entries the group has already, moved here from an old segment. */
  static final byte COPY = 3;

  /** The group is gone. */
  static final byte DESTROY = 4;

  /** The segment ends; the next one goes on. */
  static final byte SEAL = 5;

  /** A process has opened the log and goes on here, with a new life. */
  static final byte RESUME = 6;

  /** Older segments than this one are about to be released. */
  static final byte NEEDED = 7;

  static final byte FORMAT = 1;
  static final int PREFIX_BYTES = 8;
  static final int BODY_START = 10; // bytes of a body that every type has
  static final int GROUP_BYTES = BODY_START + 6 * 8 + 8 + 4;
  static final int ENTRY_BYTES = 13;
  static final int SEAL_BYTES = PREFIX_BYTES + BODY_START;
  static final int RESUME_BYTES = PREFIX_BYTES + BODY_START + 4;

  private Record() {}

  static long bytes(Entry entry) {
    return ENTRY_BYTES + (long) entry.payload().length;
  }

  static void begin(ByteBuffer buffer, byte type, long durableTo) {
    buffer.putInt(0).putInt(0).put(FORMAT).put(type).putLong(durableTo);
  }

  static void putGroup(ByteBuffer buffer, long group, HardState hardState, LogPosition start) {
    buffer.putLong(group);
    buffer.putLong(hardState.term()).putLong(hardState.vote()).putLong(hardState.commit());
    buffer.putLong(start.index()).putLong(start.term());
  }

  static void putEntries(ByteBuffer buffer, List<Entry> entries) {
    buffer.putLong(entries.isEmpty() ? 0 : entries.get(0).index()).putInt(entries.size());
    for (Entry entry : entries) {
      buffer
          .putLong(entry.term())
          .put((byte) entry.kind().ordinal())
          .putInt(entry.payload().length);
      buffer.put(entry.payload());
    }
  }

  /** Fills in length and checksum of the record from {@code from} to the buffer's position. */
  static void finish(ByteBuffer buffer, int from, Segment segment, long offset) {
    int length = buffer.position() - from - PREFIX_BYTES;
    ByteBuffer body = buffer.duplicate().flip().position(from + PREFIX_BYTES);
    buffer.putInt(from, length);
    buffer.putInt(from + 4, checksum(body, segment.sequence, segment.life, offset));
  }

  static int checksum(ByteBuffer body, long sequence, int life, long offset) {
    CRC32C crc = new CRC32C();
    mix(crc, sequence);
    mix(crc, offset);
    mix(crc, (long) life << 32 | body.remaining());
    crc.update(body);
    return (int) crc.getValue();
  }

  /** Of an entry's payload alone. */
  static int checksum(ByteBuffer payload) {
    CRC32C crc = new CRC32C();
    crc.update(payload);
    return (int) crc.getValue();
  }

  private static void mix(CRC32C crc, long value) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      crc.update((int) (value >>> shift) & 0xFF);
    }
  }
}
