package dev.kittiwake.kv.region;

import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.engine.WriteBatch;

/**
 * About how much a region holds: followed on the apply path, put right by a look at the data.
 * Thread-safe.
 *
 * <p>Locks come and go and are not counted. What a deleted entry took is not known: it counts as
 * much as the region's entries do on average. A transaction's key may have an entry in two
 * families: the larger number of the two is the number of keys.
 */
public final class RegionSize implements WriteBatch.Meter {
  private long bytes; // guarded by this, as everything here
  private final long[] entries = new long[Family.values().length];
  private boolean measured; // by a look at the data, or from others that were
  private long writtenBytes; // since the replica was made
  private long lookedAt; // writtenBytes at the last look for cuts
  private boolean due = true; // a look for cuts makes sense however little was written since

  /**
   * What a region holds at one moment.
   *
   * @param bytes of keys and values, without locks
   * @param keys versions, for data of transactions
   */
  public record Estimate(long bytes, long keys) {}

  /**
   * What a walk over the data found.
   *
   * @param bytes of keys and values, without locks
   * @param values entries of the family {@code default}
   * @param writes entries of the family {@code write}
   */
  record Measure(long bytes, long values, long writes) {
    long keys() {
      return Math.max(values, writes);
    }
  }

  /** Where the account stood when a look began, so that what came meanwhile is not lost. */
  record Mark(long bytes, long values, long writes) {}

  /** Counts the records of an applied write. */
  synchronized void count(byte[] payload, int from, int to) {
    writtenBytes += to - from;
    WriteBatch.measure(payload, from, to, this);
  }

  @Override
  public synchronized void onPut(Family family, int keyBytes, int valueBytes) {
    if (family != Family.LOCK) {
      bytes += keyBytes + valueBytes;
      entries[family.id()]++;
    }
  }

  @Override
  public synchronized void onDelete(Family family, int keyBytes) {
    if (family != Family.LOCK && entries[family.id()] > 0) {
      long all = entries[Family.DEFAULT.id()] + entries[Family.WRITE.id()];
      bytes -= bytes / all;
      entries[family.id()]--;
    }
  }

  /** How much went with a deleted range can only be seen by looking. */
  @Override
  public synchronized void onDeleteRange(Family family) {
    measured = false;
  }

  synchronized Estimate estimate() {
    long keys = Math.max(entries[Family.DEFAULT.id()], entries[Family.WRITE.id()]);
    return new Estimate(Math.max(0, bytes), keys);
  }

  /** Whether the estimate is worth telling: measured, or a share of what was. */
  synchronized boolean known() {
    return measured || bytes > 0;
  }

  synchronized boolean measured() {
    return measured;
  }

  /** Whether so much has changed since the last look for cuts that another may find some. */
  synchronized boolean worthALook(long diffBytes) {
    return due || writtenBytes - lookedAt >= diffBytes;
  }

  /** A look for cuts begins. */
  synchronized void looking() {
    lookedAt = writtenBytes;
    due = false;
  }

  /** Where the account stands. */
  synchronized Mark mark() {
    return new Mark(bytes, entries[Family.DEFAULT.id()], entries[Family.WRITE.id()]);
  }

  /** The look that began at {@code mark} has found this. */
  synchronized void correct(Mark mark, Measure found) {
    bytes = found.bytes() + bytes - mark.bytes();
    int values = Family.DEFAULT.id();
    int writes = Family.WRITE.id();
    entries[values] = Math.max(0, found.values() + entries[values] - mark.values());
    entries[writes] = Math.max(0, found.writes() + entries[writes] - mark.writes());
    measured = true;
  }

  /** The look came to nothing, or what it led to did: the next one is due at once. */
  synchronized void lookAgain() {
    due = true;
  }

  /** One of {@code pieces} equal parts remains, as far as one can know without looking. */
  synchronized void share(int pieces) {
    become(
        bytes / pieces, entries[Family.DEFAULT.id()] / pieces, entries[Family.WRITE.id()] / pieces);
  }

  /** Takes over what is known of another region's part. */
  void copy(RegionSize other) {
    Mark known = other.mark();
    become(known.bytes(), known.values(), known.writes());
  }

  private synchronized void become(long size, long values, long writes) {
    bytes = size;
    entries[Family.DEFAULT.id()] = values;
    entries[Family.WRITE.id()] = writes;
    measured = false;
    due = true;
  }

  /** The data of {@code other} has come to this region. */
  void add(RegionSize other) {
    Mark its = other.mark();
    boolean known = other.measured();
    synchronized (this) {
      bytes += its.bytes();
      entries[Family.DEFAULT.id()] += its.values();
      entries[Family.WRITE.id()] += its.writes();
      measured &= known;
    }
  }

  /** Much was deleted without being counted here: only looking helps. */
  synchronized void unknown() {
    measured = false;
  }

  /** Other data took the place of this region's. */
  void forget() {
    become(0, 0, 0);
  }
}
