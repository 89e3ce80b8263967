package dev.kittiwake.pd.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.kittiwake.pd.Bootstrapped;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.proto.pdpb.AdvanceTxnSafePointRequest;
import dev.kittiwake.proto.pdpb.ErrorType;
import dev.kittiwake.proto.pdpb.GCState;
import dev.kittiwake.proto.pdpb.GetGCStateRequest;
import dev.kittiwake.proto.pdpb.ResponseHeader;
import dev.kittiwake.proto.pdpb.SetGCBarrierRequest;
import dev.kittiwake.proto.pdpb.UpdateGCSafePointRequest;
import dev.kittiwake.proto.pdpb.UpdateServiceGCSafePointRequest;
import dev.kittiwake.proto.pdpb.UpdateServiceGCSafePointResponse;
import dev.kittiwake.proto.rpc.PdMethod;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No safe point is ahead of the timestamps: below it nobody may read or write. */
final class SafePointTest {
  private static final long YEAR_MILLIS = 365L * 24 * 3_600_000;
  private static final long LIFE_MILLIS = 600_000;

  private static VirtualGroup group(long seed, String... names) {
    VirtualGroup group = new VirtualGroup(seed, names).start();
    call(group, PdMethod.BOOTSTRAP, Bootstrapped.request());
    group.runUnderLoad(500);
    return group;
  }

  private static <Q, R> R call(VirtualGroup group, PdMethod<Q, R> method, Q request) {
    var answer = group.awaitLeader(6_000).server.endpoint().call(method, request);
    group.time.advance(100);
    return answer.join();
  }

  private static GCState state(VirtualGroup group) {
    return call(group, PdMethod.GET_GC_STATE, GetGCStateRequest.getDefaultInstance()).getGcState();
  }

  /** The leader's clock is a year ahead: timestamps do not follow, so garbage does not either. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aClockThatJumpsMovesNoSafePointAndEndsNoBarrier(long seed) {
    VirtualGroup group = group(seed, "a", "b", "c");
    call(
        group,
        PdMethod.SET_GC_BARRIER,
        SetGCBarrierRequest.newBuilder()
            .setBarrierId("backup")
            .setBarrierTs(group.largest())
            .setTtlSeconds(3_600)
            .build());
    group.awaitLeader(6_000).clockSkewMillis = YEAR_MILLIS;
    group.time.advance(65_000); // a new leader looks for garbage after a minute
    group.runUnderLoad(500);

    GCState state = state(group);
    assertTrue(group.aheadMillis() < 10_000, "ahead by " + group.aheadMillis() + " ms");
    long behind =
        Timestamp.physicalMillis(group.largest())
            - Timestamp.physicalMillis(state.getTxnSafePoint());
    assertTrue(
        behind >= LIFE_MILLIS && behind < LIFE_MILLIS + 60_000, "behind by " + behind + " ms");
    assertEquals(1, state.getGcBarriersCount(), "the barrier has an hour to live");
    call(
        group,
        PdMethod.ADVANCE_TXN_SAFE_POINT,
        AdvanceTxnSafePointRequest.newBuilder().setTarget(group.largest()).build());
    assertEquals(1, state(group).getGcBarriersCount());
  }

  private static void assertRefused(ResponseHeader header) {
    assertEquals(ErrorType.INVALID_VALUE, header.getError().getType(), header.toString());
    assertTrue(header.getError().getMessage().contains("ahead of the newest timestamp"));
  }

  private static UpdateServiceGCSafePointResponse service(VirtualGroup group, String id, long ts) {
    return call(
        group,
        PdMethod.UPDATE_SERVICE_GC_SAFE_POINT,
        UpdateServiceGCSafePointRequest.newBuilder()
            .setServiceId(ByteString.copyFromUtf8(id))
            .setTTL(Long.MAX_VALUE)
            .setSafePoint(ts)
            .build());
  }

  @Test
  void nobodyMovesASafePointAheadOfTheTimestamps() {
    VirtualGroup group = group(7, "a");
    long soon = group.largest() + Timestamp.of(60_000, 0);
    for (long ahead : List.of(soon, Long.MAX_VALUE, Timestamp.MAX)) {
      assertRefused(
          call(
                  group,
                  PdMethod.ADVANCE_TXN_SAFE_POINT,
                  AdvanceTxnSafePointRequest.newBuilder().setTarget(ahead).build())
              .getHeader());
      assertRefused(
          call(
                  group,
                  PdMethod.UPDATE_GC_SAFE_POINT,
                  UpdateGCSafePointRequest.newBuilder().setSafePoint(ahead).build())
              .getHeader());
      assertRefused(service(group, "gc_worker", ahead).getHeader());
    }
    assertEquals(0, state(group).getTxnSafePoint());

    // a service that wants to hold nothing yet does no harm
    assertFalse(service(group, "backup", soon).getHeader().hasError());
    assertEquals(group.largest(), service(group, "gc_worker", group.largest()).getMinSafePoint());
    assertEquals(group.largest(), state(group).getTxnSafePoint(), "a timestamp just given will do");
  }
}
