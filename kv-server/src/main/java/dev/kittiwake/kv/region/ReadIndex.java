package dev.kittiwake.kv.region;

import dev.kittiwake.kv.transport.Envelope;
import dev.kittiwake.kv.transport.Extra;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.kvrpcpb.LockInfo;
import dev.kittiwake.raft.Message;
import dev.kittiwake.raft.ReadIndexReply;
import dev.kittiwake.raft.ReadIndexRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Reading without a lease: the leader confirms by a round of heartbeats that it still leads, which
 * gives an index; once that is applied here, the data is as new as the question. All reads of one
 * round of the loop share one question; a follower's question is passed to its leader.
 *
 * <p>Readers of transactional data send along what they are about to read ({@link ReadGuard}). The
 * leader takes note of it before raft fixes the index, so that no commit whose timestamp is
 * computed there later can belong below such a read; and it refuses the whole question if a commit
 * in flight is in the way of one of them, naming the lock. The others ask again.
 *
 * <p>An instance serves one replica; confined to its loop.
 */
final class ReadIndex {
  private final RegionReplica replica;
  private final int patienceTicks;
  private long lastRequest;
  private List<Waiting> gathered = new ArrayList<>();
  private final Map<Long, Question> asked = new LinkedHashMap<>();
  private final TreeMap<Long, List<Question>> untilApplied = new TreeMap<>();

  /**
   * @param claim what is to be read of transactional data, or null
   */
  private record Waiting(
      RegionView view,
      dev.kittiwake.proto.kvrpcpb.ReadIndexRequest claim,
      CompletableFuture<ReadResult> answer) {
    void refuse(Error error) {
      answer.complete(new ReadResult.Refused(error));
    }
  }

  /**
   * @param again whether the leader has refused it for the sake of some readers only
   */
  private record Question(List<Waiting> readers, long deadlineTick, boolean again) {}

  ReadIndex(RegionReplica replica, int patienceTicks) {
    this.replica = replica;
    this.patienceTicks = patienceTicks;
  }

  /**
   * @param claim what a reader of transactional data is about to read, else null
   */
  void add(
      RegionView view,
      dev.kittiwake.proto.kvrpcpb.ReadIndexRequest claim,
      CompletableFuture<ReadResult> answer) {
    RegionFace face = replica.face();
    Waiting reader = new Waiting(view, claim, answer);
    if (replica.isDestroyed()) {
      reader.refuse(RegionErrors.regionNotFound(view.regionId()));
    } else if (!view.replicaRead() && !face.leads()) {
      reader.refuse(RegionErrors.notLeader(view.regionId(), face.leader()));
    } else if (!face.leads() && face.leader() == null) {
      reader.refuse(RegionErrors.notLeader(view.regionId(), null));
    } else {
      gathered.add(reader);
    }
  }

  /** Nobody waits. */
  boolean isIdle() {
    return gathered.isEmpty() && asked.isEmpty() && untilApplied.isEmpty();
  }

  /** Asks for all reads of the round at once. */
  void ask() {
    if (gathered.isEmpty()) {
      return;
    }
    long request = ++lastRequest;
    asked.put(request, new Question(gathered, replica.ticks() + patienceTicks, false));
    gathered = new ArrayList<>();
    replica.driver().readIndex(request);
  }

  /** What is to go with a message of raft, or null. */
  Extra attachment(Message message) {
    if (!(message instanceof ReadIndexRequest request)) {
      return null;
    }
    Question question = asked.get(request.requestId());
    if (question == null) {
      return null; // nobody waits for the answer any more
    }
    List<dev.kittiwake.proto.kvrpcpb.ReadIndexRequest> claims = new ArrayList<>();
    claimers(question).forEach(reader -> claims.add(reader.claim()));
    return claims.isEmpty() ? null : new Extra.Claims(claims);
  }

  private static List<Waiting> claimers(Question question) {
    return question.readers().stream().filter(reader -> reader.claim() != null).toList();
  }

  /** Looks at what came with a message. False: raft must not see it. */
  boolean admits(Envelope envelope) {
    if (envelope.extra() instanceof Extra.Claims claims
        && envelope.message() instanceof ReadIndexRequest request) {
      // Whether this replica leads is for raft to say, which comes after: noting more does no harm.
      Map<Integer, LockInfo> locked = blocked(claims);
      if (!locked.isEmpty()) {
        refuse(envelope, request, locked);
        return false;
      }
    } else if (envelope.extra() instanceof Extra.Locked locked
        && envelope.message() instanceof ReadIndexReply reply) {
      onLocked(reply.requestId(), locked.byClaim());
    }
    return true;
  }

  private Map<Integer, LockInfo> blocked(Extra.Claims claims) {
    Map<Integer, LockInfo> locked = new TreeMap<>();
    ReadGuard guard = replica.context().readGuard();
    for (int i = 0; i < claims.claims().size(); i++) {
      LockInfo lock = guard.beforeRead(claims.claims().get(i));
      if (lock != null) {
        locked.put(i, lock);
      }
    }
    return locked;
  }

