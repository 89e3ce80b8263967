package dev.kittiwake.raft.wal;

import dev.kittiwake.raft.Entry;
import java.util.Arrays;

/**
 * Entries of consecutive indexes: term and place on disk of each, and the entry itself while it is
 * cached. A ring.
 */
final class EntryIndex {
  private long[] terms = new long[8];
  private Segment[] segments = new Segment[8]; // null = not yet durable
  private long[] places = new long[8]; // payload's offset << 32 | length
  private byte[] kinds = new byte[8];
  private Entry[] cached = new Entry[8]; // null = evicted
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

  void add(long term, Entry.Kind kind, Entry entry, Segment segment, long offset, int length) {
    if (count == terms.length) {
      grow();
    }
    int slot = slot(first + count);
    count++;
    terms[slot] = term;
    kinds[slot] = (byte) kind.ordinal();
    cached[slot] = entry;
    place(slot, segment, offset, length);
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

  /** Forgets the entry but not its place; returns it. */
  Entry evict(long index) {
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
    for (int i = 0; i < count; i++) {
      int slot = (head + i) & (size - 1);
      newTerms[i] = terms[slot];
      newSegments[i] = segments[slot];
      newPlaces[i] = places[slot];
      newKinds[i] = kinds[slot];
      newCached[i] = cached[slot];
    }
    terms = newTerms;
    segments = newSegments;
    places = newPlaces;
    kinds = newKinds;
    cached = newCached;
    head = 0;
  }
}
