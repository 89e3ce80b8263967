package dev.kittiwake.raft.wal;

import dev.kittiwake.raft.Entry;

/**
 * Where recovery found an entry: its payload is {@code length} bytes at {@code offset} of the
 * segment, and has this checksum.
 */
record RecoveredEntry(
    long term, Entry.Kind kind, Segment segment, long offset, int length, int checksum) {}
