package dev.kittiwake.txn.mvcc;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.Timestamp;
import java.util.ArrayList;
import java.util.List;

/**
 * The lock of one key: the intent of the transaction {@code startTs}, whose fate is decided on
 * {@code primary}. Percolator §2.2; bytes as TiKV writes them.
 *
 * <p>Format: type byte; primary (zig-zag varint length, bytes); varint start ts; varint ttl; then
 * tagged fields in the order {@code v f t c a r l s F g}, absent when empty. A reader ignores
 * everything from the first unknown tag on. Worked example: a put of {@code 76} by transaction 10
 * with primary {@code k} and ttl 3000: {@code 50 02 6B 0A B8 17 76 01 76}.
 *
 * @param ttlMillis life of the lock, counted from the physical part of {@code startTs}
 * @param shortValue the value if it is at most {@link Write#MAX_SHORT_VALUE_BYTES} long, else null
 *     (then the default family has it); not to be changed
 * @param forUpdateTs non-zero: the lock belongs to a pessimistic transaction
 * @param minCommitTs the transaction commits at this timestamp or later; 0 = readers cannot push it
 * @param asyncCommit the transaction is committed once all its locks are written
 * @param secondaries the other keys of an async-commit transaction, on its primary only
 */
public record Lock(
    LockType type,
    Key primary,
    long startTs,
    long ttlMillis,
    byte[] shortValue,
    long forUpdateTs,
    long txnSize,
    long minCommitTs,
    boolean asyncCommit,
    List<Key> secondaries,
    LockMarks marks) {

  public Lock {
    secondaries = List.copyOf(secondaries);
    if (shortValue != null && shortValue.length > Write.MAX_SHORT_VALUE_BYTES) {
      throw new IllegalArgumentException("short value of " + shortValue.length + " bytes");
    }
  }

  public boolean isPessimistic() {
    return type == LockType.PESSIMISTIC;
  }

  /** Whether the lock's life is over at {@code currentTs}, which may be infinite. */
  public boolean isExpired(long currentTs) {
    return Long.compareUnsigned(
            Timestamp.physicalMillis(startTs) + ttlMillis, Timestamp.physicalMillis(currentTs))
        < 0;
  }

  public Lock withTtlMillis(long ttl) {
    return new Lock(
        type,
        primary,
        startTs,
        ttl,
        shortValue,
        forUpdateTs,
        txnSize,
        minCommitTs,
        asyncCommit,
        secondaries,
        marks);
  }

  public Lock withMinCommitTs(long ts) {
    return new Lock(
        type,
        primary,
        startTs,
        ttlMillis,
        shortValue,
        forUpdateTs,
        txnSize,
        ts,
        asyncCommit,
        secondaries,
        marks);
  }

  /** This lock remembering that {@code ts} was rolled back on its key. */
  public Lock withRollback(long ts) {
    List<Long> rollbacks = new ArrayList<>(marks.rollbackTs());
    rollbacks.add(ts);
    LockMarks more =
        new LockMarks(
            rollbacks,
            marks.lastChange(),
            marks.txnSource(),
            marks.lockedWithConflict(),
            marks.generation());
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
        more);
  }

  public byte[] encode() {
    int valueBytes = shortValue == null ? 0 : shortValue.length;
    RecordOutput out = new RecordOutput(64 + primary.length() + valueBytes);
    out.u8(type.code()).compact(primary).varU64(startTs).varU64(ttlMillis);
    if (shortValue != null) {
      out.u8('v').u8(shortValue.length).raw(shortValue);
    }
    if (forUpdateTs != 0) {
      out.u8('f').u64(forUpdateTs);
    }
    if (txnSize != 0) {
      out.u8('t').u64(txnSize);
    }
    if (minCommitTs != 0) {
      out.u8('c').u64(minCommitTs);
    }
    if (asyncCommit) {
      out.u8('a').varU64(secondaries.size());
      secondaries.forEach(out::compact);
    }
    if (marks != LockMarks.NONE) {
      encodeMarks(out);
    }
    return out.toBytes();
  }

  private void encodeMarks(RecordOutput out) {
    if (!marks.rollbackTs().isEmpty()) {
      out.u8('r').varU64(marks.rollbackTs().size());
      marks.rollbackTs().forEach(out::u64);
    }
    if (!marks.lastChange().equals(LastChange.UNKNOWN)) {
      out.u8('l').u64(marks.lastChange().ts()).varU64(marks.lastChange().versions());
    }
    if (marks.txnSource() != 0) {
      out.u8('s').varU64(marks.txnSource());
    }
    if (marks.lockedWithConflict()) {
      out.u8('F');
    }
    if (marks.generation() != 0) {
      out.u8('g').u64(marks.generation());
    }
  }

  /**
   * @throws IllegalArgumentException if {@code bytes} is not a lock record
   */
  public static Lock parse(byte[] bytes) {
    return new LockParser(new RecordInput(bytes)).parse();
  }
}
