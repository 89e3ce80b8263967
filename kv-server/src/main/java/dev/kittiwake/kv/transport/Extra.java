package dev.kittiwake.kv.transport;

import dev.kittiwake.kv.resolved.Promise;
import dev.kittiwake.proto.kvrpcpb.LockInfo;
import dev.kittiwake.proto.kvrpcpb.ReadIndexRequest;
import dev.kittiwake.proto.store.DataHash;
import dev.kittiwake.proto.store.LockedClaim;
import dev.kittiwake.proto.store.RaftEnvelope;
import dev.kittiwake.proto.store.SafeTimestamp;
import dev.kittiwake.proto.store.SafeTimestamps;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What one store tells another beside, or without, a message of raft. Immutable. */
public sealed interface Extra {
  /** Puts it into an envelope for the wire. */
  void addTo(RaftEnvelope.Builder envelope);

  /** What {@code envelope} carries, or null. */
  static Extra of(RaftEnvelope envelope) {
    if (envelope.getClaimsCount() > 0) {
      return new Claims(envelope.getClaimsList());
    }
    if (envelope.getLockedCount() > 0) {
      Map<Integer, LockInfo> locked = new TreeMap<>();
      envelope.getLockedList().forEach(one -> locked.put(one.getClaim(), one.getLock()));
      return new Locked(locked);
    }
    if (envelope.hasHash()) {
      DataHash hash = envelope.getHash();
      return new Hash(hash.getIndex(), hash.getSkipped() ? null : hash.getHash());
    }
    if (envelope.hasPromises()) {
      List<Promise> promises = new ArrayList<>();
      for (SafeTimestamp one : envelope.getPromises().getRegionsList()) {
        promises.add(new Promise(one.getRegionId(), one.getVersion(), one.getIndex(), one.getTs()));
      }
      return new Promises(promises);
    }
    if (envelope.hasSignOfLife()) {
      return new SignOfLife();
    }
    return envelope.getResting() ? new Rests() : null;
  }

  /** Of no region: the sending store lives. */
  record SignOfLife() implements Extra {
    @Override
    public void addTo(RaftEnvelope.Builder envelope) {
      envelope.setSignOfLife(dev.kittiwake.proto.store.SignOfLife.getDefaultInstance());
    }
  }

  /**
   * With a leader's heartbeat: nothing is to be done, the receiver may rest. With a follower's
   * answer: it rests.
   */
  record Rests() implements Extra {
    @Override
    public void addTo(RaftEnvelope.Builder envelope) {
      envelope.setResting(true);
    }
  }

  /** With a question for a read index: what is to be read, for readers of transactional data. */
  record Claims(List<ReadIndexRequest> claims) implements Extra {
    @Override
    public void addTo(RaftEnvelope.Builder envelope) {
      envelope.addAllClaims(claims);
    }
  }

  /** Of no single region: up to where the regions that the sender leads are complete. */
  record Promises(List<Promise> promises) implements Extra {
    @Override
    public void addTo(RaftEnvelope.Builder envelope) {
      SafeTimestamps.Builder all = SafeTimestamps.newBuilder();
      for (Promise promise : promises) {
        all.addRegions(
            SafeTimestamp.newBuilder()
                .setRegionId(promise.regionId())
                .setVersion(promise.version())
                .setIndex(promise.index())
                .setTs(promise.ts()));
      }
      envelope.setPromises(all);
    }
  }

  /**
   * To the leader: the hash of the sender's data as of an entry.
   *
   * @param value null: it could not be computed
   */
  record Hash(long index, Long value) implements Extra {
    @Override
    public void addTo(RaftEnvelope.Builder envelope) {
      DataHash.Builder hash = DataHash.newBuilder().setIndex(index).setSkipped(value == null);
      envelope.setHash(value == null ? hash : hash.setHash(value));
    }
  }

  /** With the refusal of such a question: the commits in flight that are in the way, by claim. */
  record Locked(Map<Integer, LockInfo> byClaim) implements Extra {
    @Override
    public void addTo(RaftEnvelope.Builder envelope) {
      byClaim.forEach(
          (claim, lock) ->
              envelope.addLocked(LockedClaim.newBuilder().setClaim(claim).setLock(lock)));
    }
  }
}
