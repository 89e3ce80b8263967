package dev.kittiwake.kv.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.engine.MemoryEngine;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.RegionEpoch;
import dev.kittiwake.raft.Entry;
import dev.kittiwake.raft.LogPosition;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A replica ends while entries are on their way to be applied: whoever waits for them is told. */
class EndedReplicaTest {
  private static final Region REGION =
      Region.newBuilder()
          .setId(7)
          .setRegionEpoch(RegionEpoch.newBuilder().setVersion(3).setConfVer(1))
          .addPeers(Peer.newBuilder().setId(8).setStoreId(1))
          .build();

  private final MemoryEngine engine = new MemoryEngine();
  private final ApplyRound round = new ApplyRound(engine);
  private final RegionApplier applier =
      new RegionApplier(
          RegionRecords.normal(REGION, REGION.getPeers(0), RegionRecords.membership(REGION)),
          new LogPosition(5, 1),
          new RegionSize(),
          Runnable::run);

  private static Entry write(long index) {
    RegionWrite write = new RegionWrite().put(Family.DEFAULT, Key.of("k"), new byte[] {1});
    return new Entry(
        index,
        1,
        Entry.Kind.COMMAND,
        EntryPayload.encode(List.of(new EntryPayload.VersionedWrite(3, write))));
  }

  private static Queue<Pending> waiting(long index, CompletableFuture<Error> answer) {
    return new ArrayDeque<>(List.of(new Pending.Writes(index, 1, List.of(answer))));
  }

  @Test
  void aWriteThatIsAppliedTooLateIsToldWhatBecameOfItsRegion() {
    CompletableFuture<Error> late = new CompletableFuture<>();
    applier.markRemoved(RegionErrors.epochNotMatch("merged into region 9", List.of(REGION)));
    applier.apply(round, null, List.of(write(6)), waiting(6, late));
    round.write();
    assertTrue(late.isDone(), "nobody answers");
    assertEquals("merged into region 9", late.join().getMessage());
    assertTrue(late.join().hasEpochNotMatch());
    assertEquals(5, applier.applied().index());
  }

  @Test
  void aWriteToAReplicaThatWasRemovedMayHaveHappenedElsewhere() {
    CompletableFuture<Error> late = new CompletableFuture<>();
    applier.markRemoved();
    applier.apply(round, null, List.of(write(6)), waiting(6, late));
    assertTrue(late.isDone(), "nobody answers");
    assertTrue(late.join().hasUndeterminedResult(), late.join().toString());
  }
}
