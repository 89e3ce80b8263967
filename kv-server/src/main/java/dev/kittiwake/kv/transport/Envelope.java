package dev.kittiwake.kv.transport;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.RegionEpoch;
import dev.kittiwake.proto.store.RaftEnvelope;
import dev.kittiwake.proto.store.Removed;
import dev.kittiwake.raft.Message;
import dev.kittiwake.raft.MessageCodec;

/**
 * Something one replica tells another.
 *
 * @param regionId 0 in what concerns no single region: a store's sign of life, and promises
 * @param epoch the sender's epoch of the region
 * @param message raft's message; null with {@code failedMerge} 0 = "you are no longer a member, as
 *     of this epoch"
 * @param failedMerge the index at which a merge was prepared that cannot happen any more, or 0
 * @param extra what comes with it, or null
 */
public record Envelope(
    long regionId,
    Peer from,
    Peer to,
    RegionEpoch epoch,
    Message message,
    long failedMerge,
    Extra extra) {
  /** Carries a message of raft. */
  public Envelope(long regionId, Peer from, Peer to, RegionEpoch epoch, Message message) {
    this(regionId, from, to, epoch, message, 0, null);
  }

  /** Tells a store whose replicas rest that the sending store lives. */
  public static Envelope signOfLife(long fromStore, long toStore) {
    return new Envelope(
            0,
            Peer.newBuilder().setStoreId(fromStore).build(),
            Peer.newBuilder().setStoreId(toStore).build(),
            RegionEpoch.getDefaultInstance(),
            null)
        .with(new Extra.SignOfLife());
  }

  /** Tells {@code to} that it was removed. */
  public static Envelope removed(long regionId, Peer from, Peer to, RegionEpoch epoch) {
    return new Envelope(regionId, from, to, epoch, null);
  }

  /** Tells the leader {@code to} that the merge prepared at {@code commit} has failed. */
  public static Envelope failedMerge(
      long regionId, Peer from, Peer to, RegionEpoch epoch, long commit) {
    return new Envelope(regionId, from, to, epoch, null, commit, null);
  }

  /** The same with {@code more}, which may be null. */
  public Envelope with(Extra more) {
    return more == null
        ? this
        : new Envelope(regionId, from, to, epoch, message, failedMerge, more);
  }

  public boolean isSignOfLife() {
    return extra instanceof Extra.SignOfLife;
  }

  /** Says so of a replica that rests, or may rest. */
  public boolean resting() {
    return extra instanceof Extra.Rests;
  }

  public boolean saysRemoved() {
    return message == null && failedMerge == 0 && extra == null;
  }

  /** For the wire. */
  public RaftEnvelope encode() {
    RaftEnvelope.Builder encoded =
        RaftEnvelope.newBuilder().setRegionId(regionId).setFrom(from).setTo(to).setEpoch(epoch);
    if (failedMerge != 0) {
      encoded.setFailedMerge(failedMerge);
    } else if (saysRemoved()) {
      encoded.setRemoved(Removed.getDefaultInstance());
    } else if (message != null) {
      encoded.setMessage(UnsafeByteOperations.unsafeWrap(MessageCodec.encode(message)));
    }
    if (extra != null) {
      extra.addTo(encoded);
    }
    return encoded.build();
  }

  /**
   * From the wire.
   *
   * @throws IllegalArgumentException if the message within cannot be read
   */
  public static Envelope decode(RaftEnvelope encoded) {
    ByteString bytes = encoded.getMessage();
    boolean without =
        encoded.hasRemoved()
            || encoded.hasFailedMerge()
            || encoded.hasPromises()
            || encoded.hasHash()
            || encoded.hasSignOfLife();
    Message message = without ? null : MessageCodec.decode(bytes.toByteArray());
    return new Envelope(
        encoded.getRegionId(),
        encoded.getFrom(),
        encoded.getTo(),
        encoded.getEpoch(),
        message,
        encoded.getFailedMerge(),
        Extra.of(encoded));
  }
}
