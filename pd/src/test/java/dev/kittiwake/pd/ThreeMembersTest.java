package dev.kittiwake.pd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kittiwake.proto.pdpb.AllocIDRequest;
import dev.kittiwake.proto.pdpb.GetMembersRequest;
import dev.kittiwake.proto.pdpb.GetMembersResponse;
import dev.kittiwake.proto.pdpb.PDGrpc;
import dev.kittiwake.proto.rpc.PdEndpoint;
import dev.kittiwake.proto.rpc.PdMethod;
import dev.kittiwake.testkit.port.FreePorts;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tikv.common.TiConfiguration;
import org.tikv.common.TiSession;
import org.tikv.common.meta.TiTimestamp;
import org.tikv.common.util.ConcreteBackOffer;

/** Three members with ports and disks. */
final class ThreeMembersTest {
  @TempDir Path dir;

  private final Map<String, PdServer> running = new LinkedHashMap<>();
  private final TreeMap<String, String> founders = new TreeMap<>();
  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeEach
  void start() throws IOException {
    List<Integer> ports = FreePorts.take(3);
    for (String name : List.of("a", "b", "c")) {
      founders.put(name, "127.0.0.1:" + ports.get(founders.size()));
    }
    founders.keySet().forEach(name -> launch(name, founderConfig(name)));
    awaitLeader();
  }

  @AfterEach
  void stop() {
    running.values().forEach(PdServer::kill);
  }

  private PdConfig base(String name) {
    return PdConfig.inMemory()
        .withDataDir(dir.resolve(name))
        .withTiming(PdConfig.Timing.DEFAULT.withRaft(50, 20).withBlocks(10, 50));
  }

  private PdConfig founderConfig(String name) {
    return base(name)
        .withGroup(name, new PdConfig.Group(founders, List.of()))
        .withListen(founders.get(name));
  }

