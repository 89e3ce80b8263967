package dev.kittiwake.sql;

import dev.kittiwake.client.error.TransactionConflictException;
import dev.kittiwake.client.txn.Savepoint;
import dev.kittiwake.client.txn.Snapshot;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.sql.catalog.TableSchema;
import dev.kittiwake.sql.exec.Execution;
import dev.kittiwake.sql.exec.Interrupt;
import dev.kittiwake.sql.exec.KvReader;
import dev.kittiwake.sql.exec.Modifier;
import dev.kittiwake.sql.plan.Statement;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A session of this JVM.
 *
 * <p>Explicit transactions are pessimistic. A statement of its own (autocommit) that changes rows
 * is an optimistic transaction, which costs one round of replication less, and is run again on a
 * conflict; when conflicts go on, it becomes pessimistic. A query of its own reads a snapshot
 * without any transaction.
 */
final class Session implements SqlSession {
  private static final int OPTIMISTIC_ATTEMPTS = 3;

  private final SqlEngine engine;
  private final SessionSettings settings;
  private final SessionTransactions transactions;
  private volatile boolean closed;
  private volatile Interrupt running; // of the present statement
  private final ReentrantLock turn = new ReentrantLock(); // held while the session does something

  Session(SqlEngine engine, SessionOptions options) {
    this.engine = engine;
    this.settings = new SessionSettings(options);
    this.transactions = new SessionTransactions(engine, settings, options.autoCommit());
  }

  @Override
  public StatementDescription describe(String sql) {
    checkOpen();
    Prepared prepared;
    try {
      prepared = engine.statements().prepare(sql, settings.schema(), null);
    } catch (RuntimeException e) {
      throw Errors.of(e, engine::catalog, null);
    }
    return prepared.statement instanceof Statement.Planned
        ? prepared.describe()
        : new StatementDescription(SessionCommands.columns(prepared.statement), List.of(), false);
  }

  @Override
  public Result execute(String sql, List<Object> parameters, ExecuteOptions options) {
    turn.lock();
    Interrupt interrupt = null;
    boolean reading = false; // a cancel has to reach what the rows are read from
    try {
      checkOpen();
      interrupt = begin(options);
      Prepared prepared = engine.statements().prepare(sql, settings.schema(), parameters);
      if (prepared.query != null) {
        Result rows = query(prepared, prepared.bind(parameters), options, interrupt);
        reading = true;
        return rows;
      }
      if (prepared.modifier != null) {
        BatchResult result =
            batch(
                prepared,
                java.util.Collections.singletonList(prepared.bind(parameters)),
                options,
                interrupt);
        return new Result.Count(result.updateCounts()[0], result.generatedKeys());
      }
      return new SessionCommands(this, engine).run(prepared.statement);
    } catch (RuntimeException e) {
      throw transactions.failed(e, interrupt);
    } finally {
      if (interrupt != null && !reading) {
        interrupt.watch(null);
      }
      turn.unlock();
    }
  }

  @Override
  public BatchResult executeBatch(
      String sql, List<List<Object>> parameterRows, ExecuteOptions options) {
    checkOpen();
    if (parameterRows.isEmpty()) {
      return new BatchResult(new long[0], GeneratedKeys.NONE);
    }
    turn.lock();
    Interrupt interrupt = begin(options);
    try {
      checkOpen();
      Prepared prepared = engine.statements().prepare(sql, settings.schema(), parameterRows.get(0));
      if (prepared.modifier == null) {
        throw SqlError.of(
            SqlStates.SYNTAX, "only INSERT, UPDATE and DELETE can be executed as a batch");
      }
      List<Object[]> rows = new ArrayList<>(parameterRows.size());
      for (List<Object> row : parameterRows) {
        rows.add(prepared.bind(row));
      }
      return batch(prepared, rows, options, interrupt);
    } catch (RuntimeException e) {
      throw transactions.failed(e, interrupt);
    } finally {
      interrupt.watch(null);
      turn.unlock();
    }
  }

  private Interrupt begin(ExecuteOptions options) {
    long timeout =
        options.timeoutMillis() != 0 ? options.timeoutMillis() : settings.statementTimeoutMillis();
    Interrupt interrupt = new Interrupt(engine.runtime().nanos(), timeout);
    running = interrupt;
    return interrupt;
  }

  // --- queries

