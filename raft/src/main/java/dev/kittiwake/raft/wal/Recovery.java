package dev.kittiwake.raft.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Reads a log directory. Writes nothing. */
final class Recovery {
  static final String SUFFIX = ".wal";

  final TreeMap<Long, Segment> segments = new TreeMap<>(); // needed ones, by sequence
  final List<WalFile> free = new ArrayList<>();
  final List<WalFile> all = new ArrayList<>();
  final TreeMap<Long, RecoveredGroup> groups = new TreeMap<>();
  long highestFileNumber;

  /** The last segment if the log goes on in it; null if it is sealed or there is none. */
  Segment open;

  Recovery(WalDirectory directory) throws IOException {
    try {
      read(directory);
    } catch (IOException | RuntimeException e) {
      for (WalFile file : all) {
        try {
          file.close();
        } catch (IOException closing) {
          e.addSuppressed(closing);
        }
      }
      throw e;
    }
  }

  private void read(WalDirectory directory) throws IOException {
    TreeMap<Long, Segment> found = new TreeMap<>();
    for (String name : directory.list()) {
      if (!name.endsWith(SUFFIX)) {
        continue;
      }
      WalFile file = directory.open(name);
      all.add(file);
      highestFileNumber = Math.max(highestFileNumber, fileNumber(name));
      Segment segment = Segment.read(file);
      if (segment == null) {
        free.add(file);
      } else if (found.put(segment.sequence, segment) != null) {
        throw new IOException(
            "two log files hold segment " + segment.sequence + ", one is " + name);
      }
    }
    ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
    refuseLostHeaders(found.isEmpty() ? 1 : found.lastKey() + 1, buffer);
    if (found.isEmpty()) {
      return;
    }
    Segment newest = found.lastEntry().getValue();
    long firstNeeded = firstNeeded(newest, buffer);
    for (long sequence = firstNeeded; sequence <= newest.sequence; sequence++) {
      Segment needed = found.remove(sequence);
      if (needed == null) {
        throw new IOException(
            "log segment "
                + sequence
                + " is missing or damaged, segments "
                + newest.firstNeeded
                + " to "
                + newest.sequence
                + " are needed; restore this store from its peers");
      }
      segments.put(sequence, needed);
    }
    found.values().forEach(old -> free.add(old.file));
    for (Segment segment : segments.values()) {
      replay(segment, segment == newest, buffer);
    }
  }

  /**
   * A header is durable before any record. So a file that holds a record of the segment behind the
   * newest one, or of a later one that its broken header names, had that header, and has lost it:
   * the log does not end where it seems to.
   */
  private void refuseLostHeaders(long next, ByteBuffer buffer) throws IOException {
    for (WalFile file : all) {
      long claimed = Segment.claimedSequence(file);
      if (holdsRecordOf(file, next, buffer)
          || (claimed > next && free.contains(file) && holdsRecordOf(file, claimed, buffer))) {
        throw new IOException(
            "log file "
                + file.name()
                + " has records, but its header is damaged; restore this store from its peers");
      }
    }
  }

  private static boolean holdsRecordOf(WalFile file, long sequence, ByteBuffer buffer)
      throws IOException {
    Segment segment = new Segment(file, sequence, 0, file.size());
    return new SegmentReader(segment, buffer).body(Segment.HEADER_BYTES) != null;
  }

  /** As of the header, or of a later record: segments below may have been released already. */
  private static long firstNeeded(Segment newest, ByteBuffer buffer) throws IOException {
    SegmentReader reader = new SegmentReader(newest, buffer);
    long needed = newest.firstNeeded;
    long offset = Segment.HEADER_BYTES;
    for (ByteBuffer body = reader.body(offset); body != null; body = reader.body(offset)) {
      int length = body.remaining();
      byte type = body.get(1);
      body.position(Record.BODY_START);
      if (type == Record.SEAL) {
        break;
      } else if (type == Record.RESUME) {
        reader.resumed(body.getInt());
      } else if (type == Record.NEEDED) {
        needed = Math.max(needed, body.getLong());
      }
      offset += Record.PREFIX_BYTES + length;
    }
    return needed;
  }

  private static long fileNumber(String name) {
    try {
      return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    } catch (NumberFormatException e) {
      return 0; // somebody else's file: only its name counts, and it collides with none of ours
    }
  }

  private void replay(Segment segment, boolean newest, ByteBuffer buffer) throws IOException {
    SegmentReader reader = new SegmentReader(segment, buffer);
    long offset = Segment.HEADER_BYTES;
    boolean sealed = false;
    for (ByteBuffer body = reader.body(offset);
        body != null && !sealed;
        body = sealed ? null : reader.body(offset)) {
      int length = body.remaining();
      byte type = body.get(1);
      segment.provenTo = Math.max(segment.provenTo, body.getLong(2));
      body.position(Record.BODY_START);
      switch (type) {
        case Record.SEAL -> sealed = true;
        case Record.RESUME -> reader.resumed(body.getInt());
        case Record.NEEDED -> {} // read before, by firstNeeded
        case Record.DESTROY -> groups.remove(body.getLong());
        case Record.APPEND, Record.RESTART, Record.COPY ->
            groups
                .computeIfAbsent(body.getLong(), id -> new RecoveredGroup())
                .replay(type, body, segment, offset + Record.PREFIX_BYTES);
        default ->
            throw new IOException(
                "log file "
                    + segment.file.name()
                    + " has a record of type "
                    + type
                    + " at "
                    + offset);
      }
      offset += Record.PREFIX_BYTES + length;
    }
    segment.end = offset;
    segment.life = reader.life();
    if (sealed) {
      return;
    }
    if (!newest || reader.wasDurable(offset)) {
      throw new IOException(
          "log file "
              + segment.file.name()
              + " is damaged at byte "
              + offset
              + ", within what had been stored durably; "
              + "restore this store from its peers");
    }
    open = segment;
  }
}
