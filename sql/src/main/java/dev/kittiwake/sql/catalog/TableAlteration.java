package dev.kittiwake.sql.catalog;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import java.util.function.Function;

/**
 * ADD COLUMN and DROP COLUMN. A writer that knows fewer columns than another would lose what the
 * other wrote, for rows are written whole. So the columns change in two steps: first a schema in
 * which nobody may write to the table; then, when every transaction that still wrote by the schema
 * before has ended or can no longer commit, the new columns. Readers go on all the time.
 *
 * <p>If the process dies in between, the table stays closed to writers until somebody alters it
 * again: who finds it closed waits for several such steps, and if nothing has happened by then goes
 * on himself.
 */
final class TableAlteration {
  private static final int PATIENCE = 3; // steps that another session may take

  /** Carries out one step on the stored schema; gives the schema after it. */
  interface Change {
    SchemaSnapshot carryOut(Function<SchemaChanges, SchemaSnapshot> step);
  }

  private final Change change;
  private final Runnable settle;

  /**
   * @param settle waits until the schema before the last step is not in use any more
   */
  TableAlteration(Change change, Runnable settle) {
    this.change = change;
    this.settle = settle;
  }

  /**
   * @param step changes the columns; the same schema if there is nothing to do
   * @throws SqlError what {@code step} throws; 40001 if somebody else alters the table
   */
  void run(TableName name, Function<SchemaChanges, SchemaSnapshot> step) {
    long closedAt = begin(name, step, 0);
    if (closedAt < 0) { // by somebody else
      for (int i = 0; i < PATIENCE; i++) {
        settle.run();
      }
      closedAt = begin(name, step, -closedAt);
    }
    if (closedAt == 0) {
      return; // nothing to do
    }
    if (closedAt < 0) {
      throw busy(name);
    }
    settle.run();
    long mine = closedAt;
    change.carryOut(
        changes -> {
          if (version(changes, name) != mine) {
            throw busy(name);
          }
          return step.apply(changes);
        });
  }

  /**
   * Closes the table; gives its version then, 0 if there is nothing to do, and minus its version if
   * it is closed already, unless that is {@code abandoned}.
   */
  private long begin(TableName name, Function<SchemaChanges, SchemaSnapshot> step, long abandoned) {
    long[] result = new long[1];
    SchemaSnapshot after =
        change.carryOut(
            changes -> {
              result[0] = 0;
              if (step.apply(changes) == changes.before()) {
                return changes.before();
              }
              long version = version(changes, name);
              if (isAltering(changes.before(), name) && version != abandoned) {
                result[0] = -version;
                return changes.before();
              }
              result[0] = 1;
              return changes.beginAlteration(name);
            });
    return result[0] == 1
        ? after.table(name.schema(), name.name()).orElseThrow().version()
        : result[0];
  }

  private static boolean isAltering(SchemaSnapshot schema, TableName name) {
    return schema.table(name.schema(), name.name()).map(TableSchema::altering).orElse(false);
  }

  private static long version(SchemaChanges changes, TableName name) {
    return changes.before().table(name.schema(), name.name()).map(TableSchema::version).orElse(0L);
  }

  private static SqlError busy(TableName name) {
    return SqlError.of(
        SqlStates.CONFLICT, "another session alters table " + name.name() + "; try again");
  }

  /**
   * @throws SqlError 40001 if nobody may write to {@code table} now
   */
  static void requireWritable(TableSchema table) {
    if (table.altering()) {
      throw SqlError.of(
          SqlStates.CONFLICT,
          "the columns of table "
              + table.name()
              + " are being altered; run it again (if that does not help, the session that did it"
              + " has died: repeat its ALTER TABLE)");
    }
  }
}
