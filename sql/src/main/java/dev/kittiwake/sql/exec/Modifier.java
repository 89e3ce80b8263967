package dev.kittiwake.sql.exec;

import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.sql.catalog.TableSchema;
import dev.kittiwake.sql.expr.ArrayRow;
import dev.kittiwake.sql.expr.Expression;
import dev.kittiwake.sql.expr.ExpressionCompiler;
import dev.kittiwake.sql.expr.Row;
import dev.kittiwake.sql.plan.PhysicalPlan;
import dev.kittiwake.sql.row.RowCodec;
import java.util.ArrayList;
import java.util.List;

/** A compiled INSERT, UPDATE or DELETE. Immutable, shared by all executions. */
public abstract class Modifier {
  protected final TableWriter writer;
  protected final Opener source;

  /** Where a run leaves what it made. */
  public static final class Outcome {
    private final RowNumbers numbers;
    private final List<Object[]> generatedKeys; // null if not wanted

    public Outcome(RowNumbers numbers, List<Object[]> generatedKeys) {
      this.numbers = numbers;
      this.generatedKeys = generatedKeys;
    }
  }

  private Modifier(TableSchema table, PhysicalPlan source) {
    this.writer = new TableWriter(table);
    this.source = PlanCompiler.compile(source);
  }

  public static Modifier compile(PhysicalPlan.Modification plan) {
    if (plan instanceof PhysicalPlan.Insert insert) {
      return new Insert(insert);
    }
    return plan instanceof PhysicalPlan.Update update
        ? new Update(update)
        : new Delete((PhysicalPlan.Delete) plan);
  }

  /** Collects the changes of one run; returns the number of rows. */
  abstract long collect(Execution execution, ChangeSet changes, Outcome outcome);

  /** Runs once: changes are in the transaction's buffer afterwards. */
  public long run(Execution execution, Outcome outcome) {
    ChangeSet changes = new ChangeSet(writer.schema, execution);
    long count = collect(execution, changes, outcome);
    changes.apply();
    return count;
  }

  /**
   * Runs once for each row of parameters. Where possible all keys are locked with one request
   * beforehand.
   */
  public long[] runBatch(Execution execution, List<Object[]> parameterRows, Outcome outcome) {
    long[] counts = new long[parameterRows.size()];
    boolean together = collectsTogether();
    if (!together) {
      lockAhead(execution, parameterRows);
    }
    ChangeSet changes = new ChangeSet(writer.schema, execution);
    for (int i = 0; i < counts.length; i++) {
      execution.interrupt().check();
      execution.setParameters(parameterRows.get(i));
      counts[i] = collect(execution, changes, outcome);
      if (!together) {
        changes.apply();
      }
    }
    changes.apply();
    return counts;
  }

  /** Whether a later row of a batch cannot see what an earlier one changed. */
  boolean collectsTogether() {
    return false;
  }

  /** Locks what all rows of a batch will lock, if their keys are known without reading. */
  void lockAhead(Execution execution, List<Object[]> parameterRows) {}

  public TableSchema table() {
    return writer.schema;
  }

  /** The key of a row that is found by its whole primary key; else null. */
  private static PlanCompiler.LockedAccess pointAccess(PhysicalPlan plan) {
    PhysicalPlan at = plan;
    while (at instanceof PhysicalPlan.Project project) {
      at = project.input();
    }
    return at instanceof PhysicalPlan.LockRows lock
            && lock.input() instanceof PhysicalPlan.PointGet get
            && get.index().isEmpty()
        ? PlanCompiler.LockedAccess.of(lock, null)
        : null;
  }

  private static void lockPoints(
      PlanCompiler.LockedAccess access, Execution execution, List<Object[]> parameterRows) {
    if (access == null || !execution.settings().locking() || parameterRows.size() < 2) {
      return;
    }
    List<Key> keys = new ArrayList<>();
    for (Object[] parameters : parameterRows) {
      execution.setParameters(parameters);
      byte[] key = access.access().pointKey(access.pointKeys().get(0), ArrayRow.EMPTY, execution);
      if (key != null) {
        keys.add(Key.wrap(key));
      }
    }
    if (!keys.isEmpty()) {
      execution.transaction().lock(new java.util.LinkedHashSet<>(keys), execution.lockValues());
    }
  }

  private static final class Insert extends Modifier {
    private final boolean upsert;
    private final int[] given;
    private final int numbered; // ordinal of the identity column, or -1
    private final boolean hidden;
    private final boolean constant; // reads no table

    Insert(PhysicalPlan.Insert plan) {
      super(plan.table(), plan.source());
      this.upsert = plan.upsert();
      this.given = Layouts.ordinals(plan.givenColumns());
      this.numbered = plan.table().autoIncrementOrdinal().orElse(-1);
      this.hidden = plan.table().primaryKey().hidden();
      this.constant = readsNothing(plan.source());
    }

    private static boolean readsNothing(PhysicalPlan plan) {
      return !(plan instanceof PhysicalPlan.Access)
          && !(plan instanceof PhysicalPlan.LookupJoin)
          && plan.inputs().stream().allMatch(Insert::readsNothing);
    }

