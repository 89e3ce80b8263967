package dev.kittiwake.raft;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The payload of a {@link Entry.Kind#MEMBERSHIP} entry. It takes effect when it is committed, and
 * the next one is refused until this one is applied, so there is never more than one under way.
 *
 * <p>Three shapes: one change in a single step ({@link #simple}), several at once through a joint
 * configuration ({@link #enterJoint}, Raft §6), and the way out of it ({@link #leaveJoint}).
 *
 * @param changes empty = leave the joint configuration
 * @param joint whether the changes go through a joint configuration
 * @param autoLeave whether the leader proposes to leave the joint configuration by itself, once it
 *     is applied
 * @param context opaque, for the state machine
 */
public record MembershipChange(
    List<Change> changes, boolean joint, boolean autoLeave, byte[] context) {
  private static final int FORMAT = 1;

  public MembershipChange {
    changes = List.copyOf(changes);
    Objects.requireNonNull(context, "context");
    if (changes.isEmpty() && (joint || autoLeave)) {
      throw new IllegalArgumentException(
          "leaving a joint configuration carries no changes and no options");
    }
    if (changes.size() > 1 && !joint) {
      throw new IllegalArgumentException(
          changes.size() + " changes at once need a joint configuration");
    }
    if (autoLeave && !joint) {
      throw new IllegalArgumentException("only a joint configuration can be left by itself");
    }
  }

  public static MembershipChange simple(Change change, byte[] context) {
    return new MembershipChange(List.of(change), false, false, context);
  }

  public static MembershipChange enterJoint(
      List<Change> changes, boolean autoLeave, byte[] context) {
    return new MembershipChange(changes, true, autoLeave, context);
  }

  public static MembershipChange leaveJoint(byte[] context) {
    return new MembershipChange(List.of(), false, false, context);
  }

  public boolean leavesJoint() {
    return changes.isEmpty();
  }

  public byte[] encode() {
    ByteSink sink = new ByteSink(16 + changes.size() * 10 + context.length);
    sink.octet(FORMAT).flag(joint).flag(autoLeave).number(changes.size());
    for (Change change : changes) {
      sink.octet(change.kind().ordinal()).number(change.peer());
    }
    return sink.bytes(context).toBytes();
  }

  /**
   * @throws IllegalArgumentException if the bytes are no membership change of a known format
   */
  public static MembershipChange decode(byte[] encoded) {
    ByteSource source = new ByteSource(encoded);
    source.format(FORMAT, "membership change");
    boolean joint = source.flag();
    boolean autoLeave = source.flag();
    int count = source.count(2);
    List<Change> changes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int kind = source.octet();
      if (kind >= Change.Kind.values().length) {
        throw new IllegalArgumentException("unknown kind of membership change: " + kind);
      }
      changes.add(new Change(Change.Kind.values()[kind], source.number()));
    }
    byte[] context = source.bytes();
    source.end();
    return new MembershipChange(changes, joint, autoLeave, context);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MembershipChange that
        && changes.equals(that.changes)
        && joint == that.joint
        && autoLeave == that.autoLeave
        && Arrays.equals(context, that.context);
  }

  @Override
  public int hashCode() {
    return Objects.hash(changes, joint, autoLeave, Arrays.hashCode(context));
  }

  @Override
  public String toString() {
    if (leavesJoint()) {
      return "leave joint";
    }
    return (joint ? (autoLeave ? "joint, left by itself " : "joint ") : "") + changes;
  }
}
