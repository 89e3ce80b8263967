package dev.kittiwake.pd.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What was decided, and why.
 *
 * @param policy who decided, e.g. {@code replica-checker}
 * @param regionId that it is about; 0 if it is about none
 * @param reasons in the order in which they were found
 * @param candidates the stores that were looked at, with what each was refused for or scored
 * @param operators what is to be done, all or none of it
 * @param settled nothing needs to be done until the region or the stores change; else a decision
 *     without operators means that something is in the way
 */
public record Decision(
    String policy,
    long regionId,
    List<String> reasons,
    List<Candidate> candidates,
    List<Operator> operators,
    boolean settled) {
  private static final int KEPT_CANDIDATES = 64;

  /**
   * A store that could have been chosen.
   *
   * @param filter that refused it, with the fact; empty if none did
   * @param score the lower, the better; NaN if it was refused before it was scored
   */
  public record Candidate(long storeId, String filter, double score, boolean chosen) {
    @Override
    public String toString() {
      String rounded =
          Math.abs(score) >= 1e6
              ? Long.toString(Math.round(score))
              : Math.rint(score * 1e4) / 1e4 + "";
      return "store "
          + storeId
          + ": "
          + (filter.isEmpty() ? "score " + rounded.replaceAll("\\.0$", "") : filter)
          + (chosen ? ", chosen" : "");
    }
  }

  public Decision {
    reasons = List.copyOf(reasons);
    candidates = List.copyOf(candidates);
    operators = List.copyOf(operators);
  }

  /** The first of what is to be done. */
  public Optional<Operator> operator() {
    return operators.stream().findFirst();
  }

  static Decision settled(String policy, long regionId, String reason) {
    return new Decision(policy, regionId, List.of(reason), List.of(), List.of(), true);
  }

  Decision and(String reason) {
    List<String> more = new ArrayList<>(reasons);
    more.add(reason);
    return new Decision(policy, regionId, more, candidates, operators, settled);
  }

  /** Collects the reasons of one decision. */
  static final class Trace {
    private final String policy;
    private final long regionId;
    private final List<String> reasons = new ArrayList<>();
    private final List<Candidate> candidates = new ArrayList<>();

    Trace(String policy, long regionId) {
      this.policy = policy;
      this.regionId = regionId;
    }

    Trace because(String reason) {
      reasons.add(reason);
      return this;
    }

    Trace refused(long storeId, String filter) {
      return add(new Candidate(storeId, filter, Double.NaN, false));
    }

    Trace scored(long storeId, double score, boolean chosen) {
      return add(new Candidate(storeId, "", score, chosen));
    }

    private Trace add(Candidate candidate) {
      if (candidates.size() < KEPT_CANDIDATES || candidate.chosen()) {
        candidates.add(candidate);
      }
      return this;
    }

    Decision nothing() {
      return new Decision(policy, regionId, reasons, candidates, List.of(), false);
    }

    Decision settled() {
      return new Decision(policy, regionId, reasons, candidates, List.of(), true);
    }

    Decision decide(Operator... operators) {
      return new Decision(
          policy, operators[0].regionId(), reasons, candidates, List.of(operators), false);
    }
  }
}
