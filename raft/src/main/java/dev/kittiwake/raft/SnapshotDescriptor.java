package dev.kittiwake.raft;

import java.util.Arrays;
import java.util.Objects;

/**
 * Names a snapshot of the state machine. Raft §7. The state itself travels beside the message.
 *
 * @param position last entry the snapshot contains
 * @param membership the group's members at that entry
 * @param data the state machine's own header, opaque here
 */
public record SnapshotDescriptor(LogPosition position, Membership membership, byte[] data) {
  private static final int FORMAT = 1;

  public SnapshotDescriptor {
    Objects.requireNonNull(position, "position");
    Objects.requireNonNull(membership, "membership");
    Objects.requireNonNull(data, "data");
  }

  public byte[] encode() {
    ByteSink sink = new ByteSink(64 + data.length).octet(FORMAT);
    writeTo(sink);
    return sink.toBytes();
  }

  /**
   * @throws IllegalArgumentException if the bytes are no snapshot descriptor of a known format
   */
  public static SnapshotDescriptor decode(byte[] encoded) {
    ByteSource source = new ByteSource(encoded);
    source.format(FORMAT, "snapshot descriptor");
    SnapshotDescriptor descriptor = readFrom(source);
    source.end();
    return descriptor;
  }

  void writeTo(ByteSink sink) {
    sink.position(position);
    membership.writeTo(sink);
    sink.bytes(data);
  }

  static SnapshotDescriptor readFrom(ByteSource source) {
    return new SnapshotDescriptor(source.position(), Membership.readFrom(source), source.bytes());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SnapshotDescriptor that
        && position.equals(that.position)
        && membership.equals(that.membership)
        && Arrays.equals(data, that.data);
  }

  @Override
  public int hashCode() {
    return Objects.hash(position, membership, Arrays.hashCode(data));
  }

  @Override
  public String toString() {
    return "snapshot " + position + " " + membership;
  }
}
