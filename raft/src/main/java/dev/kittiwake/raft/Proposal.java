package dev.kittiwake.raft;

/** Answer to a proposal. */
public sealed interface Proposal {
  /**
   * The leader appended it at {@code index} in {@code term}. It is decided when an entry with this
   * index is committed: ours if that entry has this term, lost if it has another.
   */
  record Accepted(long index, long term) implements Proposal {}

  /**
   * Nothing was appended.
   *
   * @param leader for {@link Reason#NOT_LEADER}: the leader as far as known, or 0
   * @param detail one line with the facts
   */
  record Refused(Reason reason, long leader, String detail) implements Proposal {}

  /** Why nothing was appended. */
  enum Reason {
    /** Ask {@link Refused#leader()}. */
    NOT_LEADER,
    /** The leader is handing over its leadership; ask again soon. */
    TRANSFERRING,
    /** Too much is under way, or another membership change; ask again soon. */
    BUSY,
    /** The payload exceeds {@link RaftConfig#maxEntryBytes()}. */
    TOO_LARGE,
    /** The membership change does not fit the present membership. */
    INVALID_CHANGE
  }
}
