package dev.kittiwake.testkit.history;

/**
 * One thing a client asked for, and how that ended.
 *
 * <p>Whether an operation was over before another began is decided by the positions of their events
 * in the history, which are exact, not by their times, which may be equal.
 *
 * @param index place among the operations of the history, from 0, in the order of invocation
 * @param process who asked; a process does one thing after the other
 * @param answer null unless {@link Ending#OK}; also kept when a transaction's reads are known but
 *     not whether it committed
 * @param reason why it failed or is undetermined, in words; empty otherwise
 * @param invokedAt position of the invocation among all events of the history, from 0
 * @param endedAt position of the end; {@link Integer#MAX_VALUE} while open
 * @param invokedNanos when the client asked; only for people
 * @param endedNanos when the client knew; {@link Long#MAX_VALUE} while open
 */
public record Operation(
    int index,
    int process,
    Action action,
    Answer answer,
    Ending ending,
    String reason,
    int invokedAt,
    int endedAt,
    long invokedNanos,
    long endedNanos) {

  /**
   * Whether this one had certainly happened, or certainly not, when {@code other} was asked for.
   */
  public boolean endedBefore(Operation other) {
    return !ending.isUnknown() && endedAt < other.invokedAt;
  }

  public boolean isOk() {
    return ending == Ending.OK;
  }
}
