package dev.kittiwake.pd.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What was decided, and why.
 *
 * @param policy who decided, e.g. {@code replica-checker}
 * @param reasons in the order in which they were found
 */
public record Decision(
    String policy, long regionId, List<String> reasons, Optional<Operator> operator) {
  public Decision {
    reasons = List.copyOf(reasons);
  }

  /** Collects the reasons of one decision. */
  static final class Trace {
    private final String policy;
    private final long regionId;
    private final List<String> reasons = new ArrayList<>();

    Trace(String policy, long regionId) {
      this.policy = policy;
      this.regionId = regionId;
    }

    Trace because(String reason) {
      reasons.add(reason);
      return this;
    }

    Decision nothing() {
      return new Decision(policy, regionId, reasons, Optional.empty());
    }

    Decision decide(Operator operator) {
      return new Decision(policy, operator.regionId(), reasons, Optional.of(operator));
    }
  }
}
