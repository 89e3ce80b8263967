package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.proto.kvrpcpb.Context;
import dev.kittiwake.proto.kvrpcpb.RawGetRequest;
import dev.kittiwake.proto.kvrpcpb.RawGetResponse;
import dev.kittiwake.proto.rpc.KvMethod;
import dev.kittiwake.simulation.network.SimKvRpc;
import dev.kittiwake.simulation.world.SimStore;
import org.junit.jupiter.api.Test;

/** A store opens its door before it has its replicas: it waits for the placement driver first. */
class SlowStartTest {
  @Test
  void aStoreThatIsStartingDoesNotDenyItsRegions() {
    try (Scenario cluster = Scenario.of(3)) {
      cluster.put("k", "1");
      SimStore late = cluster.store(2);
      RegionView view = cluster.viewOf(2, "k");
      cluster.kill(2);
      cluster
          .pd(1)
          .disk()
          .hangUntil(cluster.world().time().now() + 10_000_000_000L); // it can note no store
      cluster.restart(2);
      cluster.until("the door is open", () -> late.endpoint() != null);
      assertTrue(late.access().regions().isEmpty());

      RawGetResponse early = ask(cluster, late, view);
      assertTrue(early.getRegionError().hasNotLeader(), early::toString);
      assertFalse(early.getRegionError().getNotLeader().hasLeader(), early::toString);

      assertEquals("1", cluster.get("k")); // at the others
      cluster.until("its replica is back", () -> cluster.viewOf(2, "k") != null);
    }
  }

  private static RawGetResponse ask(Scenario cluster, SimStore store, RegionView view) {
    Context context =
        Context.newBuilder()
            .setRegionId(view.regionId())
            .setRegionEpoch(view.region().getRegionEpoch())
            .setPeer(view.peer())
            .build();
    return cluster.await(
        new SimKvRpc(
                cluster.world().calls(),
                cluster.client().machine(),
                address -> store,
                5_000_000_000L)
            .endpoint(store.address())
            .call(KvMethod.RAW_GET, RawGetRequest.newBuilder().setContext(context).build()));
  }
}
