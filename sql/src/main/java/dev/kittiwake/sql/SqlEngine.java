package dev.kittiwake.sql;

import dev.kittiwake.client.txn.TransactionClient;
import dev.kittiwake.sql.catalog.Catalog;
import dev.kittiwake.sql.exec.RowNumbers;
import dev.kittiwake.sql.plan.Statement;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * SQL over one cluster: shared by all sessions of the JVM. Thread-safe. Plans are cached and
 * shared; a session has its transaction and settings for itself.
 */
public final class SqlEngine implements SessionSource {
  private final TransactionClient client;
  private final SqlConfig config;
  private final SqlRuntime runtime;
  private final SchemaAccess schemas;
  private final StatementSource statements;
  private final RowNumbers rowNumbers;
  private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  SqlEngine(
      TransactionClient client,
      SqlConfig config,
      SqlRuntime runtime,
      SchemaAccess schemas,
      StatementPlanner planner) {
    this.client = client;
    this.config = config;
    this.runtime = runtime;
    this.schemas = schemas;
    this.statements =
        new StatementSource(
            planner, schemas, new PlanCache(config.planCacheEntries(), runtime.background()));
    this.rowNumbers = new ClusterRowNumbers(client, config.rowNumberBlock());
  }

  @Override
  public SqlSession open(SessionOptions options) {
    if (closed) {
      throw SqlError.of(SqlStates.SESSION_CLOSED, "the database is closed");
    }
    Session session = new Session(this, options);
    sessions.add(session);
    return session;
  }

  void closed(Session session) {
    sessions.remove(session);
  }

  TransactionClient client() {
    return client;
  }

  SqlConfig config() {
    return config;
  }

  SqlRuntime runtime() {
    return runtime;
  }

  StatementSource statements() {
    return statements;
  }

  RowNumbers rowNumbers() {
    return rowNumbers;
  }

  Catalog catalog() {
    return schemas.current();
  }

  Catalog refreshedCatalog() {
    return schemas.refreshed();
  }

  void execute(Statement.Ddl statement) {
    schemas.execute(statement);
  }

  @Override
  public void close() {
    closed = true;
    for (Session session : List.copyOf(sessions)) {
      session.cancel();
    }
  }
}
