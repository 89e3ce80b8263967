package dev.kittiwake.sql.catalog;

import dev.kittiwake.client.txn.LockOptions;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.client.txn.TransactionClient;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import dev.kittiwake.sql.plan.Statement;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The schema in the keyspace, cached. Thread-safe.
 *
 * <p><b>Freshness.</b> The cached schema may be used for {@link Timing#leaseMillis} after its
 * version was found to be the newest; then the version is read again (one get), and the whole
 * schema if it has changed. So a schema that has been replaced is used for one lease at most.
 *
 * <p><b>Why no index misses a row.</b> A transaction that wrote rows calls {@link #confirm} right
 * before it commits: it fails with 40001 if the schema of a table it wrote to is no longer the one
 * it wrote by. CREATE INDEX goes through the states of {@link IndexSchema.State} and waits {@link
 * Timing#settleMillis} after each, longer than a lease and a commit together; so never more than
 * two neighbouring states are in use at a time (F1, §4), and when existing rows are filled in,
 * every transaction that is still to commit keeps the index. A process that is stopped between
 * {@link #confirm} and its prewrite for longer than that is not fenced. {@link TableAlteration}
 * says how columns come and go.
 */
public final class CatalogStore {
  /**
   * How long things may take.
   *
   * @param leaseMillis a schema found to be the newest may be used so long
   * @param settleMillis wait between two states of an index; well above the lease
   */
  public record Timing(long leaseMillis, long settleMillis) {
    public static final Timing DEFAULT = new Timing(250, 1000);

    public Timing {
      if (leaseMillis < 0 || settleMillis < leaseMillis) {
        throw new IllegalArgumentException(
            "lease " + leaseMillis + " ms, settle " + settleMillis + " ms: settle must be longer");
      }
    }
  }

  /** Fills existing rows into a new index; rows are kept up by writers meanwhile. */
  public interface IndexBackfill {
    /**
     * @param table with {@code index} in state write-only
     * @throws SqlError 23505 if rows violate a unique index: it is dropped again
     */
    void fill(TableSchema table, IndexSchema index);
  }

  /** Counts the rows of a table, for ANALYZE. */
  public interface RowCounter {
    long count(TableSchema table);
  }

  private static final Logger LOG = LoggerFactory.getLogger(CatalogStore.class);

  private record Cached(SchemaSnapshot schema, long checkedNanos) {}

  private final TransactionClient client;
  private final IndexBackfill backfill;
  private final RowCounter counter;
  private final Timing timing;
  private final LongSupplier nanos;
  private final LongConsumer pauseMillis;
  private final Executor background;
  private final AtomicBoolean sweepQueued = new AtomicBoolean(); // and its pause has not begun
  private volatile Cached cached; // null: nothing loaded yet
  private volatile boolean closed;

  /**
   * @param nanos elapsed time
   * @param pauseMillis waits so many milliseconds
   * @param background deletes what dropped tables and indexes leave behind
   */
  public CatalogStore(
      TransactionClient client,
      IndexBackfill backfill,
      RowCounter counter,
      Timing timing,
      LongSupplier nanos,
      LongConsumer pauseMillis,
      Executor background) {
    this.client = client;
    this.backfill = backfill;
    this.counter = counter;
    this.timing = timing;
    this.nanos = nanos;
    this.pauseMillis = pauseMillis;
    this.background = background;
  }

  /** The schema, checked within the last lease. */
  public Catalog current() {
    Cached known = cached;
    long lease = TimeUnit.MILLISECONDS.toNanos(timing.leaseMillis());
    boolean valid = known != null && nanos.getAsLong() - known.checkedNanos < lease;
    return valid ? known.schema : refreshed();
  }

  /** The newest schema. */
  public Catalog refreshed() {
    long before = nanos.getAsLong(); // the lease starts before the check
    Cached known = cached;
    byte[] version = client.snapshot(Timestamp.MAX).get(CatalogKeys.VERSION);
    long newest = version == null ? 0 : ByteBuffer.wrap(version).getLong();
    SchemaSnapshot schema =
        known != null && known.schema.version() == newest
            ? known.schema
            : CatalogKeys.load(client.latestSnapshot());
    return keep(schema, before);
  }

  private SchemaSnapshot keep(SchemaSnapshot schema, long checkedNanos) {
    synchronized (this) {
      boolean newer = cached == null || cached.schema.version() <= schema.version();
      if (newer) {
        cached = new Cached(schema, checkedNanos);
      }
      return cached.schema;
    }
  }

  /**
   * To be called by a transaction that wrote, right before its commit.
   *
   * @param written the tables it wrote to, as it knew them
   * @throws SqlError 40001 if one of them has changed: run the transaction again
   */
  public void confirm(Collection<TableSchema> written) {
    Catalog now = current();
    for (TableSchema table : written) {
      if (!now.table(table.id()).map(table::equals).orElse(false)) {
        throw SqlError.of(
            SqlStates.CONFLICT,
            "table "
                + table.name()
                + " was changed by DDL while the transaction ran; run it again");
      }
    }
  }

  /**
   * Carries a change of the schema out; when it returns, {@link #current} shows it. ANALYZE counts
   * rows.
   *
   * @throws SqlError 42S01, 42S02, … if the schema does not allow it; 23505 from a unique index
   */
  public void execute(Statement.Ddl ddl) {
    if (ddl instanceof Statement.CreateIndex create) {
      createIndex(create);
    } else if (ddl instanceof Statement.AnalyzeTable analyze) {
      analyze(analyze.table());
    } else if (ddl instanceof Statement.AddColumn add) {
      alteration().run(add.table(), changes -> changes.addColumn(add));
    } else if (ddl instanceof Statement.DropColumn drop) {
      alteration().run(drop.table(), changes -> changes.dropColumn(drop));
    } else {
      change(changes -> apply(changes, ddl));
    }
    if (leavesKeys(ddl) && sweepQueued.compareAndSet(false, true)) {
      background.execute(this::sweep);
    }
  }

  /** Nothing is deleted in the background any more; what is left is for another process. */
  public void close() {
    closed = true;
  }

  private static boolean leavesKeys(Statement.Ddl ddl) {
    return ddl instanceof Statement.DropTable
        || ddl instanceof Statement.TruncateTable
        || ddl instanceof Statement.DropIndex
        || ddl instanceof Statement.DropSchema;
  }

  /** Deletes dropped keys, once no transaction can commit any more that still knew them. */
  private void sweep() {
    sweepQueued.set(false); // who drops from now on needs a sweep that begins later
    if (closed) {
      return;
    }
    pauseMillis.accept(timing.settleMillis());
    try {
      if (!closed) {
        new KeySweeper(client, () -> closed).sweep();
      }
    } catch (RuntimeException e) {
      if (!closed) { // else the client was closed under the sweep
        LOG.warn("keys of dropped tables are left for the next sweep: {}", e.getMessage());
      }
    }
  }

  private static SchemaSnapshot apply(SchemaChanges changes, Statement.Ddl ddl) {
    if (ddl instanceof Statement.CreateTable create) {
      return changes.createTable(create);
    }
    if (ddl instanceof Statement.DropTable drop) {
      return changes.dropTable(drop);
    }
    if (ddl instanceof Statement.TruncateTable truncate) {
      return changes.truncate(truncate.table());
    }
    if (ddl instanceof Statement.DropIndex drop) {
      return changes.dropIndex(drop);
    }
    if (ddl instanceof Statement.CreateSchema create) {
      return changes.createSchema(create);
    }
    if (ddl instanceof Statement.DropSchema drop) {
      return changes.dropSchema(drop);
    }
    throw new IllegalStateException("no change of the schema: " + ddl);
  }

  private TableAlteration alteration() {
    return new TableAlteration(this::change, () -> pauseMillis.accept(timing.settleMillis()));
  }

  private void createIndex(Statement.CreateIndex create) {
    SchemaSnapshot[] seen = new SchemaSnapshot[1];
    SchemaSnapshot made =
        change(
            changes -> {
              seen[0] = changes.before();
              return changes.createIndex(create, IndexSchema.State.DELETE_ONLY);
            });
    if (made == seen[0]) {
      return; // IF NOT EXISTS, and it does
    }
    String name = create.index().name();
    pauseMillis.accept(timing.settleMillis());
    SchemaSnapshot writable =
        change(c -> c.indexState(create.table(), name, IndexSchema.State.WRITE_ONLY));
    pauseMillis.accept(timing.settleMillis());
    TableSchema table =
        writable.table(create.table().schema(), create.table().name()).orElseThrow();
    try {
      backfill.fill(table, table.index(name).orElseThrow());
    } catch (RuntimeException e) {
      takeBack(create, table.schema(), e);
      throw e;
    }
    change(c -> c.indexState(create.table(), name, IndexSchema.State.PUBLIC));
  }

  /** What cannot be taken back, for the cluster is away, stays unfinished: nobody reads it. */
  private void takeBack(Statement.CreateIndex create, String schema, RuntimeException reason) {
    Statement.DropIndex drop =
        new Statement.DropIndex(
            schema, java.util.Optional.of(create.table()), create.index().name(), true);
    try {
      change(changes -> changes.dropIndex(drop));
    } catch (RuntimeException alsoFailed) {
      reason.addSuppressed(alsoFailed);
    }
  }

  private void analyze(TableName name) {
    TableSchema table =
        refreshed()
            .table(name.schema(), name.name())
            .orElseThrow(
                () ->
                    SqlError.of(
                        SqlStates.UNKNOWN_TABLE, "table " + name.name() + " does not exist"));
    long rows = counter.count(table);
    change(changes -> changes.before().withRowCount(table.id(), rows).nextVersion());
  }

  /**
   * One step: reads the schema under the lock of its version, changes it, writes what is different.
   */
  private SchemaSnapshot change(Function<SchemaChanges, SchemaSnapshot> step) {
    long before = nanos.getAsLong();
    SchemaSnapshot after = client.run(transaction -> change(transaction, step));
    keep(after, before);
    return after;
  }

  private static SchemaSnapshot change(
      Transaction transaction, Function<SchemaChanges, SchemaSnapshot> step) {
    transaction.lock(List.of(Key.wrap(CatalogKeys.VERSION)), LockOptions.VALUES);
    CatalogKeys.Loaded loaded = CatalogKeys.loadWithIds(transaction.currentRead());
    long[] lastId = {loaded.lastId()};
    SchemaSnapshot after = step.apply(new SchemaChanges(loaded.schema(), () -> ++lastId[0]));
    if (after != loaded.schema()) {
      CatalogKeys.write(transaction, loaded.schema(), after, lastId[0]);
    }
    return after;
  }
}
