package dev.kittiwake.pd.api;

import static dev.kittiwake.pd.Bootstrapped.bootstrap;
import static dev.kittiwake.pd.Bootstrapped.put;
import static dev.kittiwake.pd.Bootstrapped.store;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kittiwake.pd.PdConfig;
import dev.kittiwake.pd.PdServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nothing is said to be done that was not: what cannot be understood is refused by its name. */
final class StrictRoutesTest {
  private PdServer server;
  private HttpCalls http;

  @BeforeEach
  void start() {
    server = PdServer.start(PdConfig.inMemory().withListen("127.0.0.1:0"));
    bootstrap(server.endpoint());
    put(server.endpoint(), store(2));
    http = HttpCalls.to(server.clientUrl());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void refused(String told, String path, String... bodies) throws Exception {
    for (String body : bodies) {
      String answer = http.send(400, "POST", path, body).asText();
      assertTrue(answer.contains(told), told + " is missing for " + body + " in: " + answer);
    }
  }

  @Test
  void aDurationHasItsUnitAndASizeIsInMiB() throws Exception {
    refused(
        "30m",
        "config",
        "{\"max-store-down-time\": 5}",
        "{\"max-store-down-time\": \"1800\"}",
        "{\"gc.life-time\": 600}");
    refused("1s at least", "config", "{\"max-store-down-time\": \"5ms\"}");
    http.send(200, "POST", "config", "{\"max-store-down-time\": \"20m\"}");
    assertEquals("20m", http.get("config/schedule").get("max-store-down-time").asText());
    http.send(200, "POST", "config", "{\"max-merge-region-size\": 20}");
    assertEquals("20MiB", http.get("config/schedule").get("max-merge-region-size").asText());
    assertEquals(
        "54MiB", http.get("config/default").at("/schedule/max-merge-region-size").asText());
    refused("ttlSecond", "config?ttlSecond=60", "{\"max-merge-region-size\": 20}");
  }

  @Test
  void weightsAndLimitsThatAreNoneAreRefused() throws Exception {
    JsonNode before = http.get("stores/limit");
    refused("number from 0 on", "store/2/weight", "{\"leader\": \"x\"}", "{\"region\": -1}");
    refused("weight is missing", "store/2/weight", "{}", "");
    refused("laeder", "store/2/weight", "{\"laeder\": 1}");
    refused("[add-peer, remove-peer]", "store/2/limit", "{\"type\": \"bogus\", \"rate\": 5}");
    refused(
        "rate", "store/2/limit", "{}", "{\"rate\": \"5\"}", "{\"rate\": -1}", "{\"rate\": 0.5}");
    refused("ttlSecond", "store/2/limit?ttlSecond=5", "{\"rate\": 5}");
    assertEquals(before, http.get("stores/limit"));
  }

  @Test
  void limitsOfAllStoresAreSetTogether() throws Exception {
    http.send(200, "POST", "stores/limit", "{\"rate\": 9, \"type\": \"remove-peer\"}");
    http.send(200, "POST", "store/2/limit", "{\"rate\": 4.0}");
    JsonNode limits = http.get("stores/limit");
    assertEquals(15, limits.at("/1/add-peer").asInt());
    assertEquals(9, limits.at("/1/remove-peer").asInt());
    assertEquals(4, limits.at("/2/remove-peer").asInt());
    refused("rate", "stores/limit", "{}");
  }

  @Test
  void schedulersRestOneByOneOrAllTogether() throws Exception {
    String one = "schedulers/balance-leader-scheduler";
    refused("seconds to rest", one, "{\"delay\": \"x\"}", "{}", "{\"delay\": -1}");
    refused("seconds to rest", "checker/merge", "{\"delay\": \"x\"}", "{}");
    assertEquals(0, http.get("schedulers?status=paused").size());
    http.send(200, "POST", "schedulers/all", "{\"delay\": 60}");
    JsonNode details = http.get("schedulers/details");
    assertEquals(details.size(), http.get("schedulers?status=paused").size());
    details.forEach(each -> assertTrue(each.path("paused_seconds").asInt() > 0, each.toString()));
    http.send(200, "POST", "schedulers/all", "{\"delay\": 0}");
    assertEquals(0, http.get("schedulers?status=paused").size());
    http.send(200, "POST", "schedulers", "{\"name\": \"evict-leader-scheduler\", \"store_id\": 2}");
    boolean named = false;
    for (JsonNode each : http.get("schedulers/details")) {
      named |= each.path("works_on").asText().equals("2");
    }
    assertTrue(named, "the store of the evicting scheduler");
    http.send(404, "POST", "schedulers/dance-scheduler", "{\"delay\": 60}");
    http.send(400, "GET", "schedulers?status=bogus", "");
  }

  @Test
  void onlyRulesThatAreThereAreDeleted() throws Exception {
    http.send(404, "DELETE", "config/rule/pd/nobody", "");
    http.send(404, "DELETE", "config/rule_group/nobody", "");
    http.send(404, "DELETE", "config/placement-rule/nobody", "");
    String builtIn = http.send(400, "DELETE", "config/rule/pd/default", "").asText();
    assertTrue(builtIn.contains("built in"), builtIn);
    String rule = "{\"group_id\": \"pd\", \"id\": \"%s\", \"role\": \"%s\", \"count\": 1}";
    http.send(200, "POST", "config/rule", String.format(rule, "default", "voter"));
    http.send(200, "POST", "config/rule", String.format(rule, "spare", "learner"));
    String needed = http.send(400, "DELETE", "config/rule/pd/default", "").asText();
    assertTrue(needed.contains("voter"), needed);
    assertEquals(2, http.get("config/rules").size());
    http.send(200, "DELETE", "config/rule/pd/spare", "");
    assertEquals(1, http.get("config/rules").size());
  }

  @Test
  void labelsAndWhatStoresReportAreListed() throws Exception {
    http.send(200, "POST", "store/1/label", "{\"zone\": \"z1\"}");
    http.send(200, "POST", "store/2/label", "{\"zone\": \"z1\", \"disk\": \"ssd\"}");
    assertEquals(2, http.get("labels").size());
    assertEquals("disk", http.get("labels").get(0).get("key").asText());
    assertEquals(2, http.get("labels/stores?name=zone&value=z1").get("count").asInt());
    assertEquals(1, http.get("labels/stores?name=disk").get("count").asInt());
    assertEquals(0, http.get("labels/stores?name=zone&value=z9").get("count").asInt());
    assertFalse(http.get("min-resolved-ts/2").get("is_real_time").asBoolean());
    http.send(404, "GET", "min-resolved-ts/99", "");
    assertTrue(http.get("status").get("start_timestamp").asLong() > 1_600_000_000);
  }
}