  private Result query(
      Prepared prepared, Object[] parameters, ExecuteOptions options, Interrupt interrupt) {
    boolean locking = ((Statement.Query) prepared.statement).locking();
    if (locking) {
      transactions.requireWritable();
    }
    if (!transactions.transactional()) {
      Snapshot snapshot =
          prepared.query.singleGet()
              ? engine.client().snapshot(Timestamp.MAX)
              : engine.client().latestSnapshot();
      interrupt.watch(snapshot::cancel);
      interrupt.check();
      if (interrupt.hasDeadline()) {
        snapshot.setDeadline(SessionTransactions.timeLeft(interrupt));
      }
      Execution execution =
          new Execution(KvReader.of(snapshot), null, unlocked(), interrupt, now(), parameters);
      return rows(prepared, execution, options, interrupt, null);
    }
    SessionTransaction open = transactions.openTransaction(interrupt);
    Execution execution =
        new Execution(
            KvReader.of(open.transaction),
            open.transaction,
            new Execution.Settings(
                locking, open.readCommitted, false, engine.config().maxStatementBytes()),
            interrupt,
            now(),
            parameters);
    return rows(prepared, execution, options, interrupt, open);
  }

  private Result rows(
      Prepared prepared,
      Execution execution,
      ExecuteOptions options,
      Interrupt interrupt,
      SessionTransaction open) {
    QueryCursor[] self = new QueryCursor[1];
    QueryCursor cursor =
        new QueryCursor(
            prepared.query.open(execution, options.maxRows()),
            prepared.columnTypes,
            options.maxRows(),
            error -> transactions.failed(error, interrupt),
            () -> {
              interrupt.watch(null);
              if (open != null) {
                open.closed(self[0]);
              }
            });
    self[0] = cursor;
    if (open != null) {
      open.opened(cursor);
    }
    return new Result.Rows(prepared.columns, cursor);
  }

  // --- modifications

  private BatchResult batch(
      Prepared prepared, List<Object[]> rows, ExecuteOptions options, Interrupt interrupt) {
    transactions.requireWritable();
    prepared.modifier.table().requireWritable();
    List<Object[]> keys = options.wantGeneratedKeys() ? new ArrayList<>() : null;
    long[] counts =
        transactions.transactional()
            ? inTransaction(prepared, rows, keys, interrupt)
            : alone(prepared, rows, keys, interrupt);
    GeneratedKeys generated =
        keys == null || keys.isEmpty()
            ? GeneratedKeys.NONE
            : new GeneratedKeys(prepared.generatedColumns(), userKeys(prepared, keys));
    return new BatchResult(counts, generated);
  }

  private static List<Object[]> userKeys(Prepared prepared, List<Object[]> keys) {
    var table = prepared.modifier.table();
    var type = table.typeOf(table.autoIncrementOrdinal().getAsInt());
    keys.forEach(key -> key[0] = dev.kittiwake.sql.expr.Values.toUser(key[0], type));
    return keys;
  }

  private long[] inTransaction(
      Prepared prepared, List<Object[]> rows, List<Object[]> keys, Interrupt interrupt) {
    SessionTransaction open = transactions.openTransaction(interrupt);
    Savepoint before = open.transaction.savepoint();
    TableSchema table = prepared.modifier.table();
    open.written.putIfAbsent(table.id(), table);
    try {
      boolean defer = rows.size() > 1 && settings.deferBatchInserts();
      return run(prepared, rows, open.transaction, true, defer, keys, interrupt);
    } catch (RuntimeException e) {
      if (open.transaction.isOpen()) {
        open.transaction.rollbackTo(before);
      }
      throw e;
    }
  }

  /** A transaction for this statement alone, run again on a conflict. */
  private long[] alone(
      Prepared prepared, List<Object[]> rows, List<Object[]> keys, Interrupt interrupt) {
    for (int attempt = 1; ; attempt++) {
      boolean locking = attempt > OPTIMISTIC_ATTEMPTS || rows.size() > 1 && !prepared.isInsert();
      if (keys != null) {
        keys.clear();
      }
      try (Transaction transaction = transactions.beginAlone(locking, interrupt)) {
        long[] counts = run(prepared, rows, transaction, locking, rows.size() > 1, keys, interrupt);
        engine.confirm(List.of(prepared.modifier.table()));
        transaction.commit();
        return counts;
      } catch (TransactionConflictException e) {
        if (attempt >= engine.config().autoCommitAttempts()) {
          throw e;
        }
        interrupt.check();
      }
    }
  }

