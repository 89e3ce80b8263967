package dev.kittiwake.client.region;

/**
 * Which replica of a region serves a read. Whatever a replica refuses, the leader is asked for: the
 * answer is the same, only later.
 */
public enum ReadFrom {
  /** The leader: the fewest steps. */
  LEADER,
  /** One that does not lead: it asks the leader how far it must have come, then reads its data. */
  FOLLOWER,
  /** Any, in turns: spreads the load of reads over all replicas. */
  ANY,
  /**
   * Any, in turns, without asking anybody: for timestamps some seconds in the past. A replica that
   * does not know yet that it has everything up to the timestamp refuses.
   */
  STALE
}
