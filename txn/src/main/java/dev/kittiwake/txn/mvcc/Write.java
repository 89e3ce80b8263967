package dev.kittiwake.txn.mvcc;

/**
 * The record of a committed or rolled back transaction on one key, stored at {@code key +
 * commit_ts} (a rollback at {@code key + start_ts}). Bytes as TiKV writes them.
 *
 * <p>Format: type byte; varint start ts; then tagged fields {@code v} (u8 length, short value),
 * {@code R} (overlapped rollback), {@code F} (u64 gc fence), {@code l} (last change), {@code S}
 * (varint txn source); unknown tags end the reading. Worked example: a put of {@code 76} by
 * transaction 10: {@code 50 0A 76 01 76}; a protected rollback of it: {@code 52 0A 76 01 70}.
 *
 * @param shortValue the value of a put if short enough, else null; "p" on a protected rollback; not
 *     to be changed
 * @param overlappedRollback a transaction whose start ts equals this record's commit ts was rolled
 *     back: the record counts as its rollback too
 * @param gcFence non-zero: commit ts of the next newer version when the record was re-written; a
 *     read at that timestamp or later must not use the record, which may have been collected before
 */
public record Write(
    WriteType type,
    long startTs,
    byte[] shortValue,
    boolean overlappedRollback,
    long gcFence,
    LastChange lastChange,
    long txnSource) {
  /** Longer values live in the default family. */
  public static final int MAX_SHORT_VALUE_BYTES = 255;

  private static final byte[] PROTECTED = {'p'};

  /** The record of a commit. */
  public static Write committed(WriteType type, long startTs, byte[] shortValue) {
    return new Write(type, startTs, shortValue, false, 0, LastChange.UNKNOWN, 0);
  }

  /**
   * The record of a rollback. A protected one is never collapsed: it must stop a late prewrite or
   * commit of the transaction for ever.
   */
  public static Write rollback(long startTs, boolean isProtected) {
    return committed(WriteType.ROLLBACK, startTs, isProtected ? PROTECTED : null);
  }

  public boolean isProtectedRollback() {
    return type == WriteType.ROLLBACK
        && shortValue != null
        && shortValue.length == 1
        && shortValue[0] == 'p';
  }

  /** Whether this record, found at {@code commitTs}, says that {@code txnStartTs} rolled back. */
  boolean rollsBack(long commitTs, long txnStartTs) {
    return type == WriteType.ROLLBACK
        ? startTs == txnStartTs
        : overlappedRollback && commitTs == txnStartTs;
  }

  public Write withOverlappedRollback(long fence) {
    return new Write(type, startTs, shortValue, true, fence, lastChange, txnSource);
  }

  public byte[] encode() {
    int valueBytes = shortValue == null ? 0 : shortValue.length;
    RecordOutput out = new RecordOutput(13 + valueBytes);
    out.u8(type.code()).varU64(startTs);
    if (shortValue != null) {
      out.u8('v').u8(shortValue.length).raw(shortValue);
    }
    if (overlappedRollback) {
      out.u8('R');
    }
    if (gcFence != 0) {
      out.u8('F').u64(gcFence);
    }
    if (!lastChange.equals(LastChange.UNKNOWN)) {
      out.u8('l').u64(lastChange.ts()).varU64(lastChange.versions());
    }
    if (txnSource != 0) {
      out.u8('S').varU64(txnSource);
    }
    return out.toBytes();
  }

  /**
   * @throws IllegalArgumentException if {@code bytes} is not a write record
   */
  public static Write parse(byte[] bytes) {
    RecordInput in = new RecordInput(bytes);
    WriteType type = WriteType.of(in.u8());
    long startTs = in.varU64();
    byte[] shortValue = null;
    boolean overlappedRollback = false;
    long gcFence = 0;
    LastChange lastChange = LastChange.UNKNOWN;
    long txnSource = 0;
    boolean known = true;
    while (known && in.hasMore()) {
      switch (in.u8()) {
        case 'v':
          shortValue = in.raw(in.u8() & 0xFF);
          break;
        case 'R':
          overlappedRollback = true;
          break;
        case 'F':
          gcFence = in.u64();
          break;
        case 'l':
          lastChange = new LastChange(in.u64(), in.varU64());
          break;
        case 'S':
          txnSource = in.varU64();
          break;
        default:
          known = false;
      }
    }
    return new Write(type, startTs, shortValue, overlappedRollback, gcFence, lastChange, txnSource);
  }
}
