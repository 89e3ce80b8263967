package dev.kittiwake.raft;

/**
 * What a replica must not forget (Raft figure 2, "persistent state"), and its commit index, which
 * it may forget but should not: a replica that holds a membership change must know that the one
 * before it is committed, so the commit index is stored together with entries.
 *
 * @param term newest term seen
 * @param vote whom this replica voted for in {@code term}; 0 = nobody
 * @param commit highest index known to be committed
 */
public record HardState(long term, long vote, long commit) {
  public static final HardState NONE = new HardState(0, 0, 0);

  /**
   * This state in a log that starts at {@code position}: the term is not below it, everything
   * before is committed.
   */
  public HardState restartedAt(LogPosition position) {
    long newTerm = Math.max(term, position.term());
    return new HardState(newTerm, newTerm == term ? vote : 0, Math.max(position.index(), 0));
  }
}
