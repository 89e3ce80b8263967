package dev.kittiwake.client.txn;

import dev.kittiwake.client.region.ReadFrom;
import java.time.Duration;
import java.util.Objects;

/**
 * How a transaction works.
 *
 * @param onePhaseCommit commit in a single step if all keys lie in one region
 * @param asyncCommit be committed as soon as all keys are written, without waiting for a commit
 *     timestamp, if the transaction is small
 * @param lockWait how long {@link Transaction#lock} waits by default for locks of others
 * @param maxCommitTs the commit timestamp of a one-phase or asynchronous commit must not be above;
 *     0 for no bound
 * @param reads which replicas serve the transaction's snapshot reads; locks and writes always go to
 *     leaders
 * @param order what a small commit, which takes no timestamp of its own at the end, promises
 */
public record TransactionOptions(
    Mode mode,
    boolean onePhaseCommit,
    boolean asyncCommit,
    Duration lockWait,
    long maxCommitTs,
    ReadFrom reads,
    CommitOrder order) {
  /** When conflicts show. */
  public enum Mode {
    /** Locks are taken by {@link Transaction#lock}, before the commit. */
    PESSIMISTIC,
    /** Nothing is locked before the commit, which fails if another transaction was faster. */
    OPTIMISTIC
  }

  /** How commit timestamps of one-phase and asynchronous commits follow real time. */
  public enum CommitOrder {
    /**
     * Whoever sees this transaction sees every transaction that had ended before its commit was
     * asked for. Costs a timestamp.
     */
    REAL_TIME,
    /**
     * Whoever begins after the end of this transaction sees it; but a snapshot taken before may
     * show it without another, on other keys, that had ended earlier. The same as {@link
     * #REAL_TIME} for a transaction that begins and commits in one call of its user.
     */
    CAUSAL
  }

  public TransactionOptions {
    Objects.requireNonNull(mode, "mode");
    Objects.requireNonNull(order, "order");
    Objects.requireNonNull(reads, "reads");
    if (reads == ReadFrom.STALE) {
      throw new IllegalArgumentException(
          "a transaction reads the present, no replica serves that stale: use ReadFrom.ANY");
    }
    if (lockWait.isNegative()) {
      throw new IllegalArgumentException("lockWait " + lockWait + " is negative");
    }
  }

  public static TransactionOptions pessimistic() {
    return new TransactionOptions(
        Mode.PESSIMISTIC,
        true,
        true,
        Duration.ofSeconds(50),
        0,
        ReadFrom.LEADER,
        CommitOrder.REAL_TIME);
  }

  public static TransactionOptions optimistic() {
    return new TransactionOptions(
        Mode.OPTIMISTIC,
        true,
        true,
        Duration.ofSeconds(50),
        0,
        ReadFrom.LEADER,
        CommitOrder.REAL_TIME);
  }

  public TransactionOptions withOnePhaseCommit(boolean on) {
    return new TransactionOptions(mode, on, asyncCommit, lockWait, maxCommitTs, reads, order);
  }

  public TransactionOptions withAsyncCommit(boolean on) {
    return new TransactionOptions(mode, onePhaseCommit, on, lockWait, maxCommitTs, reads, order);
  }

  public TransactionOptions withLockWait(Duration wait) {
    return new TransactionOptions(
        mode, onePhaseCommit, asyncCommit, wait, maxCommitTs, reads, order);
  }

  public TransactionOptions withMaxCommitTs(long ts) {
    return new TransactionOptions(mode, onePhaseCommit, asyncCommit, lockWait, ts, reads, order);
  }

  /**
   * @param from not {@link ReadFrom#STALE}: a transaction reads the present
   */
  public TransactionOptions withReads(ReadFrom from) {
    return new TransactionOptions(
        mode, onePhaseCommit, asyncCommit, lockWait, maxCommitTs, from, order);
  }

  public TransactionOptions withOrder(CommitOrder promised) {
    return new TransactionOptions(
        mode, onePhaseCommit, asyncCommit, lockWait, maxCommitTs, reads, promised);
  }

  public boolean isPessimistic() {
    return mode == Mode.PESSIMISTIC;
  }
}
