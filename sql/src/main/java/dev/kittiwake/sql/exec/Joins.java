package dev.kittiwake.sql.exec;

import dev.kittiwake.sql.expr.Expression;
import dev.kittiwake.sql.expr.Row;
import dev.kittiwake.sql.plan.JoinKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The joins, by how they find the right rows. */
final class Joins {
  private Joins() {}

  static List<JoinOperator.Kept> readAll(Operator input, Execution execution) {
    List<JoinOperator.Kept> rows = new ArrayList<>();
    for (Row row = input.next(); row != null; row = input.next()) {
      execution.interrupt().row();
      Row kept = row.copy();
      execution.memory().keep(kept);
      rows.add(new JoinOperator.Kept(kept));
    }
    return rows;
  }

  /** Every left row against every right row. */
  static final class NestedLoop extends JoinOperator {
    private final Operator left;
    private final Operator right;
    private List<Kept> rows; // null: not yet read

    NestedLoop(
        Operator left,
        Operator right,
        JoinKind kind,
        Expression condition,
        int leftWidth,
        int rightWidth,
        Execution execution) {
      super(kind, condition, leftWidth, rightWidth, execution);
      this.left = left;
      this.right = right;
    }

    private List<Kept> rows() {
      if (rows == null) {
        rows = readAll(right, execution);
      }
      return rows;
    }

    @Override
    Row nextLeft() {
      return left.next();
    }

    @Override
    Iterator<Kept> candidates(Row leftRow) {
      return rows().iterator();
    }

    @Override
    Iterator<Kept> allRight() {
      return rows().iterator();
    }

    @Override
    public void close() {
      left.close();
      right.close();
    }
  }

  /** Right rows in a hash table by their key. */
  static final class Hash extends JoinOperator {
    private final Operator left;
    private final Operator right;
    private final int[] leftColumns;
    private final int[] rightColumns;
    private final boolean[] nullsMatch;
    private Map<Object, List<Kept>> table; // null: not yet read
    private List<Kept> all;

    Hash(
        Operator left,
        Operator right,
        JoinKind kind,
        HashColumns columns,
        Expression condition,
        int leftWidth,
        int rightWidth,
        Execution execution) {
      super(kind, condition, leftWidth, rightWidth, execution);
      this.left = left;
      this.right = right;
      this.leftColumns = columns.left();
      this.rightColumns = columns.right();
      this.nullsMatch = columns.nullsMatch();
    }

    private void read() {
      all = readAll(right, execution);
      table = new HashMap<>(all.size() * 2);
      for (Kept kept : all) {
        if (!cannotMatch(kept.row, rightColumns)) {
          table
              .computeIfAbsent(HashKey.of(kept.row, rightColumns), key -> new ArrayList<>(2))
              .add(kept);
        }
      }
      execution.memory().add(all.size() * 64L);
    }

    private boolean cannotMatch(Row row, int[] columns) {
      for (int i = 0; i < columns.length; i++) {
        if (!nullsMatch[i] && row.isNull(columns[i])) {
          return true;
        }
      }
      return false;
    }

    @Override
    Row nextLeft() {
      if (table == null) {
        read();
      }
      return left.next();
    }

    @Override
    Iterator<Kept> candidates(Row leftRow) {
      if (cannotMatch(leftRow, leftColumns)) {
        return Collections.emptyIterator();
      }
      List<Kept> found = table.get(HashKey.of(leftRow, leftColumns));
      return found == null ? Collections.emptyIterator() : found.iterator();
    }

    @Override
    Iterator<Kept> allRight() {
      return all.iterator();
    }

    @Override
    public void close() {
      left.close();
      right.close();
    }
  }

  /** The columns of a hash join's keys. */
  record HashColumns(int[] left, int[] right, boolean[] nullsMatch) {}

  /** The right side is run anew for each left row. */
  static final class Correlate extends JoinOperator {
    private final Operator left;
    private final Opener right;
    private final int correlationId;
    private final JoinKind kind;
    private Operator open; // the present run of the right side, or null

    Correlate(
        Operator left,
        Opener right,
        JoinKind kind,
        int correlationId,
        int leftWidth,
        int rightWidth,
        Execution execution) {
      super(kind, null, leftWidth, rightWidth, execution);
      this.left = left;
      this.right = right;
      this.correlationId = correlationId;
      this.kind = kind;
    }

    @Override
    Row nextLeft() {
      Row row = left.next();
      return row == null ? null : row.copy();
    }

    @Override
    Iterator<Kept> candidates(Row leftRow) {
      closeRight();
      execution.setOuter(correlationId, leftRow);
      Operator run = right.open(execution, kind.yieldsRight() ? Opener.ALL : 1);
      open = run;
      return new Iterator<>() {
        private Row ahead = run.next();

        @Override
        public boolean hasNext() {
          return ahead != null;
        }

        @Override
        public Kept next() {
          Kept kept = new Kept(ahead.copy());
          ahead = kind.yieldsRight() ? run.next() : null;
          return kept;
        }
      };
    }

    @Override
    Iterator<Kept> allRight() {
      throw new IllegalStateException("a correlated join cannot be " + kind);
    }

    private void closeRight() {
      if (open != null) {
        open.close();
        open = null;
      }
    }

    @Override
    public void close() {
      closeRight();
      left.close();
    }
  }
}
