package dev.kittiwake.pd.api;

import static dev.kittiwake.pd.Bootstrapped.bootstrap;
import static dev.kittiwake.pd.Bootstrapped.put;
import static dev.kittiwake.pd.Bootstrapped.store;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kittiwake.pd.PdConfig;
import dev.kittiwake.pd.PdServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is said and set about scheduling over HTTP. */
final class PlacementRoutesTest {
  private PdServer server;

  @BeforeEach
  void start() {
    server = PdServer.start(PdConfig.inMemory().withListen("127.0.0.1:0"));
    bootstrap(server.endpoint());
    put(server.endpoint(), store(2));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void whyTellsTheReplicasAndWhatSpeaksForAndAgainstEachMove() throws Exception {
    JsonNode why = send(200, "GET", "why/region/2", "");

    assertEquals(1, why.get("replicas").get(0).get("store_id").asInt());
    assertEquals("pd/default (3 voter)", why.get("replicas").get(0).get("rule").asText());
    assertTrue(why.toString().contains("replica-checker"), why.toString());
    assertTrue(send(404, "GET", "why/region/99", "").asText().contains("region 99"));
  }

  @Test
  void schedulersAreAddedPausedAndTakenAway() throws Exception {
    String evict = "{\"name\": \"evict-leader-scheduler\", \"store_id\": 1}";
    send(200, "POST", "schedulers", evict);
    assertTrue(send(200, "GET", "schedulers", "").toString().contains("evict-leader-scheduler"));
    send(200, "POST", "schedulers/balance-leader-scheduler", "{\"delay\": 60}");
    assertEquals(
        "[\"balance-leader-scheduler\"]",
        send(200, "GET", "schedulers?status=paused", "").toString());

    send(200, "DELETE", "schedulers/evict-leader-scheduler-1", "");
    assertTrue(!send(200, "GET", "schedulers", "").toString().contains("evict-leader"));
    assertTrue(
        send(400, "POST", "schedulers", "{\"name\": \"dance-scheduler\"}")
            .asText()
            .contains("dance-scheduler"));
    assertTrue(
        send(404, "POST", "schedulers", evict.replace("1}", "9}")).asText().contains("store ID 9"));
  }

  @Test
  void rulesHoldOnceTheyLeaveEveryKeyAVoter() throws Exception {
    send(
        200,
        "POST",
        "config/rule",
        "{\"group_id\": \"pd\", \"id\": \"default\", \"role\": \"voter\", \"count\": 1}");
    assertEquals(1, send(200, "GET", "config/rule/pd/default", "").get("count").asInt());
    String refused =
        send(
                400,
                "POST",
                "config/rule",
                "{\"group_id\": \"pd\", \"id\": \"default\", \"role\": \"learner\", \"count\": 1}")
            .asText();
    assertTrue(refused.contains("no rule wants a voter"), refused);
    assertEquals(1, send(200, "GET", "config/rules", "").size());
    send(200, "DELETE", "config/rule/pd/default", "");
    assertEquals(3, send(200, "GET", "config/rules", "").get(0).get("count").asInt());
  }

  @Test
  void weightsAndLimitsOfAStoreAreSet() throws Exception {
    send(200, "POST", "store/2/weight", "{\"leader\": 2, \"region\": 0.5}");
    assertEquals(
        2.0, send(200, "GET", "store/2", "").get("status").get("leader_weight").asDouble());
    send(200, "POST", "store/2/limit", "{\"type\": \"add-peer\", \"rate\": 7}");
    JsonNode limit = send(200, "GET", "stores/limit", "").get("2");
    assertEquals(7, limit.get("add-peer").asInt());
    assertEquals(15, limit.get("remove-peer").asInt());
    assertTrue(send(400, "POST", "store/2/weight", "{\"leader\": -1}").asText().contains("weight"));
  }

  @Test
  void operatorsAreRefusedWithAReason() throws Exception {
    String answer =
        send(
                400,
                "POST",
                "operators",
                "{\"name\": \"transfer-leader\", \"region_id\": 2, \"to_store_id\": 2}")
            .asText();
    assertTrue(answer.contains("region 2"), answer);
    assertEquals("[]", send(200, "GET", "operators", "").toString());
    assertTrue(send(200, "GET", "hotspot/regions/write", "").has("as_peer"));
    assertTrue(send(200, "GET", "hotspot/stores", "").has("bytes-write-rate"));
  }

  private JsonNode send(int status, String method, String path, String body) throws Exception {
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(server.clientUrl() + "/pd/api/v1/" + path))
                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertEquals(status, response.statusCode(), response.body());
    return new ObjectMapper().readTree(response.body());
  }
}
