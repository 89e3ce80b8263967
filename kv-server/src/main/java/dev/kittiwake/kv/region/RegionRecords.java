package dev.kittiwake.kv.region;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.kittiwake.kv.engine.EngineCursor;
import dev.kittiwake.kv.engine.EngineException;
import dev.kittiwake.kv.engine.EngineSnapshot;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.engine.WriteBatch;
import dev.kittiwake.kv.transport.Envelope;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.RegionEpoch;
import dev.kittiwake.proto.store.RegionState;
import dev.kittiwake.proto.store.ReplicaPhase;
import dev.kittiwake.raft.LogPosition;
import dev.kittiwake.raft.Membership;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The region records in the raft family: one {@link RegionState} per region, and beside it the
 * applied position, 16 bytes (index, term; big endian), because it changes with every batch.
 */
final class RegionRecords {
  /** Where the log of a new region starts: every first member agrees on it. */
  static final LogPosition INITIAL = new LogPosition(5, 5);

  static final int FORMAT = 1;

  private RegionRecords() {}

  static void putApplied(WriteBatch batch, long regionId, LogPosition applied) {
    byte[] value = ByteBuffer.allocate(16).putLong(applied.index()).putLong(applied.term()).array();
    batch.put(Family.RAFT, EngineKeys.applied(regionId), value);
  }

  static LogPosition applied(EngineSnapshot snapshot, long regionId) {
    byte[] value = snapshot.get(Family.RAFT, EngineKeys.applied(regionId));
    if (value == null) {
      return LogPosition.ZERO;
    }
    ByteBuffer buffer = ByteBuffer.wrap(value);
    return new LogPosition(buffer.getLong(), buffer.getLong());
  }

  static RegionState normal(Region region, Peer peer, Membership membership) {
    return RegionState.newBuilder()
        .setFormat(FORMAT)
        .setPhase(ReplicaPhase.NORMAL)
        .setRegion(region)
        .setPeer(peer)
        .setMembership(ByteString.copyFrom(membership.encode()))
        .build();
  }

  /** The record of a region that comes to be with a split. */
  static RegionState fresh(Region region, Peer peer) {
    return normal(region, peer, membership(region)).toBuilder()
        .setBaseEpoch(region.getRegionEpoch())
        .build();
  }

  static void put(WriteBatch batch, RegionState state) {
    batch.put(Family.RAFT, EngineKeys.regionState(state.getRegion().getId()), state.toByteArray());
  }

  /**
   * A replica that was told of for the first time: its first snapshot makes it real. Until then it
   * knows its id, and at which membership it was a member already: whoever sends to it has it among
   * its peers. Whoever denies that it is a member is to be believed only if he knows later ones.
   */
  static RegionState newcomer(Envelope told) {
    Region empty =
        Region.newBuilder()
            .setId(told.regionId())
            .setRegionEpoch(RegionEpoch.newBuilder().setConfVer(told.epoch().getConfVer()))
            .build();
    return normal(empty, told.to(), Membership.NONE);
  }

  /**
   * Writes down a replica that knows nothing but its id. The message that made it may have come
   * between the apply of the split that makes this very replica and what the loop does about it:
   * then the split's record stands, an empty one in its place would forget region and members.
   */
  static void putNewcomer(ApplyRound round, RegionState newcomer) {
    round.write(); // what earlier tasks left in the batch must be readable
    RegionState known;
    try (EngineSnapshot present = round.engine().snapshot()) {
      known = state(present, newcomer.getRegion().getId());
    }
    if (known == null || known.getPeer().getId() < newcomer.getPeer().getId()) {
      put(round.batch(), newcomer);
    }
  }

  /** The state of a region, or null. */
  static RegionState state(EngineSnapshot snapshot, long regionId) {
    byte[] value = snapshot.get(Family.RAFT, EngineKeys.regionState(regionId));
    return value == null ? null : parse(value);
  }

  static List<RegionState> all(EngineSnapshot snapshot) {
    List<RegionState> states = new ArrayList<>();
    try (EngineCursor cursor =
        snapshot.cursor(Family.RAFT, EngineKeys.REGION_STATES, EngineKeys.REGION_STATES_END)) {
      for (boolean more = cursor.seekToFirst(); more; more = cursor.next()) {
        states.add(parse(cursor.value()));
      }
    }
    return states;
  }

  static RegionState parse(byte[] value) {
    try {
      RegionState state = RegionState.parseFrom(value);
      if (state.getFormat() != FORMAT) {
        throw new EngineException(
            "a region record has format "
                + state.getFormat()
                + ", this version reads "
                + FORMAT
                + ": was the data written by a newer version?");
      }
      return state;
    } catch (InvalidProtocolBufferException broken) {
      throw new EngineException("a region record is damaged", broken);
    }
  }

  static Membership membership(RegionState state) {
    return state.getMembership().isEmpty()
        ? Membership.NONE
        : Membership.decode(state.getMembership().toByteArray());
  }

  /** Raft's view of a region's peers outside of a joint configuration. */
  static Membership membership(Region region) {
    TreeSet<Long> voters = new TreeSet<>();
    TreeSet<Long> learners = new TreeSet<>();
    TreeSet<Long> outgoing = new TreeSet<>();
    TreeSet<Long> learnersNext = new TreeSet<>();
    boolean joint = ConfChange.isJoint(region);
    for (Peer peer : region.getPeersList()) {
      switch (peer.getRole()) {
        case Voter -> {
          voters.add(peer.getId());
          if (joint) {
            outgoing.add(peer.getId());
          }
        }
        case IncomingVoter -> voters.add(peer.getId());
        case DemotingVoter -> {
          outgoing.add(peer.getId());
          learnersNext.add(peer.getId());
        }
        default -> learners.add(peer.getId());
      }
    }
    return new Membership(voters, outgoing, learners, learnersNext, joint);
  }
}
