package dev.kittiwake.pd.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kittiwake.pd.cluster.PdCluster;
import dev.kittiwake.pd.schedule.Coordinator;
import dev.kittiwake.pd.schedule.PlacementSettings;
import dev.kittiwake.pd.schedule.ScheduleSetting;
import dev.kittiwake.pd.schedule.SchedulerSet;
import dev.kittiwake.pd.schedule.StoreView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The routes about scheduling: schedulers, operators, hot spots, rules, weights and limits of
 * stores, and why a region is where it is. On the loop.
 */
final class HttpPlacement {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final PdCluster cluster;
  private final HttpWhy why;
  private final HttpHot hot;
  private final HttpOperators operators;
  private final HttpRules rules;

  HttpPlacement(PdCluster cluster) {
    this.cluster = cluster;
    this.why = new HttpWhy(cluster);
    this.hot = new HttpHot(cluster);
    this.operators = new HttpOperators(cluster);
    this.rules = new HttpRules(this);
  }

  /** The answer, if the path (without its prefix) is one of these routes. */
  Optional<CompletableFuture<JsonNode>> serve(HttpRoutes.Call call, String path) {
    String[] parts = path.split("/");
    switch (parts[0]) {
      case "why":
        return call.method().equals("GET") ? now(why.region(last(parts))) : Optional.empty();
      case "schedulers":
        return schedulers(call, parts);
      case "operators":
        return Optional.of(operators.serve(call, parts));
      case "hotspot":
        return call.method().equals("GET") ? now(hot.serve(parts)) : Optional.empty();
      case "regions":
        return path.equals("regions/scatter") && call.method().equals("POST")
            ? now(operators.scatter(call.body()))
            : Optional.empty();
      case "checker":
        return path.equals("checker/merge") ? now(mergeChecker(call)) : Optional.empty();
      case "stores":
        return path.equals("stores/limit") ? now(limits()) : Optional.empty();
      case "store":
        return parts.length == 3 && call.method().equals("POST")
            ? storeSetting(call, number(parts[1]), parts[2])
            : Optional.empty();
      case "config":
        return parts.length > 1 && parts[1].matches("rules?|rule_groups?|placement-rule")
            ? Optional.of(rules.serve(call, parts))
            : Optional.empty();
      default:
        return Optional.empty();
    }
  }

  static Optional<CompletableFuture<JsonNode>> now(JsonNode answer) {
    return Optional.of(CompletableFuture.completedFuture(answer));
  }

  private static String last(String[] parts) {
    return parts[parts.length - 1];
  }

