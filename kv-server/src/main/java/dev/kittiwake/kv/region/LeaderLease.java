package dev.kittiwake.kv.region;

/**
 * Until when this leader may answer reads without asking its followers. Written on the store loop,
 * read on any thread.
 *
 * <p>A lease runs from the moment at which a message left that a quorum has answered, and ends
 * before any of them would vote for another. A reader must take its data first, then the clock,
 * then ask: a pause between the two can only make it refuse.
 */
final class LeaderLease {
  private static final Grant NONE = new Grant(-1, 0);

  private record Grant(long term, long untilNanos) {}

  private final long lengthNanos;
  private volatile Grant grant = NONE;

  // Loop only.
  private long leadingTerm = -1; // the term in which reads may be granted; -1 = none
  private long resumeAt; // no lease before this index is applied; 0 = not suspended

  LeaderLease(long lengthNanos) {
    this.lengthNanos = lengthNanos;
  }

  /**
   * This replica leads {@code term} and has applied an entry of it: it knows all earlier writes,
   * and what earlier leaders proposed. What it proposed itself before that holds the lease back
   * still.
   */
  void begin(long term, boolean merging) {
    leadingTerm = term;
    if (merging) {
      resumeAt = Long.MAX_VALUE;
    }
  }

  /** A quorum answered a message sent at {@code sentAtNanos}. */
  void renew(long sentAtNanos) {
    if (leadingTerm < 0 || resumeAt > 0) {
      return;
    }
    long until = sentAtNanos + lengthNanos;
    Grant now = grant;
    if (now.term() != leadingTerm || until - now.untilNanos() > 0) {
      grant = new Grant(leadingTerm, until);
    }
  }

  /** No read counts on the lease from now until it is renewed. */
  void revoke() {
    grant = NONE;
  }

  /** Leadership is lost, and with it the concern for what was proposed. */
  void end() {
    leadingTerm = -1;
    resumeAt = 0;
    grant = NONE;
  }

  /**
   * An entry is proposed from whose commit on the region's keys may be written elsewhere: no lease
   * until it is applied here. (A leader with a slow disk may be the last to learn of the commit.)
   */
  void suspendUntil(long index) {
    resumeAt = Math.max(resumeAt, index);
    grant = NONE;
  }

  void onApplied(long index) {
    if (index >= resumeAt) {
      resumeAt = 0;
    }
  }

  void resume() {
    resumeAt = 0;
  }

  /**
   * Whether the data that a reader took before {@code nowNanos} is current, if it serves {@code
   * term}.
   */
  boolean covers(long term, long nowNanos) {
    Grant now = grant;
    return now.term() == term && now.untilNanos() - nowNanos > 0;
  }

  /**
   * Whether a lease was granted in {@code term}, valid or not: whether it is worth taking the data.
   */
  boolean likely(long term) {
    return grant.term() == term;
  }
}
