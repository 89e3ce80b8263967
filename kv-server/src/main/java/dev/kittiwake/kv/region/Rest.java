package dev.kittiwake.kv.region;

import dev.kittiwake.kv.transport.Envelope;
import dev.kittiwake.raft.Heartbeat;
import dev.kittiwake.raft.HeartbeatReply;
import dev.kittiwake.raft.Message;
import dev.kittiwake.raft.Status;
import java.util.HashSet;
import java.util.Set;

/**
 * Whether a replica rests: a region that nobody uses needs no ticks and no heartbeats. A leader for
 * which nothing is to be done says so with its heartbeats; followers that have all it has rest from
 * that moment and say so; once all of them do, the leader rests too. Whatever happens to a resting
 * replica wakes it, but for a leader's repeated word that nothing is to be done.
 *
 * <p>Nothing that raft promises depends on it. A lease is a matter of the clock and runs out while
 * the leader rests. A follower counts no ticks while it rests, so it only keeps its promise not to
 * vote for longer. That a leader is gone shows by its store falling silent ({@link Vigil}), or by
 * its word not being repeated.
 *
 * <p>An instance serves one replica; confined to its loop.
 */
final class Rest {
  /** A log with more entries than these is cut before the region rests. */
  private static final int ENTRIES = 8;

  /** Turns at which a follower misses its leader's word before it looks for itself. */
  private static final int PATIENCE = 3;

  /** Ticks after which an idle region is looked at again in which something was to be done. */
  private static final int AGAIN = 10;

  private enum State {
    AWAKE,
    /** As a leader: says that nothing is to be done. */
    DROWSY,
    RESTING
  }

  private final RegionReplica replica;
  private final int afterTicks;
  private State state = State.AWAKE;
  private int idleTicks;
  private long seenIndex; // end of the log at the last tick
  private long seenRequests;
  private long saidInRound; // the first round of heartbeats that said that nothing is to be done
  private final Set<Long> resting = new HashSet<>(); // peers that rest since
  private int turns; // since the leader's word

  Rest(RegionReplica replica, int afterTicks) {
    this.replica = replica;
    this.afterTicks = afterTicks;
  }

  boolean isResting() {
    return state == State.RESTING;
  }

  /**
   * Something is to be done. Answers how many ticks have to be counted that a resting follower has
   * missed: those in which its leader's store was silent.
   */
  int wake() {
    idleTicks = 0;
    State before = state;
    state = State.AWAKE;
    return before == State.RESTING ? replica.store().onAwake(replica) : 0;
  }

  /** Takes what another store has sent. Heartbeats alone are no reason not to rest. */
  void receive(Envelope envelope) {
    if (envelope.message() instanceof Heartbeat heartbeat) {
      replica.runAsleep(
          () -> {
            replica.onEnvelope(envelope);
            onHeartbeat(heartbeat, envelope.resting());
          });
    } else if (envelope.message() instanceof HeartbeatReply reply) {
      replica.runAsleep(
          () -> {
            replica.onEnvelope(envelope);
            onHeartbeatReply(reply, envelope.resting());
          });
    } else {
      replica.run(() -> replica.onEnvelope(envelope));
    }
  }

  /** Has to be called on every tick of a replica that is awake. */
  void onTick() {
    if (afterTicks == 0 || !replica.isServing()) {
      return;
    }
    long index = replica.log().lastIndex();
    long requests = replica.load().requests();
    if (index != seenIndex || requests != seenRequests) {
      seenIndex = index;
      seenRequests = requests;
      wake();
    } else if (++idleTicks >= afterTicks) {
      onIdle(replica.driver().status());
    }
  }

  private void onIdle(Status status) {
    if (!mayLeaderRest(status)) {
      wake();
      idleTicks = Math.max(0, afterTicks - AGAIN);
    } else if (state == State.AWAKE) {
      state = State.DROWSY;
      saidInRound = 0;
      resting.clear();
      restIfAllDo(status);
    }
  }

  private boolean mayLeaderRest(Status status) {
    if (status.transferee() != 0 || status.membership().joint() || !isDone(status)) {
      return false;
    }
    for (Status.Peer peer : status.peers()) {
      if (peer.match() != status.lastIndex() || peer.pendingSnapshot() != 0) {
        return false;
      }
    }
    return status.lastIndex() - replica.log().start().index() <= ENTRIES
        && replica.size().measured()
        && replica.splitCheck().isIdle()
        && !replica.context().diskIsSluggish();
  }

  private boolean isDone(Status status) {
    return status.commit() == status.lastIndex()
        && replica.applied() == status.lastIndex()
        && replica.isIdle();
  }

  /** What goes out with {@code message}. */
  boolean says(Message message) {
    if (message instanceof Heartbeat heartbeat && state != State.AWAKE) {
      saidInRound = saidInRound == 0 ? heartbeat.round() : saidInRound;
      return true;
    }
    return message instanceof HeartbeatReply && state == State.RESTING;
  }

  /** A leader's heartbeat has been taken; {@code word}: it said that nothing is to be done. */
  private void onHeartbeat(Heartbeat heartbeat, boolean word) {
    Status status = replica.driver().status();
    boolean fits =
        word
            && afterTicks > 0
            && status.leader() == heartbeat.from()
            && status.term() == heartbeat.term()
            && heartbeat.commit() == status.lastIndex()
            && isDone(status);
    turns = 0;
    if (!fits) {
      wake();
    } else if (state != State.RESTING) {
      rest();
    }
  }

  /** A follower's answer has been taken; {@code rests}: it rests. */
  private void onHeartbeatReply(HeartbeatReply reply, boolean rests) {
    if (saidInRound == 0 || reply.round() < saidInRound || state == State.AWAKE) {
      return; // answers an earlier heartbeat
    }
    if (!rests) {
      resting.remove(reply.from());
      if (state == State.RESTING) {
        wake();
      }
    } else if (state == State.DROWSY) {
      resting.add(reply.from());
      restIfAllDo(replica.driver().status());
    }
  }

  private void restIfAllDo(Status status) {
    long others = status.peers().stream().filter(peer -> peer.id() != status.id()).count();
    if (resting.size() >= others && mayLeaderRest(status)) {
      rest();
    }
  }

  private void rest() {
    state = State.RESTING;
    turns = 0;
    replica.store().onResting(replica);
  }

  /**
   * Once in a while, as often as regions are reported: a leader reports and repeats its word, a
   * follower that has not heard it for long wakes.
   */
  void onTurn() {
    if (replica.face().leads()) {
      if (replica.size().measured()) {
        replica.report();
        replica.driver().announceLeadership();
      } else {
        replica.run(() -> {}); // much was deleted behind its back: it is measured anew
      }
    } else if (++turns > PATIENCE) {
      replica.run(() -> {});
    }
  }
}
