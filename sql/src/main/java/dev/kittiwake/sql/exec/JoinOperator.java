package dev.kittiwake.sql.exec;

import dev.kittiwake.sql.expr.Expression;
import dev.kittiwake.sql.expr.JoinedRow;
import dev.kittiwake.sql.expr.Row;
import dev.kittiwake.sql.plan.JoinKind;
import java.util.Iterator;

/**
 * What all joins share: for each left row a walk over candidate right rows, the condition, and what
 * the kind of join makes of it.
 */
abstract class JoinOperator extends Operator {
  /** A right row that remembers whether it found a partner (for RIGHT and FULL). */
  static final class Kept {
    final Row row;
    boolean matched;

    Kept(Row row) {
      this.row = row;
    }
  }

  private final JoinKind kind;
  private final Expression condition; // null: none
  private final JoinedRow joined;
  protected final Execution execution;
  private Row left; // null: fetch the next
  private Iterator<Kept> candidates;
  private boolean matched; // whether the present left row found a partner
  private Iterator<Kept> unmatched; // at the end of RIGHT and FULL

  JoinOperator(
      JoinKind kind, Expression condition, int leftWidth, int rightWidth, Execution execution) {
    this.kind = kind;
    this.condition = condition;
    this.joined = new JoinedRow(leftWidth, rightWidth);
    this.execution = execution;
  }

  /** The next left row, or null. It must stay valid until the next call. */
  abstract Row nextLeft();

  /** The right rows that may match {@code leftRow}. */
  abstract Iterator<Kept> candidates(Row leftRow);

  /** All right rows, for RIGHT and FULL. */
  abstract Iterator<Kept> allRight();

  @Override
  public Row next() {
    if (unmatched != null) {
      return nextUnmatched();
    }
    while (true) {
      if (left == null) {
        left = nextLeft();
        if (left == null) {
          return kind == JoinKind.RIGHT || kind == JoinKind.FULL ? startUnmatched() : null;
        }
        matched = false;
        candidates = candidates(left);
      }
      Row row = nextOfLeft();
      if (row != null) {
        return row;
      }
    }
  }

  /** The next result for the present left row; null if it has no more. */
  private Row nextOfLeft() {
    while (candidates.hasNext()) {
      execution.interrupt().row();
      Kept right = candidates.next();
      if (condition != null && !condition.holds(joined.of(left, right.row), execution)) {
        continue;
      }
      matched = true;
      right.matched = true;
      if (kind.yieldsRight()) {
        return joined.of(left, right.row);
      }
      Row result = kind == JoinKind.SEMI ? left : null;
      left = null;
      return result;
    }
    Row result = null;
    if (!matched && (kind == JoinKind.LEFT || kind == JoinKind.FULL)) {
      result = joined.of(left, null);
    } else if (!matched && kind == JoinKind.ANTI) {
      result = left;
    }
    left = null;
    return result;
  }

  private Row startUnmatched() {
    unmatched = allRight();
    return nextUnmatched();
  }

  private Row nextUnmatched() {
    while (unmatched.hasNext()) {
      Kept right = unmatched.next();
      if (!right.matched) {
        return joined.of(null, right.row);
      }
    }
    return null;
  }
}
