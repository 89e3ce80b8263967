package dev.kittiwake.pd.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

final class RegionStreamsTest {
  private final RegionHeartbeatResponse step =
      RegionHeartbeatResponse.newBuilder().setRegionId(2).build();

  /** In one JVM the message is handed over on the member's own thread, whatever happens there. */
  @Test
  void aStoreThatEndsWhileItIsToldSomethingDoesNotEndTheMember() {
    RegionStreams streams = new RegionStreams();
    List<RegionHeartbeatResponse> told = new ArrayList<>();
    RegionStreams.Stream ending =
        new RegionStreams.Stream(
            message -> {
              throw new RejectedExecutionException("the store's loop is shut down");
            },
            cause -> {});
    streams.bind(1, ending);
    streams.bind(4, new RegionStreams.Stream(told::add, cause -> {}));
    assertFalse(streams.push(1, step));
    assertTrue(streams.push(4, step));
    assertEquals(List.of(step), told);
    assertFalse(streams.push(1, step));
    streams.bind(1, new RegionStreams.Stream(told::add, cause -> {})); // it is back
    assertTrue(streams.push(1, step));
  }
}
