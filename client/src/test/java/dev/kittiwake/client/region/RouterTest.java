package dev.kittiwake.client.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.client.ClientConfig;
import dev.kittiwake.client.ClientTestBase;
import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.error.RegionUnavailableException;
import dev.kittiwake.client.fake.FakeCluster;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.errorpb.ServerIsBusy;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.MemComparable;
import dev.kittiwake.proto.kvrpcpb.RawGetResponse;
import dev.kittiwake.proto.rpc.KvMethod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The way of a request when regions are not where the client believes. */
class RouterTest extends ClientTestBase {
  @Test
  void aNewLeaderIsFollowedWhetherItIsToldOrNot() {
    client.raw().put(b("a"), b("1"));
    cluster.moveLeader(10, 2);
    assertEquals("1", s(client.raw().get(b("a"))));
    cluster.calls.clear();
    assertEquals("1", s(client.raw().get(b("a"))));
    assertEquals(1, cluster.count("RawGet"), "the new leader is remembered");
    cluster.tellLeaders = false;
    cluster.moveLeader(10, 3);
    assertEquals("1", s(client.raw().get(b("a"))));
  }

  @Test
  void aStoreThatDoesNotAnswerIsLeftForTheNextPeer() {
    client.raw().put(b("a"), b("1"));
    cluster.moveLeader(10, 2);
    cluster.fault =
        new FakeCluster.Fault() {
          @Override
          public CompletableFuture<?> before(long store, KvMethod<?, ?> method, Object request) {
            return store == 1 ? FakeCluster.LOST : null;
          }
        };
    assertEquals("1", s(client.raw().get(b("a"))));
  }

  @Test
  void aSplitDuringABatchSendsOnlyWhatFailedAgain() {
    Map<Key, byte[]> pairs = new TreeMap<>();
    for (char c = 'a'; c <= 'z'; c++) {
      pairs.put(k("" + c), b("" + c));
    }
    cluster.splitStored(k("h"));
    client.raw().batchPut(pairs);
    cluster.splitStored(k("p")); // of the right one of the two
    cluster.calls.clear();
    assertEquals(26, client.raw().batchGet(pairs.keySet()).size());
    assertEquals(4, cluster.count("RawBatchGet"), "left, right refused, then its two halves");
    cluster.calls.clear();
    assertEquals(26, client.raw().batchGet(pairs.keySet()).size());
    assertEquals(3, cluster.count("RawBatchGet"), "the refusal taught the client all regions");
  }

  /** Who waits for the next attempt is not left waiting by a timer that is no more. */
  @Test
  void aClientThatIsClosedTellsThoseWhoPause() throws Exception {
    cluster.fault =
        new FakeCluster.Fault() {
          @Override
          public CompletableFuture<?> before(long store, KvMethod<?, ?> method, Object request) {
            return CompletableFuture.completedFuture(
                RawGetResponse.newBuilder()
                    .setRegionError(
                        Error.newBuilder().setServerIsBusy(ServerIsBusy.getDefaultInstance()))
                    .build());
          }
        };
    ClusterClient another = cluster.client(PATIENT);
    CompletableFuture<byte[]> caller =
        CompletableFuture.supplyAsync(() -> another.raw().get(b("a")));
    until("its pauses last for seconds", () -> cluster.count("RawGet") >= 6);
    another.close();
    Throwable told =
        assertThrows(ExecutionException.class, () -> caller.get(2, TimeUnit.MINUTES)).getCause();
    assertEquals("the client is closed", told.getMessage());
  }

  @Test
  void abusyStoreIsAskedAgainAfterAPause() {
    client.raw().put(b("a"), b("1"));
    cluster.calls.clear();
    cluster.fault =
        new FakeCluster.Fault() {
          @Override
          public CompletableFuture<?> before(long store, KvMethod<?, ?> method, Object request) {
            return cluster.count("RawGet") < 3
                ? CompletableFuture.completedFuture(
                    RawGetResponse.newBuilder()
                        .setRegionError(
                            Error.newBuilder()
                                .setServerIsBusy(ServerIsBusy.newBuilder().setBackoffMs(1)))
                        .build())
                : null;
          }
        };
    assertEquals("1", s(client.raw().get(b("a"))));
    assertEquals(3, cluster.count("RawGet"));
  }

  @Test
  void theErrorAfterTheBudgetNamesRegionStoreReasonAndAttempts() {
    cluster.fault =
        new FakeCluster.Fault() {
          @Override
          public CompletableFuture<?> before(long store, KvMethod<?, ?> method, Object request) {
            return FakeCluster.LOST;
          }
        };
    ClientConfig impatient =
        ClientConfig.DEFAULT.withBudgets(Duration.ofMillis(300), Duration.ofMillis(300));
    try (ClusterClient other = cluster.client(impatient)) {
      String message =
          assertThrows(RegionUnavailableException.class, () -> other.raw().get(b("a")))
              .getMessage();
      for (String part : List.of("region 10", "store ", "connection lost", "attempt", "raw get")) {
        assertTrue(message.contains(part), part + " in: " + message);
      }
    }
  }

  /** An attempt whose answer was lost may have split the region, or somebody else. */
  @Test
  void whatIsSplitAlreadyIsNotSplitAgain() {
    client.raw().put(b("k"), b("v"));
    cluster.split(b("m"));
    client.splitRegions(List.of(b("m")), false);
    assertEquals(2, cluster.regions().size());
  }

  @Test
  void regionsAreSplitWhereTheUserWants() {
    given("a=1", "m=1", "z=1");
    client.splitRegions(List.of(b("m"), b("c"), b("x")), false);
    client.splitRegions(List.of(b("m")), false);
    assertEquals(4, cluster.regions().size());
    assertEquals("1", read("m"));
    assertEquals(
        MemComparable.encode(k("c")),
        Key.wrap(cluster.regions().get(1).getStartKey().toByteArray()));
  }

  @Test
  void boundariesThatAreNoEncodedKeysAreFoundTheirPlace() {
    for (String text : List.of("abc", "abcdefgh", "abcdefghi", "")) {
      Key boundary = MemComparable.encode(k(text));
      assertEquals(k(text), UserKeys.atOrAbove(boundary.unsafeBytes()));
    }
    for (byte[] boundary : List.of(b("ab"), b("abcdefghx"), new byte[] {'a', 0}, b("zzzzzzzz"))) {
      Key first = UserKeys.atOrAbove(boundary);
      assertTrue(MemComparable.encode(first).compareTo(Key.wrap(boundary)) >= 0);
    }
  }
}
