package dev.kittiwake.raft.wal;

import dev.kittiwake.raft.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;

/**
 * Writes records into segments, one after another; makes, seals, reuses and releases them. Used by
 * the writer only.
 *
 * <p>A log that exists is not touched before the first record is written: a process that cannot
 * start, for whatever reason, leaves it as it was, and opening needs no room on the disk.
 */
final class SegmentWriter {
  private static final int ZERO_BYTES = 1 << 20;
  private static final long MAX_RECORD_BYTES = 4 << 20;

  private final WalDirectory directory;
  private final WalConfig config;
  private final TreeMap<Long, Segment> segments;
  private final ArrayDeque<WalFile> spares = new ArrayDeque<>();
  private final TreeMap<Long, DiskRuns> groups = new TreeMap<>();
  private final List<WalFile> free = new ArrayList<>(); // found at the start, not yet looked after
  private final Segment open; // where a recovered log goes on; null = in a new segment
  private long fileNumber;
  private Segment current; // null = nothing was written yet
  private boolean rolled;
  private long durableTo; // of the current segment
  private ByteBuffer buffer; // records at current.end - buffer.position()
  private volatile long bytesOnDisk;

  SegmentWriter(WalDirectory directory, WalConfig config, Recovery recovery) throws IOException {
    this.directory = directory;
    this.config = config;
    this.segments = recovery.segments;
    this.fileNumber = recovery.highestFileNumber;
    this.buffer = ByteBuffer.allocateDirect(Math.min(config.maxBufferBytes(), 256 << 10));
    this.open = recovery.open;
    this.free.addAll(recovery.free);
    recovery.groups.forEach((id, group) -> groups.put(id, group.runs));
    for (Segment segment : segments.values()) {
      bytesOnDisk += segment.size;
    }
    for (WalFile file : free) {
      bytesOnDisk += file.size();
    }
    if (segments.isEmpty() && free.isEmpty()) {
      begin(0); // a new log: whoever cannot make it should learn that now
    }
  }

  /** Before the first record: files that hold nothing are spares, and the log goes on. */
  private void goOn() throws IOException {
    for (WalFile file : free) {
      release(file, file.size());
    }
    free.clear();
    if (open == null) {
      begin(0);
    } else {
      goOnIn(open);
    }
  }

  /**
   * Goes on in the last segment under a new life, so that no torn record behind its end can ever
   * come back.
   */
  private void goOnIn(Segment last) throws IOException {
    current = last;
    durableTo = last.end;
    if (last.room() < Record.RESUME_BYTES + Record.SEAL_BYTES) {
      roll(0);
      return;
    }
    int newLife = last.life + 1;
    int from = start(Record.RESUME);
    buffer.putInt(newLife);
    finish(from);
    force();
    last.life = newLife;
  }

  long bytesOnDisk() {
    return bytesOnDisk;
  }

  // --- records

  /** Encodes a task; {@link #force} makes it durable. */
  /**
   * Writes the end of the newest segment again as it was read, and forces it. If the last force of
   * an earlier life failed, what it should have saved can still be read, from memory, but is not on
   * the disk, and no force alone would bring it there: the pages count as clean.
   */
  void secure() throws IOException {
    if (segments.isEmpty() || current != null) {
      return;
    }
    directory.sync();
    Segment newest = segments.lastEntry().getValue();
    ByteBuffer block = ByteBuffer.allocateDirect(256 << 10);
    for (long from = newest.provenTo; from < newest.end; from += block.limit()) {
      block.clear().limit((int) Math.min(block.capacity(), newest.end - from));
      newest.file.read(from, block);
      block.flip();
      newest.file.write(from, block.duplicate());
    }
    newest.file.force();
  }

  void write(Task task) throws IOException {
    if (current == null) {
      goOn();
    }
    if (task.type == Record.DESTROY) {
      room(Record.PREFIX_BYTES + Record.BODY_START + 8);
      reserve(Record.PREFIX_BYTES + Record.BODY_START + 8);
      int from = start(Record.DESTROY);
      buffer.putLong(task.group.id);
      finish(from);
      groups.remove(task.group.id);
      return;
    }
    DiskRuns runs = groups.computeIfAbsent(task.group.id, id -> new DiskRuns());
    int next = 0;
    do {
      next = writePiece(task, next, runs);
    } while (next < task.entries.size());
  }

