package dev.kittiwake.raft.wal;

import dev.kittiwake.raft.Entry;
import dev.kittiwake.raft.HardState;
import dev.kittiwake.raft.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.TreeMap;

/**
 * A group as recovery replays its records, in order. Entries may be missing until the last record
 * is seen.
 */
final class RecoveredGroup {
  private final TreeMap<Long, RecoveredEntry> entries = new TreeMap<>();
  final DiskRuns runs = new DiskRuns();

  /** {@code body} stands behind the group's id; {@code at} is the body's place in the segment. */
  void replay(byte type, ByteBuffer body, Segment segment, long at) throws IOException {
    HardState hardState = new HardState(body.getLong(), body.getLong(), body.getLong());
    LogPosition start = new LogPosition(body.getLong(), body.getLong());
    if (type == Record.RESTART) {
      entries.clear();
      runs.clear();
    }
    entries.headMap(start.index(), true).clear();
    runs.state(hardState, start, segment.sequence);
    long first = body.getLong();
    int count = body.getInt();
    if (count == 0) {
      return;
    }
    if (type == Record.APPEND) {
      entries.tailMap(first, true).clear();
    }
    for (long index = first; index < first + count; index++) {
      long term = body.getLong();
      Entry.Kind kind = Entry.Kind.of(body.get());
      int length = body.getInt();
      long offset = at + body.position();
      int checksum = Record.checksum(body.slice(body.position(), length));
      entries.put(index, new RecoveredEntry(term, kind, segment, offset, length, checksum));
      body.position(body.position() + length);
    }
    if (type == Record.APPEND) {
      runs.append(first, first + count - 1, segment.sequence);
    } else {
      runs.copy(first, first + count - 1, segment.sequence);
    }
  }

  GroupLog toLog(long id, Wal wal) throws IOException {
    GroupLog log = new GroupLog(id, wal);
    log.recover(runs.hardState, runs.start, entries);
    return log;
  }
}
