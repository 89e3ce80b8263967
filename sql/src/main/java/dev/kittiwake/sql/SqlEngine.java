package dev.kittiwake.sql;

import dev.kittiwake.client.txn.TransactionClient;
import dev.kittiwake.sql.catalog.Catalog;
import dev.kittiwake.sql.catalog.CatalogStore;
import dev.kittiwake.sql.catalog.TableSchema;
import dev.kittiwake.sql.exec.RowNumbers;
import dev.kittiwake.sql.plan.Planner;
import dev.kittiwake.sql.plan.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SQL over one cluster: shared by all sessions of the JVM. Thread-safe. Plans are cached and
 * shared; a session has its transaction and settings for itself.
 */
public final class SqlEngine implements SessionSource {
  private static final Logger LOG = LoggerFactory.getLogger(SqlEngine.class);

  private static final long CLOSE_MILLIS = 2_000; // to wait for a session's statement to end

  private final TransactionClient client;
  private final SqlConfig config;
  private final SqlRuntime runtime;
  private final SchemaAccess schemas;
  private final StatementSource statements;
  private final RowNumbers rowNumbers;
  private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /** An engine over a cluster. Touches nothing yet; {@link #warmUp} does in the background. */
  public SqlEngine(TransactionClient client, SqlConfig config, SqlRuntime runtime) {
    this(
        client,
        config,
        runtime,
        new ClusterSchemas(client, CatalogStore.Timing.DEFAULT, runtime),
        new Planner()::plan);
  }

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

  /**
   * Plans a query in the background, so that the first statement of a user does not pay for loading
   * the planner.
   */
  public void warmUp() {
    runtime
        .background()
        .execute(
            () -> {
              try {
                statements.prepare(
                    "SELECT COUNT(*), MAX(x) FROM (VALUES (1), (2)) AS v (x) WHERE x > 1",
                    SessionOptions.DEFAULT_SCHEMA,
                    null);
              } catch (RuntimeException e) {
                LOG.debug("warm-up failed; the first statement will tell why", e);
              }
            });
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

  /** Right before a commit: the tables written to are still what they were. */
  void confirm(Collection<TableSchema> written) {
    schemas.confirm(written);
  }

  void execute(Statement.Ddl statement) {
    schemas.execute(statement);
  }

  /** Cancels what runs, and rolls open transactions back. */
  @Override
  public void close() {
    closed = true;
    schemas.close();
    for (Session session : List.copyOf(sessions)) {
      try {
        if (!session.closeWithin(CLOSE_MILLIS)) {
          LOG.warn("a session was busy when the engine closed; its locks end by themselves");
        }
      } catch (RuntimeException e) {
        LOG.warn("a session could not be rolled back; its locks end by themselves", e);
      }
    }
  }
}