  /** One record with as many entries as fit; a task larger than that takes several. */
  private int writePiece(Task task, int from, DiskRuns runs) throws IOException {
    List<Entry> entries = task.entries;
    long bytes = Record.PREFIX_BYTES + Record.GROUP_BYTES;
    long firstBytes = from < entries.size() ? Record.bytes(entries.get(from)) : 0;
    room(bytes + firstBytes);
    long limit =
        task.type == Record.COPY
            ? Long.MAX_VALUE
            : Math.min(MAX_RECORD_BYTES, current.room() - Record.SEAL_BYTES);
    int to = from;
    while (to < entries.size() && (to == from || bytes + Record.bytes(entries.get(to)) <= limit)) {
      bytes += Record.bytes(entries.get(to++));
    }
    if (task.type == Record.COPY) {
      room(bytes);
    }
    List<Entry> piece = entries.subList(from, to);
    reserve(bytes);
    if (task.type == Record.RESTART) {
      runs.clear();
    }
    runs.state(task.hardState, task.start, current.sequence);
    int at = start(task.type);
    Record.putGroup(buffer, task.group.id, task.hardState, task.start);
    long offset = current.end + (buffer.position() - at) + 12;
    Record.putEntries(buffer, piece);
    finish(at);
    if (!piece.isEmpty()) {
      task.pieces.add(new Task.Piece(piece, current, offset));
      long first = piece.get(0).index();
      long last = piece.get(piece.size() - 1).index();
      if (task.type == Record.COPY) {
        runs.copy(first, last, current.sequence);
      } else {
        runs.append(first, last, current.sequence);
      }
    }
    return to;
  }

  private int start(byte type) {
    int from = buffer.position();
    Record.begin(buffer, type, durableTo);
    return from;
  }

  private void finish(int from) {
    Record.finish(buffer, from, current, current.end);
    current.end += buffer.position() - from;
  }

  /** A record of so many bytes, and a seal behind it, must fit into the current segment. */
  private void room(long bytes) throws IOException {
    if (current.room() < bytes + Record.SEAL_BYTES) {
      roll(bytes);
    }
  }

  private void reserve(long bytes) throws IOException {
    if (buffer.remaining() >= bytes + Record.RESUME_BYTES) {
      return;
    }
    flush();
    if (buffer.capacity() < bytes + Record.RESUME_BYTES) {
      buffer =
          ByteBuffer.allocateDirect(
              Math.toIntExact(Math.max(bytes + Record.RESUME_BYTES, buffer.capacity() * 2L)));
    }
  }

  private void flush() throws IOException {
    if (buffer.position() > 0) {
      long at = current.end - buffer.position();
      current.file.write(at, buffer.flip());
      buffer.clear();
    }
  }

  void force() throws IOException {
    flush();
    current.file.force();
    durableTo = current.end;
    if (buffer.capacity() > config.maxBufferBytes()) {
      buffer = ByteBuffer.allocateDirect(config.maxBufferBytes());
    }
  }

  // --- segments

  private void roll(long bytesNeeded) throws IOException {
    reserve(Record.SEAL_BYTES);
    finish(start(Record.SEAL));
    force();
    begin(bytesNeeded);
  }

  private void begin(long bytesNeeded) throws IOException {
    long size =
        Math.max(config.segmentBytes(), Segment.HEADER_BYTES + bytesNeeded + Record.SEAL_BYTES);
    long sequence = segments.isEmpty() ? 1 : segments.lastKey() + 1;
    WalFile file = size == config.segmentBytes() ? spares.poll() : null;
    if (file == null) {
      file = create(size);
    }
    long firstNeeded = segments.isEmpty() ? sequence : segments.firstKey();
    Segment segment = new Segment(file, sequence, firstNeeded, size);
    segment.writeHeader();
    segments.put(sequence, segment);
    current = segment;
    durableTo = segment.end;
    rolled = true;
  }

