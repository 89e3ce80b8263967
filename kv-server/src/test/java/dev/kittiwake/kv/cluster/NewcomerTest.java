package dev.kittiwake.kv.cluster;

import dev.kittiwake.kv.cluster.SimCluster.SimStore;
import dev.kittiwake.kv.transport.Envelope;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.raft.InstallSnapshot;
import org.junit.jupiter.api.Test;

/**
 * A replica that has been told of, waits for its first snapshot, hears no leader any more and asks
 * the placement driver, which does not know yet that it is a member.
 */
class NewcomerTest {
  private final SimCluster cluster = SimCluster.replicated(31, 3);
  private SimStore fourth;
  private boolean told; // the newcomer has heard of its region

  @Test
  void anOlderAnswerDoesNotEndWhoWaitsForItsFirstSnapshot() {
    cluster.pd.lagsBehind(aNewcomerIsTold());
    askTheDriverWhoLags();
    cluster.lost = envelope -> false;
    cluster.until("it gets its snapshot", () -> "v".equals(SimCluster.local(fourth, "k")));
  }

  @Test
  void neitherAfterARestart() {
    cluster.pd.lagsBehind(aNewcomerIsTold());
    fourth.kill(false);
    cluster.restart(fourth);
    askTheDriverWhoLags();
    cluster.lost = envelope -> false;
    cluster.until("it gets its snapshot", () -> "v".equals(SimCluster.local(fourth, "k")));
  }

  @Test
  void aNewcomerThatWasRemovedMeanwhileEnds() {
    Long[] three = cluster.stores.keySet().toArray(new Long[0]);
    Region region = aNewcomerIsTold();
    cluster.until("it is there", () -> fourth.wal.groups().contains(region.getId()));
    cluster.pd.want(three);
    cluster.until("the others are three again", cluster.pd::settled);
    cluster.until("it is gone", () -> !fourth.wal.groups().contains(region.getId()));
  }

  /** Answers how the region was without it. */
  private Region aNewcomerIsTold() {
    cluster.put("k", "v");
    Region before = cluster.pd.regionList().get(0);
    fourth = cluster.add();
    cluster.lost = this::isLost;
    cluster.pd.want(cluster.stores.keySet().toArray(new Long[0]));
    cluster.until("the newcomer is told", () -> told);
    return before;
  }

  /** One message arrives, but no snapshot, and nothing after it. */
  private boolean isLost(Envelope envelope) {
    if (envelope.to().getStoreId() != fourth.node.storeId() || envelope.regionId() == 0) {
      return false;
    }
    if (told || envelope.message() instanceof InstallSnapshot) {
      return true;
    }
    told = true;
    return false;
  }

  private void askTheDriverWhoLags() {
    int before = cluster.pd.lookups();
    cluster.until("it asked twice whether it is a member", () -> cluster.pd.lookups() > before + 1);
  }
}