  private void refuse(Envelope question, ReadIndexRequest request, Map<Integer, LockInfo> locked) {
    RegionFace face = replica.face();
    ReadIndexReply refusal =
        new ReadIndexReply(
            request.to(),
            request.from(),
            request.term(),
            request.requestId(),
            ReadIndexReply.REFUSED);
    replica
        .context()
        .transport()
        .send(
            new Envelope(
                    face.region().getId(),
                    face.peer(),
                    question.from(),
                    face.region().getRegionEpoch(),
                    refusal)
                .with(new Extra.Locked(locked)));
  }

  /** Some readers met a lock at the leader; raft is about to say that the question has failed. */
  private void onLocked(long request, Map<Integer, LockInfo> locked) {
    Question question = asked.get(request);
    if (question == null) {
      return;
    }
    List<Waiting> claimers = claimers(question);
    List<Waiting> others = new ArrayList<>(question.readers());
    locked.forEach(
        (position, lock) -> {
          if (position < claimers.size()) {
            claimers.get(position).answer().complete(new ReadResult.Locked(lock));
            others.remove(claimers.get(position));
          }
        });
    asked.put(request, new Question(others, question.deadlineTick(), true));
  }

  void onReady(long request, long index) {
    Question question = asked.remove(request);
    if (question == null) {
      return; // answered as too late before
    }
    if (replica.applied() >= index) {
      question.readers().forEach(this::serve);
    } else {
      untilApplied.computeIfAbsent(index, i -> new ArrayList<>()).add(question);
    }
  }

  void onFailed(long request) {
    Question question = asked.remove(request);
    if (question == null) {
      return;
    }
    if (question.again()) {
      question.readers().forEach(reader -> add(reader.view(), reader.claim(), reader.answer()));
      replica.markDirty();
    } else {
      refuse(question.readers());
    }
  }

  void onApplied(long applied) {
    while (!untilApplied.isEmpty() && untilApplied.firstKey() <= applied) {
      untilApplied
          .pollFirstEntry()
          .getValue()
          .forEach(question -> question.readers().forEach(this::serve));
    }
  }

  private void serve(Waiting reader) {
    RegionFace face = replica.face();
    boolean stillLeads = face.leads() && face.term() == reader.view().term();
    if (!reader.view().replicaRead() && !stillLeads) {
      // The data may be new enough, but only a leader's promises about later writes hold.
      reader.refuse(RegionErrors.notLeader(face.region().getId(), face.leader()));
      return;
    }
    if (face.version() != reader.view().version()) {
      reader.refuse(
          RegionErrors.epochNotMatch(
              "the region was split or merged while the read waited",
              replica.context().currentRegions(face)));
      return;
    }
    if (replica.context().quarantine().holds(face.region().getId())) {
      reader.refuse(RegionErrors.damaged(face.region().getId()));
      return;
    }
    if (face.merging()) {
      // Another region's leader may be writing the keys already.
      reader.refuse(
          RegionErrors.readIndexNotReady(
              face.region().getId(), "it is being merged with its neighbour"));
      return;
    }
    RegionSnapshot snapshot =
        reader.view().replicaRead()
            ? WholeReplica.take(
                replica.context().engine(), face.view().forReplicaRead(), replica.applied())
            : new RegionSnapshot(replica.context().engine().snapshot(), face.view());
    if (snapshot == null) {
      reader.refuse(
          RegionErrors.readIndexNotReady(face.region().getId(), "its data is being replaced"));
    } else if (!reader.answer().complete(new ReadResult.Readable(snapshot))) {
      snapshot.close();
    }
  }

  /** Gives up on questions without an answer: whoever asked has better chances elsewhere. */
  void onTick(long tick) {
    List<Long> late = new ArrayList<>();
    asked.forEach(
        (request, question) -> {
          if (question.deadlineTick() <= tick) {
            late.add(request);
          }
        });
    for (long request : late) {
      refuse(asked.remove(request).readers());
    }
    untilApplied
        .values()
        .forEach(
            questions ->
                questions.removeIf(
                    question -> {
                      boolean over = question.deadlineTick() <= tick;
                      if (over) {
                        refuse(question.readers());
                      }
                      return over;
                    }));
    untilApplied.values().removeIf(List::isEmpty);
  }

  private void refuse(List<Waiting> readers) {
    RegionFace face = replica.face();
    Error error =
        face.leads()
            ? RegionErrors.readIndexNotReady(face.region().getId(), "no quorum has answered")
            : RegionErrors.notLeader(face.region().getId(), face.leader());
    readers.forEach(reader -> reader.refuse(error));
  }

  /** The replica is gone. */
  void failAll(Error error) {
    gathered.forEach(reader -> reader.refuse(error));
    gathered.clear();
    asked.values().forEach(question -> question.readers().forEach(r -> r.refuse(error)));
    asked.clear();
    untilApplied
        .values()
        .forEach(
            questions ->
                questions.forEach(question -> question.readers().forEach(r -> r.refuse(error))));
    untilApplied.clear();
  }
}
