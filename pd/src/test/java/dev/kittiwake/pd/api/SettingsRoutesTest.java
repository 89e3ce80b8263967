package dev.kittiwake.pd.api;

import static dev.kittiwake.pd.Bootstrapped.bootstrap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kittiwake.pd.Bootstrapped;
import dev.kittiwake.pd.PdConfig;
import dev.kittiwake.pd.PdServer;
import dev.kittiwake.pd.meta.Bootstrap;
import dev.kittiwake.pd.meta.ChangeConfig;
import dev.kittiwake.pd.meta.ClusterMeta;
import dev.kittiwake.pd.meta.CreateCluster;
import dev.kittiwake.pd.peer.PeerOutbox;
import dev.kittiwake.pd.replica.MemoryStorage;
import dev.kittiwake.raft.LogPosition;
import dev.kittiwake.raft.Membership;
import dev.kittiwake.raft.SnapshotDescriptor;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings that cannot be used are refused, and never end a member. */
final class SettingsRoutesTest {
  private static final PdConfig CONFIG = PdConfig.inMemory().withListen("127.0.0.1:0");

  @TempDir Path directory;
  private final HttpClient http = HttpClient.newHttpClient();
  private PdServer server;

  private void start(PdConfig config) {
    server = PdServer.start(config);
    bootstrap(server.endpoint());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String rule(String id, String role) {
    return String.format(
        "{\"group_id\": \"pd\", \"id\": \"%s\", \"role\": \"%s\", \"count\": 1}", id, role);
  }

  @Test
  void rulesAreCheckedAlsoWhileTheyAreOff() throws Exception {
    start(CONFIG);
    send(200, "POST", "config", "{\"enable-placement-rules\": false}");

    String refused = send(400, "POST", "config/rule", rule("default", "learner")).asText();
    assertTrue(refused.contains("no rule wants a voter"), refused);

    send(200, "POST", "config/rule", rule("default", "voter"));
    send(200, "POST", "config", "{\"enable-placement-rules\": true}");
    assertEquals(1, send(200, "GET", "config/rules", "").size());
    assertFalse(server.failed().isDone());
  }

  @Test
  void rulesOfAGroupAreReplacedAlsoWhileTheyAreOff() throws Exception {
    start(CONFIG);
    send(200, "POST", "config/rule", rule("one", "voter"));
    send(200, "POST", "config/rule", rule("two", "voter"));
    send(200, "POST", "config", "{\"enable-placement-rules\": \"false\"}");
    send(
        200,
        "POST",
        "config/placement-rule",
        "[{\"group_id\": \"pd\", \"rules\": [" + rule("three", "voter") + "]}]");
    send(200, "POST", "config", "{\"enable-placement-rules\": \"true\"}");

    JsonNode rules = send(200, "GET", "config/rules", "");
    assertEquals(1, rules.size(), rules.toString());
    assertEquals("three", rules.get(0).get("id").asText());
  }

  /** On a disk, so that a change takes long enough for two to be under way. */
  @Test
  void ofTwoChangesThatAreOnlyRightAloneOneIsRefused() throws Exception {
    start(CONFIG.withDataDir(directory.resolve("pd")));
    send(200, "POST", "config/rule", rule("voter-0", "voter"));
    send(200, "POST", "config/rule", rule("learner", "learner"));
    for (int round = 0; round < 5; round++) {
      send(200, "POST", "config/rule", rule("voter-1", "voter"));
      CompletableFuture<HttpResponse<String>> one =
          http.sendAsync(
              request("DELETE", "config/rule/pd/voter-0", ""),
              HttpResponse.BodyHandlers.ofString());
      CompletableFuture<HttpResponse<String>> other =
          http.sendAsync(
              request("DELETE", "config/rule/pd/voter-1", ""),
              HttpResponse.BodyHandlers.ofString());

      List<Integer> statuses =
          List.of(one.join().statusCode(), other.join().statusCode()).stream().sorted().toList();
      assertEquals(List.of(200, 400), statuses, one.join().body() + other.join().body());
      send(200, "POST", "config/rule", rule("voter-0", "voter"));
    }
    assertFalse(server.failed().isDone());
  }

  /** As an earlier program may have left it. */
  @Test
  void aMemberLivesWithRulesThatCannotBeUsedAndSchedulesNothing() throws Exception {
    ClusterMeta meta = new ClusterMeta();
    meta.apply(new CreateCluster(7, List.of()).encode());
    meta.apply(new Bootstrap(Bootstrapped.store(1), Bootstrapped.region()).encode());
    meta.apply(new ChangeConfig(Map.of("rule.pd/default", rule("default", "learner"))).encode());
    MemoryStorage storage = new MemoryStorage();
    storage.saveSnapshot(
        new SnapshotDescriptor(new LogPosition(1, 1), Membership.of(1), meta.encode()), () -> {});
    server = PdServer.launch(CONFIG, Optional.of(storage), PeerOutbox.none());
    Bootstrapped.await(server.ready());

    send(200, "GET", "schedulers", "");
    String refused = send(400, "POST", "config", "{\"enable-placement-rules\": \"true\"}").asText();
    assertTrue(refused.contains("no rule wants a voter"), refused);
    send(200, "POST", "config", "{\"max-replicas\": 5}");
    send(200, "POST", "config", "{\"enable-placement-rules\": \"false\"}");
    send(200, "POST", "config/rule", rule("default", "voter"));
    send(200, "POST", "config", "{\"enable-placement-rules\": \"true\"}");
    assertEquals("voter", send(200, "GET", "config/rules", "").get(0).get("role").asText());
    assertFalse(server.failed().isDone());
  }

  @Test
  void aListOfLabelsMayBeGivenAsAList() throws Exception {
    start(CONFIG);
    for (String path : List.of("config", "config/replicate")) {
      send(200, "POST", path, "{\"location-labels\": [\"zone\", \"host\"]}");
      assertEquals("zone,host", labels());
      send(200, "POST", path, "{\"location-labels\": \"zone,rack\"}");
      assertEquals("zone,rack", labels());
    }
  }

  private String labels() throws Exception {
    return send(200, "GET", "config/replicate", "").get("location-labels").asText();
  }

  @Test
  void whatIsNoSingleValueIsRefusedAndNothingIsChanged() throws Exception {
    start(CONFIG);
    send(200, "POST", "config", "{\"location-labels\": \"zone,host\"}");
    for (String value :
        List.of("{\"a\": 1}", "null", "[[\"zone\"]]", "[1]", "[\"\"]", "[\"zone,host\"]")) {
      String refused =
          send(400, "POST", "config", "{\"max-replicas\": 5, \"location-labels\": " + value + "}")
              .asText();
      assertTrue(refused.contains("replication.location-labels = "), refused);
    }
    for (String name : List.of("isolation-level", "max-replicas", "reject-leader-label")) {
      String refused =
          send(400, "POST", "config/schedule", "{\"" + name + "\": [\"zone\"]}").asText();
      assertTrue(refused.contains(name + " = [\"zone\"] is not possible"), refused);
    }
    assertTrue(send(400, "POST", "config", "[]").asText().contains("not []"));
    assertTrue(
        send(400, "POST", "config", "{\"max-replicas\": \"\"}").asText().contains("max-replicas"));
    assertEquals("zone,host", labels());
    assertEquals(3, send(200, "GET", "config/replicate", "").get("max-replicas").asInt());

    send(200, "POST", "store/1/label", "{\"zone\": \"z1\"}");
    String refused = send(400, "POST", "store/1/label", "{\"zone\": [\"z2\"]}").asText();
    assertTrue(refused.contains("zone = [\"z2\"]"), refused);
    JsonNode store = send(200, "GET", "store/1", "").get("store");
    assertEquals("z1", store.get("labels").get(0).get("value").asText());

    refused =
        send(
                400,
                "POST",
                "config/rule",
                rule("one", "voter").replace("}", ", \"location_labels\": \"zone\"}"))
            .asText();
    assertTrue(refused.contains("location_labels \"zone\" is not a list"), refused);
  }

  private HttpRequest request(String method, String path, String body) {
    return HttpRequest.newBuilder(URI.create(server.clientUrl() + "/pd/api/v1/" + path))
        .method(method, HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private JsonNode send(int status, String method, String path, String body) throws Exception {
    HttpResponse<String> response =
        http.send(request(method, path, body), HttpResponse.BodyHandlers.ofString());
    assertEquals(status, response.statusCode(), response.body());
    return new ObjectMapper().readTree(response.body());
  }
}
