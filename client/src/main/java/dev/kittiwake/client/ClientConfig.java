package dev.kittiwake.client;

import java.time.Duration;

/**
 * Limits and budgets of a client. {@link #DEFAULT} suits everybody but tests.
 *
 * @param pdBudget how long to look for a placement driver that answers
 * @param requestTimeout a store that has not answered one request by then is treated as lost
 * @param readBudget all attempts of one read, or of taking locks, together
 * @param writeBudget all attempts of one prewrite or commit together
 * @param connectionsPerStore gRPC connections to each store; by default one for every four
 *     processors, 1 to 4: more of them only make the batches smaller
 * @param transactions limits and times of transactions
 */
public record ClientConfig(
    Duration pdBudget,
    Duration requestTimeout,
    Duration readBudget,
    Duration writeBudget,
    int connectionsPerStore,
    TransactionConfig transactions) {

  public static final ClientConfig DEFAULT =
      new ClientConfig(
          Duration.ofSeconds(15),
          Duration.ofSeconds(15),
          Duration.ofSeconds(20),
          Duration.ofSeconds(40),
          Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 4)),
          TransactionConfig.DEFAULT);

  public ClientConfig {
    positive("pdBudget", pdBudget);
    positive("requestTimeout", requestTimeout);
    positive("readBudget", readBudget);
    positive("writeBudget", writeBudget);
    if (connectionsPerStore < 1 || connectionsPerStore > 64) {
      throw new IllegalArgumentException(
          "connectionsPerStore must be 1..64, not " + connectionsPerStore);
    }
  }

  private static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " must be positive, not " + value);
    }
  }

  public ClientConfig withPdBudget(Duration budget) {
    return new ClientConfig(
        budget, requestTimeout, readBudget, writeBudget, connectionsPerStore, transactions);
  }

  public ClientConfig withRequestTimeout(Duration timeout) {
    return new ClientConfig(
        pdBudget, timeout, readBudget, writeBudget, connectionsPerStore, transactions);
  }

  /** Sets the budgets of reads and of writes. */
  public ClientConfig withBudgets(Duration read, Duration write) {
    return new ClientConfig(
        pdBudget, requestTimeout, read, write, connectionsPerStore, transactions);
  }

  public ClientConfig withConnectionsPerStore(int connections) {
    return new ClientConfig(
        pdBudget, requestTimeout, readBudget, writeBudget, connections, transactions);
  }

  public ClientConfig withTransactions(TransactionConfig config) {
    return new ClientConfig(
        pdBudget, requestTimeout, readBudget, writeBudget, connectionsPerStore, config);
  }

  /**
   * @param maxBytes keys and values that one transaction may buffer
   * @param maxEntryBytes one key and its value
   * @param optimisticTtlMillis life of the locks of a short commit
   * @param lockTtlMillis life of locks that heartbeats keep alive
   * @param heartbeatMillis time between heartbeats
   * @param maxLifeMillis after this long a transaction's locks are not kept alive any more
   * @param chunkBytes about so many bytes go into one prewrite request
   * @param chunkKeys at most so many keys go into one request
   * @param scanBatch pairs fetched by one scan request
   * @param asyncCommitKeys asynchronous commit up to so many keys
   * @param asyncCommitKeyBytes asynchronous commit up to so many bytes of keys
   */
  public record TransactionConfig(
      long maxBytes,
      int maxEntryBytes,
      long optimisticTtlMillis,
      long lockTtlMillis,
      long heartbeatMillis,
      long maxLifeMillis,
      int chunkBytes,
      int chunkKeys,
      int scanBatch,
      int asyncCommitKeys,
      int asyncCommitKeyBytes) {
    public static final TransactionConfig DEFAULT =
        new TransactionConfig(
            100L << 20,
            6 << 20,
            3_000,
            20_000,
            10_000,
            3_600_000,
            256 << 10,
            512,
            256,
            256,
            4 << 10);

    public TransactionConfig withMaxBytes(long bytes) {
      return new TransactionConfig(
          bytes,
          maxEntryBytes,
          optimisticTtlMillis,
          lockTtlMillis,
          heartbeatMillis,
          maxLifeMillis,
          chunkBytes,
          chunkKeys,
          scanBatch,
          asyncCommitKeys,
          asyncCommitKeyBytes);
    }

    /** Short-lived locks, for tests of clients that die. */
    public TransactionConfig withLockTimes(long optimisticTtl, long lockTtl, long heartbeat) {
      return new TransactionConfig(
          maxBytes,
          maxEntryBytes,
          optimisticTtl,
          lockTtl,
          heartbeat,
          maxLifeMillis,
          chunkBytes,
          chunkKeys,
          scanBatch,
          asyncCommitKeys,
          asyncCommitKeyBytes);
    }

    public TransactionConfig withChunks(int bytes, int keys) {
      return new TransactionConfig(
          maxBytes,
          maxEntryBytes,
          optimisticTtlMillis,
          lockTtlMillis,
          heartbeatMillis,
          maxLifeMillis,
          bytes,
          keys,
          scanBatch,
          asyncCommitKeys,
          asyncCommitKeyBytes);
    }
  }
}