    @Override
    boolean collectsTogether() {
      return constant && !upsert;
    }

    @Override
    long collect(Execution execution, ChangeSet changes, Outcome outcome) {
      int visible = writer.schema.columns().size();
      List<Object[]> upserts = upsert ? new ArrayList<>() : null;
      long count = 0;
      try (Operator rows = source.open(execution, Opener.ALL)) {
        for (Row from = rows.next(); from != null; from = rows.next()) {
          execution.interrupt().row();
          Object[] row = new Object[writer.table.width()];
          for (int i = 0; i < visible; i++) {
            row[i] = from.value(i);
          }
          number(row, visible, outcome);
          writer.check(row);
          count++;
          if (upsert && !hidden) {
            execution.memory().keep(new ArrayRow(row));
            upserts.add(row);
          } else {
            writer.insert(row, hidden, changes);
          }
        }
      }
      if (upserts != null && !upserts.isEmpty()) {
        merge(upserts, execution, changes);
      }
      return count;
    }

    private void number(Object[] row, int visible, Outcome outcome) {
      long tableId = writer.schema.id();
      if (hidden) {
        row[visible] = outcome.numbers.next(tableId);
      }
      if (numbered < 0) {
        return;
      }
      if (row[numbered] == null) {
        row[numbered] = outcome.numbers.next(tableId);
      } else if (row[numbered] instanceof Long given) {
        outcome.numbers.skipTo(tableId, given);
      }
      if (outcome.generatedKeys != null) {
        outcome.generatedKeys.add(new Object[] {row[numbered]});
      }
    }

    /** Rows that exist get the given columns, others are added. */
    private void merge(List<Object[]> rows, Execution execution, ChangeSet changes) {
      java.util.LinkedHashMap<Key, Object[]> byKey = new java.util.LinkedHashMap<>();
      for (Object[] row : rows) {
        byKey.put(Key.wrap(writer.rowKey(row)), row); // the last one wins
      }
      Transaction transaction = execution.transaction();
      if (execution.settings().locking()) {
        transaction.lock(byKey.keySet(), dev.kittiwake.client.txn.LockOptions.VALUES);
      }
      java.util.Map<Key, byte[]> present = transaction.batchGet(byKey.keySet());
      byKey.forEach(
          (key, row) -> {
            byte[] value = present.get(key);
            if (value == null) {
              writer.insert(row, false, changes);
              return;
            }
            Object[] before = RowCodec.decode(writer.table, key.unsafeBytes(), value);
            Object[] after = before.clone();
            for (int column : given) {
              after[column] = row[column];
            }
            writer.update(before, after, changes);
          });
    }
  }

  private static final class Update extends Modifier {
    private final int[] columns;
    private final Expression[] values;
    private final PlanCompiler.LockedAccess point;

    Update(PhysicalPlan.Update plan) {
      super(plan.table(), plan.source());
      this.columns = new int[plan.assignments().size()];
      this.values = new Expression[columns.length];
      for (int i = 0; i < columns.length; i++) {
        columns[i] = plan.assignments().get(i).column();
        values[i] = ExpressionCompiler.compile(plan.assignments().get(i).value());
      }
      this.point = pointAccess(plan.source());
    }

    @Override
    void lockAhead(Execution execution, List<Object[]> parameterRows) {
      lockPoints(point, execution, parameterRows);
    }

    @Override
    long collect(Execution execution, ChangeSet changes, Outcome outcome) {
      int width = writer.table.width();
      long count = 0;
      try (Operator rows = source.open(execution, Opener.ALL)) {
        for (Row row = rows.next(); row != null; row = rows.next()) {
          execution.interrupt().row();
          Object[] before = new Object[width];
          for (int i = 0; i < width; i++) {
            before[i] = row.value(i);
          }
          Object[] after = before.clone();
          for (int i = 0; i < columns.length; i++) {
            after[columns[i]] =
                ColumnChecks.stored(
                    values[i].eval(row, execution),
                    writer.schema.columns().get(columns[i]),
                    writer.schema);
          }
          writer.update(before, after, changes);
          count++;
        }
      }
      return count;
    }
  }

  private static final class Delete extends Modifier {
    private final PlanCompiler.LockedAccess point;

    Delete(PhysicalPlan.Delete plan) {
      super(plan.table(), plan.source());
      this.point = pointAccess(plan.source());
    }

    @Override
    void lockAhead(Execution execution, List<Object[]> parameterRows) {
      lockPoints(point, execution, parameterRows);
    }

    @Override
    long collect(Execution execution, ChangeSet changes, Outcome outcome) {
      int width = writer.table.width();
      long count = 0;
      try (Operator rows = source.open(execution, Opener.ALL)) {
        for (Row row = rows.next(); row != null; row = rows.next()) {
          execution.interrupt().row();
          Object[] values = new Object[width];
          for (int i = 0; i < width; i++) {
            values[i] = row.value(i);
          }
          writer.delete(values, changes);
          count++;
        }
      }
      return count;
    }
  }
}
