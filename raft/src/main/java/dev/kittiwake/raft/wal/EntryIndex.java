package dev.kittiwake.raft.wal;

import dev.kittiwake.raft.Entry;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Entries of consecutive indexes: term and place on disk of each, and the entry itself while it is
 * cached, or else the checksum of its payload: what is read again later must be what was written. A
 * ring.
 */
final class EntryIndex {
  private long[] terms = new long[8];
  private Segment[] segments = new Segment[8]; // null = not yet durable
  private long[] places = new long[8]; // payload's offset << 32 | length
  private byte[] kinds = new byte[8];
  private Entry[] cached = new Entry[8]; // null = evicted
  private int[] checksums = new int[8]; // of those that are evicted
  private int head;
  private int count;
  private long first = 1; // index of the first

  long first() {
    return first;
  }

  long last() {
    return first + count - 1;
  }

  boolean contains(long index) {
    return index >= first && index < first + count;
  }

  private int slot(long index) {
    return (head + (int) (index - first)) & (terms.length - 1);
  }

  void clear(long nextIndex) {
    Arrays.fill(cached, null);
    Arrays.fill(segments, null);
    head = 0;
    count = 0;
    first = nextIndex;
  }

  /** A new entry; its place is yet to come. */
  void add(Entry entry) {
    int slot = append(entry.term(), entry.kind());
    cached[slot] = entry;
    place(slot, null, 0, 0);
  }

  /** An entry that was found on disk. */
  void add(RecoveredEntry entry) {
    int slot = append(entry.term(), entry.kind());
    cached[slot] = null;
    checksums[slot] = entry.checksum();
    place(slot, entry.segment(), entry.offset(), entry.length());
  }

  private int append(long term, Entry.Kind kind) {
    if (count == terms.length) {
      grow();
    }
    int slot = slot(first + count);
    count++;
    terms[slot] = term;
    kinds[slot] = (byte) kind.ordinal();
    return slot;
  }

  private void place(int slot, Segment segment, long offset, int length) {
    segments[slot] = segment;
    places[slot] = offset << 32 | length;
  }

  void place(long index, Segment segment, long offset, int length) {
    place(slot(index), segment, offset, length);
  }

  long term(long index) {
    return terms[slot(index)];
  }

  Entry.Kind kind(long index) {
    return Entry.Kind.of(kinds[slot(index)]);
  }

  Segment segment(long index) {
    return segments[slot(index)];
  }

  long offset(long index) {
    return places[slot(index)] >>> 32;
  }

  int length(long index) {
    return (int) places[slot(index)];
  }

  Entry cached(long index) {
    return cached[slot(index)];
  }

  /** The checksum of an evicted entry's payload. */
  int checksum(long index) {
    return checksums[slot(index)];
  }

  /** Forgets the entry but not its place; returns it. */
  Entry evict(long index) {
    Entry entry = drop(index);
    if (entry != null) {
      checksums[slot(index)] = Record.checksum(ByteBuffer.wrap(entry.payload()));
    }
    return entry;
  }

  /** Forgets an entry that nobody will read again; returns it. */
  Entry drop(long index) {
    int slot = slot(index);
    Entry entry = cached[slot];
    cached[slot] = null;
    return entry;
  }

  void removeLast() {
    int slot = slot(last());
    cached[slot] = null;
    segments[slot] = null;
    count--;
  }

  void removeFirst() {
    cached[head] = null;
    segments[head] = null;
    head = (head + 1) & (terms.length - 1);
    count--;
    first++;
  }

  private void grow() {
    int size = terms.length;
    long[] newTerms = new long[size * 2];
    Segment[] newSegments = new Segment[size * 2];
    long[] newPlaces = new long[size * 2];
    byte[] newKinds = new byte[size * 2];
    Entry[] newCached = new Entry[size * 2];
    int[] newChecksums = new int[size * 2];
    for (int i = 0; i < count; i++) {
      int slot = (head + i) & (size - 1);
      newTerms[i] = terms[slot];
      newSegments[i] = segments[slot];
      newPlaces[i] = places[slot];
      newKinds[i] = kinds[slot];
      newCached[i] = cached[slot];
      newChecksums[i] = checksums[slot];
    }
    terms = newTerms;
    segments = newSegments;
    places = newPlaces;
    kinds = newKinds;
    cached = newCached;
    checksums = newChecksums;
    head = 0;
  }
}