  private PdServer launch(String name, PdConfig config) {
    PdServer server = PdServer.launch(config);
    running.put(name, server);
    return server;
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "still not: " + what);
      LockSupport.parkNanos(5_000_000);
    }
  }

  private String awaitLeader() {
    await("a leader", () -> running.values().stream().anyMatch(PdServer::leads));
    return running.entrySet().stream()
        .filter(each -> each.getValue().leads())
        .findFirst()
        .map(Map.Entry::getKey)
        .orElseGet(this::awaitLeader);
  }

  private String follower() {
    String leader = awaitLeader();
    return running.keySet().stream().filter(name -> !name.equals(leader)).findFirst().orElseThrow();
  }

  private JsonNode get(String member, String path) {
    return send(member, "GET", path);
  }

  /**
   * Asks again while nobody leads: on a machine that stands still for a second the members elect
   * anew, in the middle of any story.
   */
  private JsonNode send(String member, String method, String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(running.get(member).clientUrl() + "/pd/api/v1/" + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    AtomicReference<HttpResponse<String>> response = new AtomicReference<>();
    await(
        "an answer to " + path,
        () -> {
          response.set(sent(request));
          return response.get().statusCode() < 500;
        });
    assertEquals(200, response.get().statusCode(), path + ": " + response.get().body());
    try {
      return new ObjectMapper().readTree(response.get().body());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private HttpResponse<String> sent(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** What the leader answers, whoever leads meanwhile. */
  private <T> T ofLeader(Function<PdEndpoint, CompletableFuture<T>> call) {
    AtomicReference<T> answer = new AtomicReference<>();
    await(
        "an answer of a leader",
        () -> {
          PdServer leader = running.get(awaitLeader());
          answer.set(call.apply(leader.endpoint()).exceptionally(failure -> null).join());
          return answer.get() != null;
        });
    return answer.get();
  }

  private long allocate() {
    return ofLeader(pd -> pd.call(PdMethod.ALLOC_ID, AllocIDRequest.getDefaultInstance())).getId();
  }

  /** Whom a member takes for the leader; empty if it knows none. */
  private String leaderAsOf(String member) {
    return Bootstrapped.await(
            running
                .get(member)
                .endpoint()
                .call(PdMethod.GET_MEMBERS, GetMembersRequest.getDefaultInstance()))
        .getLeader()
        .getName();
  }

  private void bootstrapped() {
    ofLeader(pd -> pd.call(PdMethod.BOOTSTRAP, Bootstrapped.request()));
  }

  private void awaitAllWell() {
    await(
        "all well",
        () -> {
          for (JsonNode one : get(follower(), "health")) {
            if (!one.get("health").asBoolean()) {
              return false;
            }
          }
          return true;
        });
  }

  @Test
  void aFollowerKnowsTheLeaderAndPassesHttpOn() {
    bootstrapped();
    await("a follower names who leads", () -> leaderAsOf(follower()).equals(awaitLeader()));
    await(
        "over HTTP too",
        () -> get(follower(), "leader").get("name").asText().equals(awaitLeader()));
    GetMembersResponse members =
        Bootstrapped.await(
            running
                .get(follower())
                .endpoint()
                .call(PdMethod.GET_MEMBERS, GetMembersRequest.getDefaultInstance()));
    assertEquals(
        List.of(
            "http://" + founders.get("a"),
            "http://" + founders.get("b"),
            "http://" + founders.get("c")),
        members.getMembersList().stream().map(member -> member.getClientUrls(0)).toList());
    assertEquals(3, get(follower(), "members").get("members").size());
    assertEquals(1, get(follower(), "stores").get("count").asInt(), "passed on to the leader");
    awaitAllWell();
  }

  /** The id that a member gave, or what it said instead. */
  private String allocateAt(String member, Metadata header) {
    URI uri = URI.create(running.get(member).clientUrl());
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(uri.getHost(), uri.getPort()).usePlaintext().build();
    try {
      return "id "
          + PDGrpc.newBlockingStub(channel)
              .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(header))
              .allocID(AllocIDRequest.getDefaultInstance())
              .getId();
    } catch (StatusRuntimeException refused) {
      return refused.getMessage();
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void aCallThatNamesTheLeaderIsPassedOn() {
    await(
        "a follower refuses", () -> allocateAt(follower(), new Metadata()).contains("not leader"));
    await(
        "a follower passes on",
        () -> {
          Metadata header = new Metadata();
          header.put(
              Metadata.Key.of("pd-forwarded-host", Metadata.ASCII_STRING_MARSHALLER),
              running.get(awaitLeader()).clientUrl());
          return allocateAt(follower(), header).startsWith("id ");
        });
  }

  @Test
  void timestampsIncreaseWhileLeadersDieAndMembersStartAgain() throws Exception {
    long largest = 0;
    List<String> killed = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      String leader = awaitLeader();
      for (int i = 0; i < 200; i++) {
        for (PdServer server : running.values()) {
          CompletableFuture<Long> answer = server.endpoint().timestamps(0, 1);
          Long ts = answer.handle((value, failure) -> value).get(120, TimeUnit.SECONDS);
          if (ts != null) {
            assertTrue(ts > largest, ts + " after " + largest);
            largest = ts;
          }
        }
      }
      running.remove(leader).kill();
      killed.add(leader);
      long ts = ofLeader(pd -> pd.timestamps(0, 1));
      assertTrue(ts > largest, ts + " after " + largest + " of " + leader);
      largest = ts;
      PdServer back = launch(leader, founderConfig(leader));
      await("the member is back", () -> back.ready().isDone());
    }
    assertEquals(3, killed.size());
  }

  @Test
  void anotherLeadsWhenTheLeaderIsStopped() {
    String leader = awaitLeader();
    running.remove(leader).close();
    assertTrue(allocate() > 0);
  }

  @Test
  void allStopAndGoOn() {
    long id = allocate();
    long cluster = running.get(awaitLeader()).clusterId();
    running.values().forEach(PdServer::kill);
    running.clear();
    founders.keySet().forEach(name -> launch(name, founderConfig(name)));
    assertTrue(allocate() > id);
    assertEquals(cluster, running.get(awaitLeader()).clusterId());
  }

  @Test
  void membersComeAndGo() throws IOException {
    long id = allocate();
    PdServer fourth =
        launch(
            "d",
            base("d")
                .withGroup("d", PdConfig.Group.joining(List.of(founders.get(follower()))))
                .withListen("127.0.0.1:0"));
    await("d votes", () -> role("d").equals("voter"));
    await("d is ready", () -> fourth.ready().isDone());
    String leader = awaitLeader();
    PdServer leaving = running.get(leader);
    awaitAllWell();
    send(follower(), "DELETE", "members/name/" + leader);
    await("it has been told", () -> leaving.failed().isDone());
    assertTrue(
        leaving.failed().join().getMessage().contains("has left the group"),
        leaving.failed().join().getMessage());
    running.remove(leader).kill();
    await("three are left", () -> get(awaitLeader(), "members").get("members").size() == 3);
    assertTrue(allocate() > id);
    // what it left behind does not let it in again
    PdServer again = PdServer.launch(founderConfig(leader));
    try {
      await("it is refused", () -> again.failed().isDone());
    } finally {
      again.kill();
    }
  }

  private String role(String name) {
    return text(name, "role");
  }

  /** What the leader says of a member. */
  private String text(String name, String field) {
    for (JsonNode member : get(awaitLeader(), "members").get("members")) {
      if (member.get("name").asText().equals(name)) {
        return member.get(field).asText();
      }
    }
    return "unknown";
  }

  @Test
  void aMemberThatLostItsDataIsNotLetIn() throws IOException {
    String follower = follower();
    await("it is written down whose data it has", () -> !text(follower, "incarnation").equals("0"));
    running.remove(follower).kill();
    try (Stream<Path> files = Files.walk(dir.resolve(follower))) {
      for (Path file : files.sorted((x, y) -> y.compareTo(x)).toList()) {
        Files.delete(file);
      }
    }
    PdServer empty = launch(follower, founderConfig(follower));
    await("it is refused", () -> empty.failed().isDone());
    assertTrue(
        empty.failed().join().getMessage().contains("does not have the data that it had"),
        empty.failed().join().getMessage());
  }

  @Test
  void wrongUseIsToldInOneLine() throws IOException {
    String message =
        assertThrows(IllegalArgumentException.class, () -> PdConfig.Group.founders("a=h:1,b"))
            .getMessage();
    assertTrue(message.contains("\"b\" must be name=host:port"), message);
    message =
        assertThrows(IllegalArgumentException.class, () -> founderConfig("a").withName("x"))
            .getMessage();
    assertTrue(message.contains("\"x\" is not in initial-cluster"), message);
    String leader = awaitLeader();
    message =
        assertThrows(
                RuntimeException.class,
                () ->
                    PdServer.launch(
                        base("second-a")
                            .withGroup("a", PdConfig.Group.joining(List.of(founders.get(leader))))
                            .withListen("127.0.0.1:0")))
            .getMessage();
    assertTrue(message.contains("there is a member a already"), message);
    message =
        assertThrows(
                RuntimeException.class,
                () ->
                    PdServer.launch(
                        base(leader)
                            .withDataDir(dir.resolve("z"))
                            .withGroup("z", PdConfig.Group.joining(List.of("nonsense")))))
            .getMessage();
    assertTrue(message.contains("\"nonsense\" must be host:port"), message);
  }

  @Test
  void tikvsClientNeedsOneLiveAddress() throws Exception {
    bootstrapped();
    String follower = follower();
    await("it knows a leader", () -> running.containsKey(leaderAsOf(follower)));
    TiConfiguration config = TiConfiguration.createDefault(founders.get(follower));
    try (TiSession session = TiSession.create(config)) {
      TiTimestamp first =
          session.getPDClient().getTimestamp(ConcreteBackOffer.newCustomBackOff(120_000));
      running.remove(awaitLeader()).kill();
      awaitLeader();
      TiTimestamp second =
          session.getPDClient().getTimestamp(ConcreteBackOffer.newCustomBackOff(120_000));
      assertTrue(second.getVersion() > first.getVersion(), first + " then " + second);
    }
  }
}
