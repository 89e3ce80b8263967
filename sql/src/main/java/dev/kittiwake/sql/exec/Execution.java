package dev.kittiwake.sql.exec;

import dev.kittiwake.client.txn.LockOptions;
import dev.kittiwake.client.txn.Snapshot;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.sql.expr.EvalContext;
import java.time.LocalDateTime;
import java.util.Set;

/** One run of one statement: all it may touch. Used by one thread. */
public final class Execution extends EvalContext {
  private KvReader reader;
  private final Transaction transaction; // null for a query outside of a transaction
  private final Settings settings;
  private final Interrupt interrupt;
  private final MemoryAccount memory;
  private final LocalDateTime now;
  private Object[] parameters;
  private KvReader currentReader;
  private Set<Key> rowsRead; // keys of rows read so far; null unless they are to be locked

  /**
   * What the statement is run under.
   *
   * @param locking whether rows are locked as they are read and written (pessimistic); otherwise
   *     conflicts show at commit
   * @param readCommitted whether absent keys stay unlocked
   * @param deferInsertChecks whether inserted keys are first checked at commit, without a lock
   * @param maxMemoryBytes what the statement may keep in memory
   */
  public record Settings(
      boolean locking, boolean readCommitted, boolean deferInsertChecks, long maxMemoryBytes) {}

  public Execution(
      KvReader reader,
      Transaction transaction,
      Settings settings,
      Interrupt interrupt,
      LocalDateTime now,
      Object[] parameters) {
    this.reader = reader;
    this.transaction = transaction;
    this.settings = settings;
    this.interrupt = interrupt;
    this.memory = new MemoryAccount(settings.maxMemoryBytes());
    this.now = now;
    this.parameters = parameters;
  }

  KvReader reader() {
    return reader;
  }

  /** The newest committed data and own writes: what rows are locked by. Same for the statement. */
  KvReader currentReader() {
    if (currentReader == null) {
      if (settings.locking()) {
        Snapshot newest = transaction.currentRead();
        currentReader = KvReader.of(newest);
      } else {
        currentReader = reader;
      }
    }
    return currentReader;
  }

  /**
   * What is opened from now on reads the newest committed data and own writes, and collects the
   * keys of the rows that it reads.
   */
  void collect(KvReader newest, Set<Key> keys) {
    reader = newest;
    rowsRead = keys;
  }

  boolean collects() {
    return rowsRead != null;
  }

  /** A row of a table that was read and passed the condition on its table. */
  void read(byte[] rowKey) {
    rowsRead.add(Key.wrap(rowKey));
  }

  Transaction transaction() {
    return transaction;
  }

  Settings settings() {
    return settings;
  }

  Interrupt interrupt() {
    return interrupt;
  }

  MemoryAccount memory() {
    return memory;
  }

  LockOptions lockValues() {
    return settings.readCommitted()
        ? LockOptions.VALUES.withOnlyIfExists(true)
        : LockOptions.VALUES;
  }

  @Override
  public Object parameter(int index) {
    return parameters[index];
  }

  /** The next row of parameters of a batch. */
  void setParameters(Object[] row) {
    parameters = row;
  }

  @Override
  public LocalDateTime now() {
    return now;
  }
}
