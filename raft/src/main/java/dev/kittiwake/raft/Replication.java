package dev.kittiwake.raft;

import dev.kittiwake.raft.Status.Flow;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * The leader's view of all members, and what it sends them to bring their logs up to its own. Raft
 * §5.3.
 */
final class Replication {
  private final RaftNode node;
  private Progress[] members; // a handful: a scan is quicker than a map

  Replication(RaftNode node) {
    this.node = node;
    this.members = new Progress[0];
    membershipChanged();
  }

  /** Keeps what is known of those who stay. */
  void membershipChanged() {
    long next = node.log().lastIndex() + 1;
    members =
        node.membership().peers().stream()
            .map(
                peer -> {
                  Progress known = find(peer);
                  return known != null
                      ? known
                      : new Progress(peer, next, node.config().maxInflight());
                })
            .toArray(Progress[]::new);
    for (Progress progress : members) {
      if (progress.peer == node.id()) {
        progress.matched(node.log().durable());
        progress.recentlyActive = true;
      } else if (progress.match == 0 && progress.next == next) {
        progress.recentlyActive = true; // a newcomer gets a whole period to show up
      }
    }
  }

  Progress find(long peer) {
    for (Progress progress : members) {
      if (progress.peer == peer) {
        return progress;
      }
    }
    return null;
  }

  void forEach(Consumer<Progress> visitor) {
    Arrays.asList(members).forEach(visitor);
  }

  // --- what a quorum has reached

  long quorumMatch() {
    return reached(progress -> progress.match);
  }

  long quorumRound(long ownRound) {
    return reached(progress -> progress.peer == node.id() ? ownRound : progress.ackedRound);
  }

  /** Whether a quorum was heard from since the last call. */
  boolean quorumActive() {
    boolean active =
        reached(progress -> progress.peer == node.id() || progress.recentlyActive ? 1 : 0) == 1;
    for (Progress progress : members) {
      progress.recentlyActive = progress.peer == node.id();
    }
    return active;
  }

  private long reached(ToLongFunction<Progress> value) {
    return node.quorum()
        .reached(
            peer -> {
              Progress progress = find(peer);
              return progress == null ? 0 : value.applyAsLong(progress);
            });
  }

  // --- sending

  void sendToAll(long round) {
    for (Progress progress : members) {
      if (progress.peer != node.id()) {
        send(progress, round, false);
      }
    }
  }

  void heartbeatToAll(long round) {
    for (Progress progress : members) {
      if (progress.peer != node.id()) {
        long commit = Math.min(progress.match, node.log().commit());
        progress.sentCommit = Math.max(progress.sentCommit, commit);
        node.send(new Heartbeat(node.id(), progress.peer, node.term(), commit, round));
      }
    }
  }

  /**
   * Sends what the member lacks, as far as it may. With {@code evenIfEmpty} at least a question
   * where its log ends.
   */
  void send(Progress progress, long round, boolean evenIfEmpty) {
    boolean sent = false;
    while (!progress.paused()) {
      if (progress.next > node.log().lastIndex()
          && (sent || !evenIfEmpty && progress.flow != Flow.PROBE)) {
        return;
      }
      if (!sendOne(progress, round)) {
        return;
      }
      sent = true;
    }
  }

  private boolean sendOne(Progress progress, long round) {
    RaftLog log = node.log();
    long previous = progress.next - 1;
    OptionalLong term = log.term(previous);
    if (term.isEmpty()) {
      return sendSnapshot(progress);
    }
    List<Entry> entries =
        progress.next > log.lastIndex()
            ? List.of()
            : log.entries(progress.next, log.lastIndex() + 1, node.config().maxAppendBytes());
    sendAppend(progress, new LogPosition(previous, term.getAsLong()), entries, round);
    if (progress.flow == Flow.PROBE) {
      progress.probeSent = true;
      progress.probeRound = round;
    } else if (!entries.isEmpty()) {
      progress.next += entries.size();
      progress.inflight.add(progress.next - 1);
    }
    return !entries.isEmpty();
  }

  private void sendAppend(
      Progress progress, LogPosition previous, List<Entry> entries, long round) {
    long commit = node.log().commit();
    progress.sentCommit =
        Math.max(progress.sentCommit, Math.min(commit, previous.index() + entries.size()));
    node.send(new Append(node.id(), progress.peer, node.term(), previous, entries, commit, round));
  }

  private boolean sendSnapshot(Progress progress) {
    if (!progress.recentlyActive) {
      return false; // nobody there to take it
    }
    Optional<SnapshotDescriptor> snapshot = node.newestSnapshot();
    if (snapshot.isEmpty() || node.log().term(snapshot.get().position().index()).isEmpty()) {
      progress.snapshotWanted = true;
      return false;
    }
    progress.snapshot(snapshot.get().position().index());
    node.send(new InstallSnapshot(node.id(), progress.peer, node.term(), snapshot.get()));
    return false;
  }

  void retrySnapshots(long round) {
    for (Progress progress : members) {
      if (progress.snapshotWanted) {
        progress.snapshotWanted = false;
        send(progress, round, true);
      }
    }
  }

  /** Tells the commit index to those who have the entries but not the news. */
  void announceCommit(long round) {
    for (Progress progress : members) {
      announceCommit(progress, round);
    }
  }

  void announceCommit(long peer, long round) {
    Progress progress = find(peer);
    if (progress != null) {
      announceCommit(progress, round);
    }
  }

  private void announceCommit(Progress progress, long round) {
    long commit = node.log().commit();
    if (progress.peer == node.id()
        || progress.flow != Flow.REPLICATE
        || progress.sentCommit >= commit) {
      return;
    }
    OptionalLong term = node.log().term(progress.next - 1);
    if (term.isPresent()) {
      sendAppend(progress, new LogPosition(progress.next - 1, term.getAsLong()), List.of(), round);
    }
  }

  // --- answers

  /** The member's log agrees up to {@code match}. Returns whether that is news, or ends a probe. */
  boolean matched(Progress progress, long match) {
    boolean news = progress.matched(match);
    switch (progress.flow) {
      case PROBE -> {
        if (match == progress.match) {
          progress.replicate();
          return true;
        }
      }
      case REPLICATE -> progress.inflight.freeTo(match);
      case SNAPSHOT -> {
        if (node.log().term(progress.match).isPresent()) {
          progress.replicate(); // by the snapshot, or because it got what it lacked in another way
        }
      }
    }
    return news;
  }

  /**
   * The logs differ at {@code index}. Returns whether this moves us back; false = a late answer.
   */
  boolean rejected(Progress progress, long index, LogPosition hint) {
    if (progress.flow == Flow.SNAPSHOT || index <= progress.match) {
      return false;
    }
    if (progress.flow == Flow.REPLICATE) {
      progress.probe();
    } else if (progress.next - 1 != index) {
      return false;
    }
    long agree = hint.term() == 0 ? hint.index() : node.log().lastNotAbove(hint).index();
    progress.next = Math.max(progress.match + 1, Math.min(index, agree + 1));
    progress.probeSent = false;
    return true;
  }

  void snapshotSent(long peer, boolean ok) {
    Progress progress = find(peer);
    if (progress == null || progress.flow != Flow.SNAPSHOT) {
      return;
    }
    if (!ok) {
      progress.pendingSnapshot = 0;
    }
    progress.probe();
    progress.probeSent =
        true; // the next heartbeat's answer goes on: give it time to install, or to recover
  }
}
