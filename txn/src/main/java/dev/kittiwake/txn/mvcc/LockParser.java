package dev.kittiwake.txn.mvcc;

import dev.kittiwake.proto.key.Key;
import java.util.ArrayList;
import java.util.List;

/** Collects the fields of one encoded lock. */
final class LockParser {
  private final RecordInput in;
  private byte[] shortValue;
  private long forUpdateTs;
  private long txnSize;
  private long minCommitTs;
  private boolean asyncCommit;
  private List<Key> secondaries = List.of();
  private List<Long> rollbackTs = List.of();
  private LastChange lastChange = LastChange.UNKNOWN;
  private long txnSource;
  private boolean lockedWithConflict;
  private long generation;
  private boolean marked; // any of the rare fields was there

  LockParser(RecordInput in) {
    this.in = in;
  }

  Lock parse() {
    LockType type = LockType.of(in.u8());
    Key primary = in.compact();
    long startTs = in.varU64();
    long ttlMillis = in.hasMore() ? in.varU64() : 0;
    while (in.hasMore() && field(in.u8())) {
      // field() consumed it
    }
    LockMarks marks =
        marked
            ? new LockMarks(rollbackTs, lastChange, txnSource, lockedWithConflict, generation)
            : LockMarks.NONE;
    return new Lock(
        type,
        primary,
        startTs,
        ttlMillis,
        shortValue,
        forUpdateTs,
        txnSize,
        minCommitTs,
        asyncCommit,
        secondaries,
        marks);
  }

  /** Reads the field of {@code tag}; false if the tag is unknown: the rest cannot be read then. */
  private boolean field(byte tag) {
    switch (tag) {
      case 'v':
        shortValue = in.raw(in.u8() & 0xFF);
        return true;
      case 'f':
        forUpdateTs = in.u64();
        return true;
      case 't':
        txnSize = in.u64();
        return true;
      case 'c':
        minCommitTs = in.u64();
        return true;
      case 'a':
        asyncCommit = true;
        secondaries = keys();
        return true;
      default:
        return mark(tag);
    }
  }

  private boolean mark(byte tag) {
    switch (tag) {
      case 'r':
        rollbackTs = timestamps();
        break;
      case 'l':
        lastChange = new LastChange(in.u64(), in.varU64());
        break;
      case 's':
        txnSource = in.varU64();
        break;
      case 'F':
        lockedWithConflict = true;
        break;
      case 'g':
        generation = in.u64();
        break;
      default:
        return false;
    }
    marked = true;
    return true;
  }

  private List<Key> keys() {
    int count = in.count();
    List<Key> keys = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      keys.add(in.compact());
    }
    return keys;
  }

  private List<Long> timestamps() {
    int count = in.count();
    List<Long> timestamps = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      timestamps.add(in.u64());
    }
    return timestamps;
  }
}
