package dev.kittiwake.raft;

import dev.kittiwake.raft.Status.Flow;

/** A leader's view of one member. Mutable, owned by {@link Leader}; {@code match < next}. */
final class Progress {
  final long peer;
  final Inflight inflight;
  Flow flow = Flow.PROBE;
  long match; // highest index known to be durable there
  long next; // next index to send
  long sentCommit; // newest commit index told
  long ackedRound; // newest round answered
  long pendingSnapshot; // index of the snapshot under way, or 0
  boolean probeSent; // PROBE: wait for the answer
  long probeRound; // the newest round when it was sent; an answer to a later one says that it was
  // lost
  boolean recentlyActive; // heard from since the last quorum check
  boolean snapshotWanted; // no snapshot was ready; ask again on a later tick

  Progress(long peer, long next, int maxInflight) {
    this.peer = peer;
    this.next = next;
    this.inflight = new Inflight(maxInflight);
  }

  void probe() {
    if (flow == Flow.SNAPSHOT) {
      next = Math.max(match, pendingSnapshot) + 1;
    } else {
      next = match + 1;
    }
    flow = Flow.PROBE;
    pendingSnapshot = 0;
    probeSent = false;
    inflight.clear();
  }

  void replicate() {
    flow = Flow.REPLICATE;
    next = match + 1;
    pendingSnapshot = 0;
    probeSent = false;
    inflight.clear();
  }

  void snapshot(long index) {
    flow = Flow.SNAPSHOT;
    pendingSnapshot = index;
    snapshotWanted = false;
    probeSent = false;
    inflight.clear();
  }

  /** Whether {@code index} is news. */
  boolean matched(long index) {
    boolean news = index > match;
    match = Math.max(match, index);
    next = Math.max(next, match + 1);
    return news;
  }

  boolean paused() {
    return switch (flow) {
      case PROBE -> probeSent;
      case REPLICATE -> inflight.full();
      case SNAPSHOT -> true;
    };
  }

  Status.Peer status() {
    return new Status.Peer(peer, match, next, flow, recentlyActive, pendingSnapshot);
  }
}
