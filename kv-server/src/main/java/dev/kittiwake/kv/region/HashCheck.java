package dev.kittiwake.kv.region;

import dev.kittiwake.kv.transport.Extra;
import dev.kittiwake.proto.metapb.Peer;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the replicas of a region hold the same: the leader has all of them compute a hash at one
 * entry, waits for the answers, and condemns who differs from the most. A difference must be found
 * twice: data that is deleted past raft goes from one store after the other.
 *
 * <p>An instance serves one replica; confined to its loop.
 */
final class HashCheck {
  private static final Logger LOG = LoggerFactory.getLogger(HashCheck.class);

  /** Ticks until those that have not answered count as absent. */
  private static final int PATIENCE = 600;

  /** Ticks between the two looks. */
  private static final int AGAIN = 50;

  private final RegionReplica replica;
  private Set<Long> damaged; // as applied
  private CompletableFuture<HashVerdict> answer; // of the check under way, or null
  private Set<Long> suspects = Set.of(); // the first look has found
  private final Map<Long, Long> hashes = new LinkedHashMap<>();
  private final Set<Long> mute = new LinkedHashSet<>(); // peers that could not tell
  private long index; // of the entry; 0 = none is waited for
  private long deadline; // tick of the end of waiting, or of the second look

  HashCheck(RegionReplica replica, Set<Long> damaged) {
    this.replica = replica;
    this.damaged = Set.copyOf(damaged);
    if (this.damaged.contains(replica.face().peer().getId())) {
      replica.context().quarantine().add(replica.regionId());
    }
  }

  /** Peers known to be damaged. */
  Set<Long> damaged() {
    return damaged;
  }

  /** Begins a check, or joins the one under way. */
  CompletableFuture<HashVerdict> start() {
    if (answer == null) {
      answer = new CompletableFuture<>();
      suspects = Set.of();
      look();
    }
    return answer == null
        ? CompletableFuture.completedFuture(HashVerdict.notDone(replica.regionId()))
        : answer;
  }

  /** None is under way, and nobody is to be replaced. */
  boolean isIdle() {
    return answer == null && damaged.isEmpty();
  }

  private void look() {
    hashes.clear();
    mute.clear();
    index = replica.isServing() ? ComputeHash.propose(replica) : 0;
    deadline = replica.ticks() + PATIENCE;
    if (index == 0) {
      end(HashVerdict.notDone(replica.regionId()));
    }
  }

  void onHash(long peer, Extra.Hash found) {
    if (answer == null || index == 0 || found.index() != index) {
      return;
    }
    if (found.value() == null) {
      mute.add(peer);
    } else {
      hashes.put(peer, found.value());
    }
    Set<Long> members = members();
    if (members.stream().allMatch(id -> hashes.containsKey(id) || mute.contains(id))) {
      conclude(members);
    }
  }

  private Set<Long> members() {
    Set<Long> members = new LinkedHashSet<>();
    for (Peer peer : replica.face().region().getPeersList()) {
      if (!peer.getIsWitness()) {
        members.add(peer.getId());
      }
    }
    return members;
  }

  private void conclude(Set<Long> members) {
    HashVerdict verdict = HashVerdict.of(replica.regionId(), index, hashes, members);
    index = 0;
    if (verdict.conclusion() == HashVerdict.Conclusion.DIVERGED && suspects.isEmpty()) {
      suspects = verdict.damaged();
      deadline = replica.ticks() + AGAIN;
      return;
    }
    Set<Long> confirmed = new LinkedHashSet<>(verdict.damaged());
    confirmed.retainAll(suspects);
    if (!confirmed.isEmpty()) {
      Condemn.propose(replica, confirmed);
    }
    end(verdict);
  }

  private void end(HashVerdict verdict) {
    CompletableFuture<HashVerdict> waiting = answer;
    answer = null;
    index = 0;
    suspects = Set.of();
    if (verdict.conclusion() == HashVerdict.Conclusion.UNDECIDED) {
      LOG.error(
          "store={} event=replicas_differ undecided: {}", replica.context().storeId(), verdict);
    }
    if (waiting != null) {
      waiting.complete(verdict);
    }
  }

  void onTick() {
    boolean leads = replica.face().leads();
    if (answer != null && !leads) {
      end(HashVerdict.notDone(replica.regionId()));
    } else if (answer != null && replica.ticks() >= deadline) {
      if (index == 0) {
        look();
      } else {
        conclude(members());
      }
    }
    if (leads && !damaged.isEmpty() && damaged.contains(replica.face().peer().getId())) {
      handOver();
    }
  }

  /** A damaged replica must not lead; the others do until it is replaced. */
  private void handOver() {
    if (replica.driver().status().transferee() == 0) {
      TransferLeader.startToBest(replica, damaged);
    }
  }

  void onCondemned(Set<Long> peers) {
    damaged = peers;
    replica.report();
  }

  /** A snapshot has taken the place of the data. */
  void onReplaced() {
    damaged = Set.of();
    replica.context().quarantine().release(replica.regionId());
  }

  void close() {
    if (answer != null) {
      end(HashVerdict.notDone(replica.regionId()));
    }
  }
}
