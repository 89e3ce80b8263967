package dev.kittiwake.tpcc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The audit of clause 3.3.2 and of the ledger. Reads the database in parts of a few warehouses, so
 * that memory and each query stay bounded however many there are. Nothing else may write meanwhile.
 */
final class ConsistencyAudit {
  /** Warehouses of one part: about a hundred thousand keys of each kind. */
  private static final int PART = 4;

  private final Scale scale;
  private final Ledger ledger;
  private final Retry retry;
  private final Progress progress;

  ConsistencyAudit(Scale scale, Ledger ledger, Retry retry, Progress progress) {
    this.scale = scale;
    this.ledger = ledger;
    this.retry = retry;
    this.progress = progress;
  }

  /**
   * Checks everything.
   *
   * @throws TpccException if the database cannot be read, also not after retries
   */
  AuditResult run() throws InterruptedException {
    List<Integer> warehouses = retry.read("reading the warehouses", ConsistencyAudit::warehouses);
    if (warehouses.isEmpty()) {
      throw new TpccException("there are no warehouses to check: load the database first");
    }
    Map<Condition, Evidence> evidence = new EnumMap<>(Condition.class);
    Condition.all().forEach(condition -> evidence.put(condition, new Evidence()));
    LedgerCheck ledgerCheck = new LedgerCheck(ledger);
    int last = warehouses.get(warehouses.size() - 1);
    for (int low = 1; low <= last; low += PART) {
      int from = low;
      int to = Math.min(last, low + PART - 1);
      Books books =
          retry.read(
              "checking warehouses " + from + " to " + to,
              session -> Books.read(session, from, to));
      evidence.forEach((condition, found) -> condition.examine(books, scale, found));
      ledgerCheck.examine(books, from, to);
      progress.percent("check", (int) (100L * to / last));
    }
    List<Finding> findings = new ArrayList<>();
    evidence.forEach(
        (condition, found) -> findings.add(found.finding(condition.clause(), condition.title())));
    return new AuditResult(
        findings, ledger.isEmpty() ? Optional.empty() : Optional.of(ledgerCheck.finding()));
  }

  private static List<Integer> warehouses(Session session) throws SQLException {
    List<Integer> found = new ArrayList<>();
    try (ResultSet rows = session.query(Books.ALL_WAREHOUSES)) {
      while (rows.next()) {
        found.add(rows.getInt(1));
      }
    }
    return found;
  }
}
