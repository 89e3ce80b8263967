package dev.kittiwake.client.txn;

import dev.kittiwake.client.region.ReadFrom;
import java.util.function.Function;

/** Begins transactions and opens snapshots. Thread-safe. */
public interface TransactionClient {
  /** Begins a transaction; its start timestamp is asked for at once and awaited when needed. */
  Transaction begin(TransactionOptions options);

  /**
   * The data as of {@code ts}. {@link dev.kittiwake.proto.key.Timestamp#MAX} means the newest and
   * is allowed for {@link Snapshot#get} only: it saves asking for a timestamp.
   */
  Snapshot snapshot(long ts);

  /**
   * The data as of {@code ts}, read from the replicas that {@code from} says. With {@link
   * ReadFrom#STALE} the timestamp should lie some seconds in the past, or the leaders are asked
   * after all.
   */
  Snapshot snapshot(long ts, ReadFrom from);

  /** The data as of now: asks for a timestamp. */
  Snapshot latestSnapshot();

  /** A new timestamp from the placement driver. */
  long currentTimestamp();

  /**
   * Runs {@code work} in a pessimistic transaction and commits it. When another transaction was in
   * the way ({@link dev.kittiwake.client.error.TransactionConflictException}) everything is rolled
   * back and {@code work} runs again, a bounded number of times; so it must have no other effects.
   * Every other exception rolls back and is thrown on.
   */
  <T> T run(Function<Transaction, T> work);

  /** As {@link #run(Function)} with options. */
  <T> T run(TransactionOptions options, Function<Transaction, T> work);
}
