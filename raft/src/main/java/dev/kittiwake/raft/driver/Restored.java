package dev.kittiwake.raft.driver;

import dev.kittiwake.raft.LogPosition;
import dev.kittiwake.raft.Membership;
import java.util.Objects;

/**
 * A state machine as found on disk.
 *
 * <p>A new group starts with the same {@code applied} and {@code membership} on all first members
 * (for example 5@5), and an empty log. A replica that is yet to hear from its group has {@link
 * LogPosition#ZERO} and {@link Membership#NONE}.
 *
 * @param applied the last entry whose effect is durable
 * @param membership the members at that entry
 */
public record Restored(LogPosition applied, Membership membership) {
  /** Nothing yet: the first thing to come is a snapshot. */
  public static final Restored NOTHING = new Restored(LogPosition.ZERO, Membership.NONE);

  public Restored {
    Objects.requireNonNull(applied, "applied");
    Objects.requireNonNull(membership, "membership");
    if (applied.index() == 0 && !membership.peers().isEmpty()) {
      throw new IllegalArgumentException(
          "a group starts above index 0, lest an empty log pass for its beginning: " + membership);
    }
  }
}
