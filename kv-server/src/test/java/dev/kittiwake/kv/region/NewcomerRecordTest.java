package dev.kittiwake.kv.region;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kittiwake.kv.engine.EngineSnapshot;
import dev.kittiwake.kv.engine.MemoryEngine;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.store.RegionState;
import dev.kittiwake.raft.Membership;
import org.junit.jupiter.api.Test;

/** What is written down about a replica that a message made. */
class NewcomerRecordTest {
  private static final long REGION = 7;
  private static final Peer PEER = Peer.newBuilder().setId(20).setStoreId(1).build();
  private static final RegionState NEWCOMER =
      RegionRecords.normal(Region.newBuilder().setId(REGION).build(), PEER, Membership.NONE);

  private final MemoryEngine engine = new MemoryEngine();
  private final ApplyRound round = new ApplyRound(engine);

  private RegionState known() {
    round.write();
    try (EngineSnapshot snapshot = engine.snapshot()) {
      return RegionRecords.state(snapshot, REGION);
    }
  }

  @Test
  void aReplicaThatASplitMadeKeepsItsRegionAndMembers() {
    Region child = Region.newBuilder().setId(REGION).addPeers(PEER).build();
    Membership members = RegionRecords.membership(child);
    RegionRecords.put(round.batch(), RegionRecords.normal(child, PEER, members));

    RegionRecords.putNewcomer(round, NEWCOMER); // the message was quicker than the aftermath

    assertEquals(child, known().getRegion());
    assertEquals(members, RegionRecords.membership(known()));
  }

  @Test
  void aNewPeerReplacesWhatIsLeftOfAnOlderOne() {
    Peer older = PEER.toBuilder().setId(3).build();
    Region region = Region.newBuilder().setId(REGION).addPeers(older).build();
    RegionRecords.put(
        round.batch(), RegionRecords.normal(region, older, RegionRecords.membership(region)));

    RegionRecords.putNewcomer(round, NEWCOMER);

    assertEquals(PEER, known().getPeer());
    assertEquals(Membership.NONE, RegionRecords.membership(known()));
  }

  @Test
  void aPeerThatNobodyKnewIsWrittenDown() {
    RegionRecords.putNewcomer(round, NEWCOMER);

    assertEquals(PEER, known().getPeer());
    assertEquals(0, known().getRegion().getPeersCount());
  }
}
