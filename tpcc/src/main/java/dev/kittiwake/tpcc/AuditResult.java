package dev.kittiwake.tpcc;

import java.util.List;
import java.util.Optional;

/**
 * The state of the whole database after an audit.
 *
 * @param conditions the twelve of clause 3.3.2, in order
 * @param ledger whether the database agrees with what clients were told; empty if no run was
 *     recorded
 */
public record AuditResult(List<Finding> conditions, Optional<Finding> ledger) {
  public AuditResult {
    conditions = List.copyOf(conditions);
  }

  /** Whether everything holds. */
  public boolean holds() {
    return conditions.stream().allMatch(Finding::holds) && ledger.map(Finding::holds).orElse(true);
  }

  /** The conditions, and the ledger if there is one. */
  public List<Finding> all() {
    return java.util.stream.Stream.concat(conditions.stream(), ledger.stream()).toList();
  }
}
