package dev.kittiwake.kv.region;

import dev.kittiwake.proto.errorpb.Error;
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
 * <p>An instance serves one replica; confined to its loop.
 */
final class ReadIndex {
  private final RegionReplica replica;
  private final int patienceTicks;
  private long lastRequest;
  private List<Waiting> gathered = new ArrayList<>();
  private final Map<Long, Question> asked = new LinkedHashMap<>();
  private final TreeMap<Long, List<Waiting>> untilApplied = new TreeMap<>();

  private record Waiting(RegionView view, CompletableFuture<ReadResult> answer) {
    void refuse(Error error) {
      answer.complete(new ReadResult.Refused(error));
    }
  }

  private record Question(List<Waiting> readers, long deadlineTick) {}

  ReadIndex(RegionReplica replica, int patienceTicks) {
    this.replica = replica;
    this.patienceTicks = patienceTicks;
  }

  void add(RegionView view, CompletableFuture<ReadResult> answer) {
    RegionFace face = replica.face();
    Waiting reader = new Waiting(view, answer);
    if (!view.replicaRead() && !face.leads()) {
      reader.refuse(RegionErrors.notLeader(view.regionId(), face.leader()));
    } else if (!face.leads() && face.leader() == null) {
      reader.refuse(RegionErrors.notLeader(view.regionId(), null));
    } else {
      gathered.add(reader);
    }
  }

  /** Asks for all reads of the round at once. */
  void ask() {
    if (gathered.isEmpty()) {
      return;
    }
    long request = ++lastRequest;
    asked.put(request, new Question(gathered, replica.ticks() + patienceTicks));
    gathered = new ArrayList<>();
    replica.driver().readIndex(request);
  }

  void onReady(long request, long index) {
    Question question = asked.remove(request);
    if (question == null) {
      return; // answered as too late before
    }
    if (replica.applied() >= index) {
      question.readers().forEach(this::serve);
    } else {
      untilApplied.computeIfAbsent(index, i -> new ArrayList<>()).addAll(question.readers());
    }
  }

  void onFailed(long request) {
    Question question = asked.remove(request);
    if (question != null) {
      refuse(question.readers());
    }
  }

  void onApplied(long applied) {
    while (!untilApplied.isEmpty() && untilApplied.firstKey() <= applied) {
      untilApplied.pollFirstEntry().getValue().forEach(this::serve);
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
    if (face.merging()) {
      // Another region's leader may be writing the keys already.
      reader.refuse(
          RegionErrors.readIndexNotReady(
              face.region().getId(), "it is being merged with its neighbour"));
      return;
    }
    RegionView view = reader.view().replicaRead() ? face.view().forReplicaRead() : face.view();
    RegionSnapshot snapshot = new RegionSnapshot(replica.context().engine().snapshot(), view);
    if (!reader.answer().complete(new ReadResult.Readable(snapshot))) {
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
    untilApplied.values().forEach(readers -> readers.forEach(r -> r.refuse(error)));
    untilApplied.clear();
  }
}
