package dev.kittiwake.tpcc;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * All that one invocation found out.
 *
 * @param facts about machine, database and driver, in the order to show them
 */
public record TpccResult(
    TpccOptions options,
    Optional<LoadResult> load,
    Optional<RunResult> run,
    Optional<AuditResult> audit,
    Map<String, String> facts) {
  public TpccResult {
    facts = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(facts));
  }

  /** Whether no condition failed; also true if none was checked. */
  public boolean consistent() {
    return audit.map(AuditResult::holds).orElse(true);
  }
}