  /** A new file full of zeros: later forces then write no metadata. */
  private WalFile create(long size) throws IOException {
    WalFile file = directory.open(String.format("%08d%s", ++fileNumber, Recovery.SUFFIX));
    ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(size, ZERO_BYTES));
    for (long at = 0; at < size; at += zeros.capacity()) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), size - at));
      file.write(at, zeros);
    }
    file.force();
    directory.sync();
    bytesOnDisk += size;
    return file;
  }

  private void release(WalFile file, long size) throws IOException {
    if (size == config.segmentBytes() && spares.size() < config.spareSegments()) {
      file.write(0, ByteBuffer.allocateDirect(Segment.HEADER_BYTES));
      spares.add(file);
    } else {
      file.close();
      directory.delete(file.name());
      bytesOnDisk -= size;
    }
  }

  /**
   * Whether a segment was begun since the last call: the time to look which old ones are still
   * needed.
   */
  boolean takeRolled() {
    boolean was = rolled;
    rolled = false;
    return was;
  }

  /** Releases segments from the front that no group needs. */
  void purge() throws IOException {
    long needed = current.sequence;
    for (DiskRuns runs : groups.values()) {
      needed = Math.min(needed, runs.oldest());
    }
    if (segments.firstKey() >= needed) {
      return;
    }
    room(Record.PREFIX_BYTES + Record.BODY_START + 8);
    reserve(Record.PREFIX_BYTES + Record.BODY_START + 8);
    int from = start(Record.NEEDED);
    buffer.putLong(needed);
    finish(from);
    force();
    while (segments.firstKey() < needed) {
      Segment old = segments.pollFirstEntry().getValue();
      release(old.file, old.size);
    }
  }

  /**
   * Copies for those groups that still need the oldest segment, if there are more segments than
   * there should be. None if most of it is needed: then copying would not make room, only
   * compaction can.
   */
  List<Task> laggards(LongFunction<GroupLog> logs) {
    if (segments.size() <= config.maxSegments()) {
      return List.of();
    }
    Segment oldest = segments.firstEntry().getValue();
    TreeMap<Long, DiskRuns> needing = new TreeMap<>();
    long bytes = 0;
    for (Map.Entry<Long, DiskRuns> group : groups.entrySet()) {
      GroupLog log = logs.apply(group.getKey());
      if (group.getValue().oldest() != oldest.sequence || log == null) {
        continue; // without a log it is being destroyed: its tombstone is on the way
      }
      needing.put(group.getKey(), group.getValue());
      bytes += Record.PREFIX_BYTES + Record.GROUP_BYTES;
      for (DiskRuns.Run run : group.getValue().runsIn(oldest.sequence)) {
        bytes += log.bytesIn(oldest, run.first(), run.last());
      }
    }
    if (bytes > oldest.size / 2) {
      return List.of();
    }
    List<Task> copies = new ArrayList<>();
    needing.forEach((id, runs) -> copyGroup(logs.apply(id), runs, oldest, copies));
    return copies;
  }

  private static void copyGroup(GroupLog log, DiskRuns runs, Segment oldest, List<Task> copies) {
    List<DiskRuns.Run> old = runs.runsIn(oldest.sequence);
    if (old.isEmpty()) {
      copies.add(new Task(log, Record.COPY, runs.hardState, runs.start, List.of(), () -> {}));
    }
    for (DiskRuns.Run run : old) {
      List<Entry> entries = log.entriesIn(oldest, run.first(), run.last());
      if (!entries.isEmpty()) {
        copies.add(new Task(log, Record.COPY, runs.hardState, runs.start, entries, () -> {}));
      }
    }
  }

  void close() throws IOException {
    for (Segment segment : segments.values()) {
      segment.file.close();
    }
    for (WalFile file : spares) {
      file.close();
    }
    for (WalFile file : free) {
      file.close();
    }
  }
}
