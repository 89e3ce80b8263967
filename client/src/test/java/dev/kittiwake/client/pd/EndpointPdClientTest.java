package dev.kittiwake.client.pd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.client.ClientConfig;
import dev.kittiwake.client.ClientTestBase;
import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.error.KvException;
import dev.kittiwake.client.error.PdException;
import dev.kittiwake.client.error.PdUnavailableException;
import dev.kittiwake.proto.pdpb.AllocIDRequest;
import dev.kittiwake.proto.pdpb.ErrorType;
import dev.kittiwake.proto.rpc.PdMethod;
import dev.kittiwake.testkit.port.SilentPort;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The placement driver's client. */
class EndpointPdClientTest extends ClientTestBase {
  @Test
  void callersWhoWaitShareARequestForTimestamps() {
    client.pd().timestamp().join();
    CompletableFuture<Void> gate = new CompletableFuture<>();
    cluster.pd.timestampGate = gate;
    int before = cluster.pd.timestampRequests.get();
    List<CompletableFuture<Long>> callers = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      callers.add(client.pd().timestamp());
    }
    gate.complete(null);
    TreeSet<Long> all = new TreeSet<>();
    callers.forEach(caller -> all.add(caller.join()));
    assertEquals(1_000, all.size(), "no timestamp is given twice");
    assertEquals(
        3, cluster.pd.timestampRequests.get() - before, "two under way, one for all the others");
    assertTrue(client.pd().timestamp().join() > all.last());
  }

  @Test
  void errorsInHeadersAreExceptionsWithTheirType() {
    KvException failure =
        assertThrows(
            KvException.class,
            () ->
                dev.kittiwake.client.Await.BLOCKING.await(
                    client.pd().call(PdMethod.ALLOC_ID, AllocIDRequest.getDefaultInstance()),
                    Duration.ofMinutes(2).toNanos()));
    assertEquals(ErrorType.INVALID_VALUE, ((PdException) failure).type());
    assertTrue(failure.getMessage().contains("no ids today"), failure.getMessage());
  }

  @Test
  void aLeaderThatIsAwayForAMomentIsWaitedFor() {
    cluster.pd.down = Status.UNAVAILABLE.withDescription("not leader");
    CompletableFuture<Long> timestamp = client.pd().timestamp();
    until("it was tried again", () -> cluster.pd.timestampRequests.get() >= 2);
    cluster.pd.down = null;
    assertTrue(timestamp.join() > 0);
  }

  @Test
  void anUnreachablePlacementDriverIsNamed() throws IOException {
    try (SilentPort nobody = SilentPort.take()) {
      ClientConfig config = ClientConfig.DEFAULT.withPdBudget(Duration.ofMillis(500));
      PdUnavailableException failure =
          assertThrows(
              PdUnavailableException.class,
              () -> ClusterClient.connect(List.of(nobody.address()), config));
      assertTrue(failure.getMessage().contains(nobody.address()), failure.getMessage());
      assertTrue(failure.getMessage().contains("check"), failure.getMessage());
    }
  }

  @Test
  void anAddressWithoutPortIsRefused() {
    KvException failure =
        assertThrows(
            KvException.class,
            () -> ClusterClient.connect(List.of("localhost"), ClientConfig.DEFAULT));
    assertTrue(failure.getMessage().contains("'localhost'"), failure.getMessage());
  }
}
