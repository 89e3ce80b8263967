package dev.kittiwake.pd.replica;

/** This member does not lead, or lost the lead before it knew what became of a proposal. */
public final class NotLeaderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param leader as far as known, or 0
   */
  public NotLeaderException(long leader, String detail) {
    super(
        "not leader"
            + (detail.isEmpty() ? "" : ": " + detail)
            + (leader == 0 ? ", no leader known" : ", the leader is member " + leader),
        null,
        false,
        false);
  }
}
