package dev.kittiwake.raft;

import java.util.Arrays;
import java.util.Objects;

/**
 * One entry of the replicated log.
 *
 * @param payload opaque for {@link Kind#COMMAND}, {@link MembershipChange#encode()} for {@link
 *     Kind#MEMBERSHIP}, empty for {@link Kind#EMPTY}. Not copied: whoever makes an entry gives its
 *     array away
 */
public record Entry(long index, long term, Kind kind, byte[] payload) {
  /** Bytes an entry is taken to cost beside its payload, in memory and in a message. */
  static final int OVERHEAD_BYTES = 24;

  /** What an entry is; the order is part of the binary formats. */
  public enum Kind {
    /** A command for the state machine. */
    COMMAND,
    /** A change of the group's members. */
    MEMBERSHIP,
    /** The first entry of a leader, which lets it commit what earlier leaders left. Raft §8. */
    EMPTY;

    private static final Kind[] KINDS = values();

    /**
     * The kind with this ordinal.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Kind of(int ordinal) {
      if (ordinal < 0 || ordinal >= KINDS.length) {
        throw new IllegalArgumentException("unknown kind of entry: " + ordinal);
      }
      return KINDS[ordinal];
    }
  }

  public Entry {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(payload, "payload");
    if (index <= 0 || term <= 0) {
      throw new IllegalArgumentException(
          "entry with index " + index + " and term " + term + ": both start at 1");
    }
  }

  public LogPosition position() {
    return new LogPosition(index, term);
  }

  /** Size that limits count by: payload and a fixed overhead. */
  public long bytes() {
    return payload.length + (long) OVERHEAD_BYTES;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Entry that
        && index == that.index
        && term == that.term
        && kind == that.kind
        && Arrays.equals(payload, that.payload);
  }

  @Override
  public int hashCode() {
    return Objects.hash(index, term, kind, Arrays.hashCode(payload));
  }

  @Override
  public String toString() {
    return index + "@" + term + " " + kind + " " + payload.length + " B";
  }
}
