package dev.kittiwake.pd.api;

import static dev.kittiwake.pd.Bootstrapped.bootstrap;
import static dev.kittiwake.pd.Bootstrapped.peer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import dev.kittiwake.pd.PdConfig;
import dev.kittiwake.pd.PdServer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.RegionEpoch;
import dev.kittiwake.proto.pdpb.CheckPolicy;
import dev.kittiwake.proto.pdpb.RegionHeartbeatRequest;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import dev.kittiwake.proto.pdpb.RequestHeader;
import dev.kittiwake.proto.rpc.PdEndpoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys are bytes, not text: what is escaped comes out byte by byte, once. */
final class KeyRoutesTest {
  private static final String CUT = "6180"; // an 'a' and a byte that begins no UTF-8 character

  private final List<RegionHeartbeatResponse> told =
      Collections.synchronizedList(new ArrayList<>());
  private PdServer server;
  private PdEndpoint.RegionHeartbeats stream;
  private HttpCalls http;

  @BeforeEach
  void start() {
    server = PdServer.start(PdConfig.inMemory().withListen("127.0.0.1:0"));
    bootstrap(server.endpoint());
    http = HttpCalls.to(server.clientUrl());
    stream = server.endpoint().openRegionHeartbeats(told::add, cause -> {});
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static ByteString bytes(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex));
  }

  private void report(long id, String startHex, String endHex, int version) {
    Region region =
        Region.newBuilder()
            .setId(id)
            .setStartKey(bytes(startHex))
            .setEndKey(bytes(endHex))
            .setRegionEpoch(RegionEpoch.newBuilder().setConfVer(1).setVersion(version))
            .addPeers(peer(id + 1, 1))
            .build();
    stream.send(
        RegionHeartbeatRequest.newBuilder()
            .setHeader(RequestHeader.newBuilder().setClusterId(server.clusterId()))
            .setRegion(region)
            .setLeader(region.getPeers(0))
            .build());
  }

  private void cutInTwo() {
    report(2, "", CUT, 2);
    report(10, CUT, "", 2);
  }

  @Test
  void aRegionIsFoundByTheBytesOfItsKey() throws Exception {
    cutInTwo();
    assertEquals(2, http.get("region/key/a%7F%FF").get("id").asInt());
    assertEquals(10, http.get("region/key/a%80").get("id").asInt());
    assertEquals(10, http.get("region/key/%FF%00").get("id").asInt());
    assertEquals(2, http.get("region/key/a%25b").get("id").asInt(), "decoded once");
    assertEquals(2, http.get("region/key/a%2Fb%3F").get("id").asInt());
    assertEquals(10, http.get("region/key/6180?format=hex").get("id").asInt());
    assertEquals(2, http.get("region/key/617F?format=hex").get("id").asInt());
    assertTrue(
        http.send(400, "GET", "region/key/6?format=hex", "").asText().contains("hexadecimal"));
    assertTrue(http.send(400, "GET", "region/key/6?format=raw", "").asText().contains("raw"));
  }

  @Test
  void rangesOfKeysAreBytesToo() throws Exception {
    cutInTwo();
    JsonNode upper = http.get("regions/key?key=a%80&end_key=%FF");
    assertEquals(1, upper.get("count").asInt(), upper.toString());
    assertEquals(10, upper.get("regions").get(0).get("id").asInt());
    assertEquals(1, http.get("regions/key?key=&limit=1").get("count").asInt());
    assertEquals(2, http.get("regions/key?key=61&end_key=&format=hex").get("count").asInt());
    assertEquals(1, http.get("regions/key?key=&end_key=6180&format=hex").get("count").asInt());
    assertEquals(1, http.get("stats/region?start_key=a%80&end_key=").get("count").asInt());
    assertEquals(1, http.get("stats/region?start_key=&end_key=a%80").get("count").asInt());
    assertEquals(2, http.get("stats/region?start_key=a%7F&end_key=").get("count").asInt());
    for (String limit : List.of("-4", "0", "many", "99999999999")) {
      String refused = http.send(400, "GET", "regions/key?limit=" + limit, "").asText();
      assertTrue(refused.contains(limit) && refused.contains("from 1 to"), refused);
    }
  }

  @Test
  void aRegionIsCutInHalfByHand() throws Exception {
    report(2, "", "", 1);
    http.send(
        200,
        "POST",
        "operators",
        "{\"name\": \"split-region\", \"region_id\": 2, \"policy\": \"approximate\"}");
    assertEquals(CheckPolicy.APPROXIMATE, told.get(0).getSplitRegion().getPolicy());
    assertEquals(1, http.get("operators").size());
    cutInTwo();
    assertEquals("SUCCESS", http.get("operators/history").get(0).get("status").asText());
    assertEquals(0, http.get("operators").size());
  }

  @Test
  void aRegionIsCutAtKeysThatAreGiven() throws Exception {
    report(2, "", "", 1);
    String order = "{\"name\": \"split-region\", \"region_id\": 2, \"policy\": \"%s\"%s}";
    for (String wrong :
        List.of(
            String.format(order, "usekey", ""),
            String.format(order, "usekey", ", \"keys\": [\"xyz\"]"),
            String.format(order, "usekey", ", \"keys\": [\"\"]"),
            String.format(order, "dice", ""))) {
      http.send(400, "POST", "operators", wrong);
    }
    http.send(
        200, "POST", "operators", String.format(order, "usekey", ", \"keys\": [\"" + CUT + "\"]"));
    assertEquals(List.of(bytes(CUT)), told.get(0).getSplitRegion().getKeysList());
    cutInTwo();
    assertEquals("SUCCESS", http.get("operators/history").get(0).get("status").asText());
  }

  @Test
  void sizesOfRegionsAreCounted() throws Exception {
    cutInTwo();
    JsonNode sizes = http.get("regions/check/hist-size");
    assertEquals(1, sizes.size(), sizes.toString());
    assertEquals(2, sizes.get(0).get("count").asInt());
    assertEquals(9, sizes.get(0).get("end").asInt());
    assertEquals(19_999, http.get("regions/check/hist-keys?bound=20000").get(0).get("end").asInt());
    http.send(400, "GET", "regions/check/hist-size?bound=none", "");
    http.send(404, "GET", "regions/check/hist-colour", "");
  }
}
