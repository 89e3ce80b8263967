package dev.kittiwake.sql;

import dev.kittiwake.sql.catalog.Catalog;
import dev.kittiwake.sql.catalog.TableSchema;
import dev.kittiwake.sql.plan.Statement;
import java.util.Collection;

/** Where an engine gets the schema from and has it changed. Thread-safe. */
interface SchemaAccess {
  /** The newest schema known here; costs nothing. */
  Catalog current();

  /** Asks the cluster for a newer schema first. */
  Catalog refreshed();

  /**
   * Carries a change out; {@link #current} shows it afterwards.
   *
   * @throws SqlError 42S01, 42S02 and so on
   */
  void execute(Statement.Ddl statement);

  /**
   * Called right before a transaction commits that wrote to these tables.
   *
   * @throws SqlError 40001 if one of them has changed since
   */
  void confirm(Collection<TableSchema> written);

  /** Ends what goes on in the background. */
  void close();
}
