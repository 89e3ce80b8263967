package dev.kittiwake.pd.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kittiwake.pd.cluster.PdCluster;
import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.pd.schedule.AdminOperators;
import dev.kittiwake.pd.schedule.Decision;
import dev.kittiwake.pd.schedule.OperatorController;
import dev.kittiwake.proto.key.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What is being done to regions, and what an operator of the cluster wants done. On the loop. */
final class HttpOperators {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final PdCluster cluster;

  HttpOperators(PdCluster cluster) {
    this.cluster = cluster;
  }

  CompletableFuture<JsonNode> serve(HttpRoutes.Call call, String[] parts) {
    JsonNode answer;
    switch (call.method()) {
      case "GET":
        answer = parts.length == 1 ? running() : shown(parts[1]);
        break;
      case "POST":
        answer = add(call.body());
        break;
      case "DELETE":
        if (parts.length == 2) {
          answer = cancel(HttpPlacement.number(parts[1]));
          break;
        }
        throw new HttpApi.HttpRefused(400, "which region's operator?");
      default:
        throw new HttpApi.HttpRefused(405, call.method() + " is not supported");
    }
    return CompletableFuture.completedFuture(answer);
  }

  private JsonNode running() {
    ArrayNode all = NODES.arrayNode();
    cluster
        .placement()
        .operators()
        .running()
        .forEach(progress -> all.add(HttpWhy.operator(progress)));
    return all;
  }

  /** Of one region, or {@code history}, {@code counts}. */
  private JsonNode shown(String what) {
    OperatorController operators = cluster.placement().operators();
    if (what.equals("history") || what.equals("records")) {
      ArrayNode all = NODES.arrayNode();
      operators.history().forEach(progress -> all.add(HttpWhy.operator(progress)));
      return all;
    }
    if (what.equals("counts")) {
      var counts = NODES.objectNode();
      operators.endedCounts().forEach(counts::put);
      return counts;
    }
    return operators
        .find(HttpPlacement.number(what))
        .<JsonNode>map(HttpWhy::operator)
        .orElseThrow(() -> new HttpApi.HttpRefused(404, "region " + what + " has no operator"));
  }

  private JsonNode cancel(long regionId) {
    if (!cluster
        .placement()
        .operators()
        .cancel(regionId, "cancelled by hand", cluster.elapsedMillis())) {
      throw new HttpApi.HttpRefused(404, "region " + regionId + " has no operator");
    }
    return TextNode.valueOf("The pending operator is canceled.");
  }

  private RegionRecord region(JsonNode body, String field) {
    long id = body.path(field).asLong();
    return cluster
        .tree()
        .find(id)
        .orElseThrow(() -> new HttpApi.HttpRefused(404, "region " + id + " is not known"));
  }

  /** With TiKV's names and fields. */
  private JsonNode add(JsonNode body) {
    String name = body.path("name").asText();
    if (name.equals("scatter-region")) {
      return scattered(region(body, "region_id").id(), "admin");
    }
    AdminOperators admin = new AdminOperators(cluster.placement().coordinator().cluster());
    Optional<String> refused;
    try {
      if (name.equals("merge-region")) {
        refused =
            cluster
                .placement()
                .coordinator()
                .submit(
                    admin.merge(
                        region(body, "source_region_id"), region(body, "target_region_id")));
      } else if (name.equals("split-region")) {
        RegionRecord region = region(body, "region_id");
        refused =
            cluster.placement().coordinator().submit(List.of(admin.split(region, cuts(body))));
      } else {
        refused =
            cluster
                .placement()
                .coordinator()
                .submit(
                    List.of(
                        admin.of(
                            name,
                            region(body, "region_id"),
                            body.path(name.equals("transfer-leader") ? "to_store_id" : "store_id")
                                .asLong(),
                            body.path("from_store_id").asLong(),
                            body.path("to_store_id").asLong())));
      }
    } catch (IllegalArgumentException e) {
      throw new HttpApi.HttpRefused(400, e.getMessage());
    }
    refused.ifPresent(
        reason -> {
          throw new HttpApi.HttpRefused(409, "not started: " + reason);
        });
    return TextNode.valueOf("The operator is created.");
  }

  /** None for the policies scan and approximate: the store looks for the middle. */
  private static List<Key> cuts(JsonNode json) {
    HttpBody body = new HttpBody(json);
    String policy =
        json.path("policy").isTextual()
            ? json.path("policy").asText().toLowerCase(Locale.ROOT)
            : "";
    if (List.of("scan", "approximate").contains(policy)) {
      return List.of();
    }
    if (!policy.equals("usekey")) {
      throw body.refused("policy", "one of [scan, approximate, usekey]");
    }
    List<Key> keys = new ArrayList<>();
    for (JsonNode key : json.path("keys")) {
      keys.add(BinaryAddress.hex("keys", key.asText()));
    }
    if (keys.isEmpty()) {
      throw body.refused("keys", "a list of keys as hexadecimal digits");
    }
    return keys;
  }

  private JsonNode scattered(long regionId, String group) {
    Decision decision = cluster.placement().coordinator().scatter(regionId, group);
    return HttpWhy.decision(decision);
  }

  /** {@code {"regions_id": [1, 2], "group": "g"}} */
  JsonNode scatter(JsonNode body) {
    ArrayNode all = NODES.arrayNode();
    for (JsonNode id : body.path("regions_id")) {
      all.add(scattered(id.asLong(), body.path("group").asText("")));
    }
    return all;
  }
}
