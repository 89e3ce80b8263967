package dev.kittiwake.sql;

import dev.kittiwake.sql.catalog.Catalog;
import dev.kittiwake.sql.catalog.IndexSchema;
import dev.kittiwake.sql.catalog.SchemaChanges;
import dev.kittiwake.sql.catalog.SchemaSnapshot;
import dev.kittiwake.sql.plan.Statement;
import java.util.concurrent.atomic.AtomicLong;

/** The schema of one JVM, changed at once; indexes are made on empty tables only. */
final class MemorySchemas implements SchemaAccess {
  private final AtomicLong ids = new AtomicLong(100);
  private volatile SchemaSnapshot current = SchemaSnapshot.EMPTY;

  @Override
  public Catalog current() {
    return current;
  }

  @Override
  public Catalog refreshed() {
    return current;
  }

  @Override
  public synchronized void execute(Statement.Ddl ddl) {
    SchemaChanges changes = new SchemaChanges(current, ids::incrementAndGet);
    if (ddl instanceof Statement.CreateTable create) {
      current = changes.createTable(create);
    } else if (ddl instanceof Statement.DropTable drop) {
      current = changes.dropTable(drop);
    } else if (ddl instanceof Statement.TruncateTable truncate) {
      current = changes.truncate(truncate.table());
    } else if (ddl instanceof Statement.CreateIndex create) {
      current = changes.createIndex(create, IndexSchema.State.PUBLIC);
    } else if (ddl instanceof Statement.DropIndex drop) {
      current = changes.dropIndex(drop);
    } else if (ddl instanceof Statement.AddColumn add) {
      current = changes.addColumn(add);
    } else if (ddl instanceof Statement.CreateSchema create) {
      current = changes.createSchema(create);
    } else if (ddl instanceof Statement.DropSchema drop) {
      current = changes.dropSchema(drop);
    } else {
      throw SqlError.of(SqlStates.NOT_SUPPORTED, "not in this test: " + ddl);
    }
  }
}
