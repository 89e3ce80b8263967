package dev.kittiwake.kv.region;

import dev.kittiwake.kv.region.EntryPayload.VersionedWrite;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.raft.Proposal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Writing: the writes that reach a replica in one round of its loop become one entry (or a few, if
 * they are large), and each is checked again when it is applied, for a split may lie between.
 *
 * <p>An instance gathers the writes of one replica; confined to its loop.
 */
final class Write {
  private final RegionReplica replica;
  private final long maxEntryBytes;
  private final int maxBatchBytes;
  private List<VersionedWrite> writes = new ArrayList<>();
  private List<CompletableFuture<Error>> answers = new ArrayList<>();
  private int bytes;

  Write(RegionReplica replica, long maxEntryBytes, int maxBatchBytes) {
    this.replica = replica;
    this.maxEntryBytes = maxEntryBytes;
    this.maxBatchBytes = maxBatchBytes;
  }

  /** Takes a write for the next entry. */
  void add(RegionView view, RegionWrite write, CompletableFuture<Error> answer) {
    Error refusal = Refusals.of(replica, view);
    if (refusal == null && write.sizeBytes() > maxEntryBytes) {
      refusal = RegionErrors.entryTooLarge(view.regionId(), write.sizeBytes(), maxEntryBytes);
    }
    if (refusal != null) {
      answer.complete(refusal);
      return;
    }
    VersionedWrite versioned = new VersionedWrite(view.version(), write);
    if (bytes > 0 && bytes + versioned.encodedBytes() > maxBatchBytes) {
      propose();
    }
    writes.add(versioned);
    answers.add(answer);
    bytes += versioned.encodedBytes();
  }

  /** Proposes what was added. At the end of a round. */
  void propose() {
    if (writes.isEmpty()) {
      return;
    }
    List<CompletableFuture<Error>> waiting = answers;
    byte[] payload = EntryPayload.encode(writes);
    writes = new ArrayList<>();
    answers = new ArrayList<>();
    bytes = 0;
    Proposal proposal = replica.driver().propose(payload);
    if (proposal instanceof Proposal.Accepted accepted) {
      replica.await(new Pending.Writes(accepted.index(), accepted.term(), waiting));
    } else {
      Error error = Refusals.of(replica, (Proposal.Refused) proposal);
      waiting.forEach(answer -> answer.complete(error));
    }
  }

  /** The replica is gone before it could propose them. */
  void failAll(Error error) {
    answers.forEach(answer -> answer.complete(error));
    writes = new ArrayList<>();
    answers = new ArrayList<>();
    bytes = 0;
  }

  /** Applies the entry; {@code pending} is null where nobody waits. */
  static void apply(
      ApplyRound round, RegionApplier applier, byte[] payload, Pending.Writes pending) {
    long version = applier.region().getRegionEpoch().getVersion();
    List<Error> outcomes = pending == null ? null : new ArrayList<>(pending.answers().size());
    ByteBuffer buffer = ByteBuffer.wrap(payload, 1, payload.length - 1);
    while (buffer.hasRemaining()) {
      long admittedVersion = buffer.getLong();
      int count = buffer.getInt();
      int length = buffer.getInt();
      int from = buffer.position();
      buffer.position(from + length);
      Error error = null;
      if (admittedVersion == version) {
        round.batch().append(payload, from, from + length, count);
        applier.countWritten(payload, from, from + length, count);
      } else {
        error =
            RegionErrors.epochNotMatch(
                "the region was split before the write was applied", List.of(applier.region()));
      }
      if (outcomes != null) {
        outcomes.add(error);
      }
    }
    if (pending != null) {
      round.afterwards(
          () -> {
            for (int i = 0; i < outcomes.size(); i++) {
              pending.answers().get(i).complete(outcomes.get(i));
            }
          });
    }
  }
}