  private long[] run(
      Prepared prepared,
      List<Object[]> rows,
      Transaction transaction,
      boolean locking,
      boolean deferInserts,
      List<Object[]> keys,
      Interrupt interrupt) {
    Execution execution =
        new Execution(
            KvReader.of(transaction),
            transaction,
            new Execution.Settings(
                locking,
                settings.isolation() == Isolation.READ_COMMITTED,
                deferInserts,
                engine.config().maxStatementBytes()),
            interrupt,
            now(),
            rows.get(0));
    Modifier.Outcome outcome = new Modifier.Outcome(engine.rowNumbers(), keys);
    return rows.size() == 1
        ? new long[] {prepared.modifier.run(execution, outcome)}
        : prepared.modifier.runBatch(execution, rows, outcome);
  }

  private Execution.Settings unlocked() {
    return new Execution.Settings(false, false, false, engine.config().maxStatementBytes());
  }

  private LocalDateTime now() {
    return LocalDateTime.ofInstant(engine.runtime().clock().instant(), engine.runtime().zone());
  }

  @Override
  public void commit() {
    checkOpen();
    turn.lock();
    try {
      transactions.commit();
    } finally {
      turn.unlock();
    }
  }

  @Override
  public void rollback() {
    checkOpen();
    turn.lock();
    try {
      transactions.rollback();
    } finally {
      turn.unlock();
    }
  }

  @Override
  public SessionSavepoint savepoint(String name) {
    checkOpen();
    return transactions.savepoint(name);
  }

  @Override
  public void rollbackTo(SessionSavepoint savepoint) {
    checkOpen();
    transactions.inOpenTransaction().rollbackTo(savepoint);
  }

  @Override
  public void release(SessionSavepoint savepoint) {
    checkOpen();
    transactions.inOpenTransaction().release(savepoint);
  }

  SessionSavepoint savepointNamed(String name) {
    return transactions.inOpenTransaction().named(name);
  }

  void begin(boolean readOnlyTransaction) {
    transactions.begin(readOnlyTransaction);
  }

  /** DDL: what was done before is committed. */
  void beforeSchemaChange() {
    transactions.requireWritable();
    transactions.transactional(); // refuses in a dead transaction
    commit();
  }

  // --- settings

  @Override
  public boolean autoCommit() {
    return transactions.autoCommit();
  }

  @Override
  public void setAutoCommit(boolean on) {
    checkOpen();
    if (on != transactions.autoCommit()) {
      commit();
      transactions.setAutoCommit(on);
    }
  }

  @Override
  public Isolation isolation() {
    return settings.isolation();
  }

  @Override
  public void setIsolation(Isolation isolation) {
    checkOpen();
    transactions.requireNone("the isolation level");
    settings.setIsolation(isolation);
  }

  @Override
  public boolean readOnly() {
    return settings.readOnly();
  }

  @Override
  public void setReadOnly(boolean readOnly) {
    checkOpen();
    transactions.requireNone("read-only");
    settings.setReadOnly(readOnly);
  }

  @Override
  public String schema() {
    return settings.schema();
  }

  @Override
  public void setSchema(String schema) {
    checkOpen();
    settings.setSchema(schema);
  }

  SessionSettings settings() {
    return settings;
  }

  @Override
  public boolean inTransaction() {
    return transactions.isIn();
  }

  @Override
  public CatalogView catalog() {
    checkOpen();
    try {
      return new Descriptions.View(engine.refreshedCatalog());
    } catch (RuntimeException e) {
      throw Errors.of(e, engine::catalog, null);
    }
  }

  @Override
  public void cancel() {
    Interrupt interrupt = running;
    if (interrupt != null) {
      interrupt.cancel();
    }
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  private void checkOpen() {
    if (closed) {
      throw SqlError.of(SqlStates.SESSION_CLOSED, "the session is closed");
    }
  }

  @Override
  public void close() {
    turn.lock();
    try {
      if (!closed) {
        closed = true;
        transactions.rollback();
      }
    } finally {
      turn.unlock();
      engine.closed(this);
    }
  }

  /**
   * The engine closes: what runs is cancelled, and the transaction rolled back as soon as it has
   * ended.
   *
   * @return whether that came to pass in time
   */
  boolean closeWithin(long millis) {
    cancel();
    try {
      if (!turn.tryLock(millis, TimeUnit.MILLISECONDS)) {
        return false;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    try {
      close();
      return true;
    } finally {
      turn.unlock();
    }
  }
}
