package dev.kittiwake.sql.exec;

import dev.kittiwake.client.txn.LockOptions;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import dev.kittiwake.sql.expr.Row;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Locks every row that its input reads, whatever tables it is from. It runs the input on the newest
 * data, locks what was read, and if anything of it was committed anew in between, runs it again:
 * locks that are held do not change any more, so each round has less left to go wrong.
 */
final class LockReadsOperator extends Operator {
  private static final int ROUNDS = 100;

  private final Opener input;
  private final long demand;
  private final LockOptions options;
  private final Execution execution;
  private Iterator<Row> rows; // null: not yet run

  LockReadsOperator(Opener input, long demand, LockOptions options, Execution execution) {
    this.input = input;
    this.demand = demand;
    this.options = options;
    this.execution = execution;
  }

  @Override
  public Row next() {
    if (rows == null) {
      rows = lockedRows().iterator();
    }
    return rows.hasNext() ? rows.next() : null;
  }

  private List<Row> lockedRows() {
    Transaction transaction = execution.transaction();
    Set<Key> locked = new LinkedHashSet<>();
    for (int round = 0; round < ROUNDS; round++) {
      Set<Key> read = new LinkedHashSet<>();
      execution.collect(KvReader.of(transaction.currentRead()), read);
      long readTs = transaction.forUpdateTs();
      List<Row> found = run();
      read.removeAll(locked);
      if (read.isEmpty()) {
        return found;
      }
      execution.interrupt().check();
      transaction.lock(read, options);
      if (transaction.forUpdateTs() == readTs) {
        return found; // nothing newer was met
      }
      locked.addAll(read);
      found.forEach(row -> execution.memory().release(execution.memory().sizeOf(row)));
    }
    throw SqlError.of(
        SqlStates.CONFLICT,
        "the rows to lock changed again and again while they were locked; run the transaction"
            + " again");
  }

  private List<Row> run() {
    List<Row> found = new ArrayList<>();
    try (Operator from = input.open(execution, demand)) {
      while (found.size() < demand) {
        Row row = from.next();
        if (row == null) {
          break;
        }
        execution.interrupt().row();
        Row kept = row.copy();
        execution.memory().keep(kept);
        found.add(kept);
      }
    }
    return found;
  }
}
