package dev.kittiwake.raft.driver;

import dev.kittiwake.raft.Entry;
import dev.kittiwake.raft.HardState;
import dev.kittiwake.raft.LogPosition;
import dev.kittiwake.raft.LogReader;
import java.util.List;

/**
 * The persistent log of one group. Called on the group's loop thread; what is written can be read
 * at once, and becomes durable later, in the order of the calls.
 */
public interface LogStore extends LogReader {
  /** The newest hard state; its commit never exceeds {@link #lastIndex()}. */
  HardState hardState();

  /** The position before the first entry: where the log was compacted, or a snapshot taken. */
  LogPosition start();

  /**
   * Appends entries and hard state, both or either.
   *
   * @param changed the new hard state, or null if it did not change
   * @param entries consecutive; the first follows an entry of this log or its start, and replaces
   *     what came after
   * @param durable run on any thread once all of it is durable; never run after an error of the
   *     disk
   */
  void append(HardState changed, List<Entry> entries, Runnable durable);

  /**
   * Forgets entries up to and including {@code upTo}, which must be in the log. Nothing waits for
   * it.
   */
  void compact(LogPosition upTo);

  /** Replaces the whole log by the empty one after {@code after}: a snapshot was installed. */
  void restart(LogPosition after, HardState hardState, Runnable durable);

  /**
   * Removes the group; this object is of no use afterwards.
   *
   * @param durable run on any thread once no power cut can bring the log back; never run after an
   *     error of the disk
   */
  void destroy(Runnable durable);
}