  static long number(String text) {
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw new HttpApi.HttpRefused(400, "\"" + text + "\" is not a number");
    }
  }

  PdCluster cluster() {
    return cluster;
  }

  Coordinator coordinator() {
    return cluster.placement().coordinator();
  }

  /**
   * Changes settings after a look whether they can be used.
   *
   * @param changes an empty value takes a setting away
   */
  CompletableFuture<JsonNode> change(Map<String, String> changes, String done) {
    return cluster
        .settingsChanges()
        .change(changes)
        .thenApply(
            outcome -> {
              PdRefused.done(outcome);
              return TextNode.valueOf(done);
            });
  }

  private JsonNode mergeChecker(HttpRoutes.Call call) {
    if (call.method().equals("POST")) {
      long seconds = call.body().path("delay").asLong();
      coordinator().pauseMerges(seconds * 1000);
      return TextNode.valueOf("merge checker is paused for " + seconds + " seconds");
    }
    return NODES.objectNode().put("paused", coordinator().mergesArePaused());
  }

  private Optional<CompletableFuture<JsonNode>> schedulers(HttpRoutes.Call call, String[] parts) {
    switch (call.method()) {
      case "GET":
        return now(schedulerNames(call.parameter("status")));
      case "POST":
        return Optional.of(
            parts.length == 1 ? addScheduler(call.body()) : pauseScheduler(parts[1], call.body()));
      case "DELETE":
        return parts.length == 2 ? Optional.of(removeScheduler(parts[1])) : Optional.empty();
      default:
        return Optional.empty();
    }
  }

  private JsonNode schedulerNames(String status) {
    ArrayNode names = NODES.arrayNode();
    for (SchedulerSet.Entry entry : coordinator().schedulers().entries()) {
      boolean paused = entry.isPaused(coordinator().cluster().nowMillis());
      if (status.isEmpty() || (status.equals("paused") && paused)) {
        names.add(entry.name());
      }
    }
    return names;
  }

  /** With TiKV's fields: name, store_id, range_name, start_key, end_key (hexadecimal). */
  private CompletableFuture<JsonNode> addScheduler(JsonNode body) {
    String name = body.path("name").asText();
    String argument = "on";
    if (name.equals("scatter-range")) {
      name = name + "-" + body.path("range_name").asText("range");
      argument = body.path("start_key").asText() + "," + body.path("end_key").asText();
    } else if (body.hasNonNull("store_id")) {
      List<String> ids = new ArrayList<>();
      coordinator()
          .schedulers()
          .find(name)
          .filter(entry -> !entry.argument().equals("on"))
          .ifPresent(entry -> ids.addAll(List.of(entry.argument().split(","))));
      String id = body.path("store_id").asText();
      if (coordinator().cluster().store(number(id)).isEmpty()) {
        throw new HttpApi.HttpRefused(404, "invalid store ID " + id + ", not found");
      }
      if (!ids.contains(id)) {
        ids.add(id);
      }
      argument = String.join(",", ids);
    }
    try {
      SchedulerSet.create(name, argument);
    } catch (IllegalArgumentException e) {
      throw new HttpApi.HttpRefused(400, e.getMessage());
    }
    return change(
        Map.of(PlacementSettings.SCHEDULER + name, argument), "The scheduler is created.");
  }

  private CompletableFuture<JsonNode> pauseScheduler(String name, JsonNode body) {
    long seconds = body.path("delay").asLong();
    if (!coordinator()
        .schedulers()
        .pause(name, seconds * 1000, coordinator().cluster().nowMillis())) {
      throw new HttpApi.HttpRefused(404, "scheduler " + name + " not found");
    }
    return CompletableFuture.completedFuture(
        TextNode.valueOf(
            seconds > 0
                ? "Pause the scheduler successfully."
                : "Resume the scheduler successfully."));
  }

  /** {@code evict-leader-scheduler-3} takes store 3 from those it works on. */
  private CompletableFuture<JsonNode> removeScheduler(String given) {
    Optional<SchedulerSet.Entry> whole = coordinator().schedulers().find(given);
    if (whole.isPresent()) {
      return change(
          Map.of(PlacementSettings.SCHEDULER + given, "off"), "The scheduler is removed.");
    }
    int dash = given.lastIndexOf('-');
    String name = dash < 0 ? given : given.substring(0, dash);
    Optional<SchedulerSet.Entry> entry = coordinator().schedulers().find(name);
    List<String> ids =
        new ArrayList<>(List.of(entry.map(SchedulerSet.Entry::argument).orElse("").split(",")));
    if (entry.isEmpty() || !ids.remove(given.substring(dash + 1))) {
      throw new HttpApi.HttpRefused(404, "scheduler " + given + " not found");
    }
    return change(
        Map.of(PlacementSettings.SCHEDULER + name, ids.isEmpty() ? "off" : String.join(",", ids)),
        "The scheduler is removed.");
  }

  private JsonNode limits() {
    ObjectNode all = NODES.objectNode();
    for (StoreView store : coordinator().cluster().stores()) {
      if (!store.isTombstone()) {
        PlacementSettings.Limit own = coordinator().cluster().settings().limits().get(store.id());
        long common = coordinator().cluster().config().number(ScheduleSetting.STORE_LIMIT);
        all.putObject(Long.toUnsignedString(store.id()))
            .put("add-peer", own == null ? common : own.add())
            .put("remove-peer", own == null ? common : own.remove());
      }
    }
    return all;
  }

  private Optional<CompletableFuture<JsonNode>> storeSetting(
      HttpRoutes.Call call, long storeId, String what) {
    if (!what.equals("weight") && !what.equals("limit")) {
      return Optional.empty();
    }
    StoreView store =
        coordinator()
            .cluster()
            .store(storeId)
            .orElseThrow(
                () ->
                    new HttpApi.HttpRefused(
                        404, "invalid store ID " + Long.toUnsignedString(storeId) + ", not found"));
    JsonNode body = call.body();
    if (what.equals("weight")) {
      double leader = body.path("leader").asDouble(store.weight().leader());
      double region = body.path("region").asDouble(store.weight().region());
      return Optional.of(
          change(
              Map.of(PlacementSettings.STORE_WEIGHT + storeId, leader + "," + region),
              "The store's weight is updated."));
    }
    PlacementSettings.Limit own = coordinator().cluster().settings().limits().get(storeId);
    long rate = body.path("rate").asLong(-1);
    String type = body.path("type").asText("");
    long common = coordinator().cluster().config().number(ScheduleSetting.STORE_LIMIT);
    long add = type.equals("remove-peer") ? (own == null ? common : own.add()) : rate;
    long remove = type.equals("add-peer") ? (own == null ? common : own.remove()) : rate;
    return Optional.of(
        change(
            Map.of(PlacementSettings.STORE_LIMIT + storeId, add + "," + remove),
            "The store's limit is updated."));
  }
}
