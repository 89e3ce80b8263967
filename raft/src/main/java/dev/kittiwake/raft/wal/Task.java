package dev.kittiwake.raft.wal;

import dev.kittiwake.raft.Entry;
import dev.kittiwake.raft.HardState;
import dev.kittiwake.raft.LogPosition;
import java.util.ArrayList;
import java.util.List;

/** One thing to be written for a group, and where it went. */
final class Task {
  /**
   * Entries of a record: their payloads start at {@code offset} of {@code segment}, each behind its
   * entry header.
   */
  record Piece(List<Entry> entries, Segment segment, long offset) {}

  final GroupLog group;
  final byte type;
  final HardState hardState;
  final LogPosition start;
  final List<Entry> entries;
  final Runnable durable;
  final List<Piece> pieces = new ArrayList<>(1);

  Task(
      GroupLog group,
      byte type,
      HardState hardState,
      LogPosition start,
      List<Entry> entries,
      Runnable durable) {
    this.group = group;
    this.type = type;
    this.hardState = hardState;
    this.start = start;
    this.entries = entries;
    this.durable = durable;
  }
}
