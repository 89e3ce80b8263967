package dev.kittiwake.sql;

import dev.kittiwake.sql.catalog.Catalog;
import dev.kittiwake.sql.plan.Statement;

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
}
