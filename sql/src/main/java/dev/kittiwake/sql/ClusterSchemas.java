package dev.kittiwake.sql;

import dev.kittiwake.client.txn.TransactionClient;
import dev.kittiwake.sql.catalog.Catalog;
import dev.kittiwake.sql.catalog.CatalogStore;
import dev.kittiwake.sql.catalog.TableSchema;
import dev.kittiwake.sql.exec.IndexBuilder;
import dev.kittiwake.sql.plan.Statement;
import java.util.Collection;

/** The schema in the cluster's keyspace. Thread-safe. */
final class ClusterSchemas implements SchemaAccess {
  private final CatalogStore store;

  ClusterSchemas(TransactionClient client, CatalogStore.Timing timing, SqlRuntime runtime) {
    IndexBuilder builder = new IndexBuilder(client);
    this.store =
        new CatalogStore(
            client,
            builder::fill,
            builder::count,
            timing,
            runtime.nanos(),
            runtime.pauseMillis(),
            runtime.background());
  }

  @Override
  public Catalog current() {
    return store.current();
  }

  @Override
  public Catalog refreshed() {
    return store.refreshed();
  }

  @Override
  public void execute(Statement.Ddl statement) {
    store.execute(statement);
  }

  @Override
  public void confirm(Collection<TableSchema> written) {
    store.confirm(written);
  }

  @Override
  public void close() {
    store.close();
  }
}
