package dev.kittiwake.pd.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kittiwake.pd.cluster.PdCluster;
import dev.kittiwake.pd.schedule.Coordinator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The routes about scheduling, each to who knows it: schedulers, operators, hot spots, rules,
 * stores' weights and limits, and why a region is where it is. On the loop.
 */
final class HttpPlacement {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final PdCluster cluster;
  private final HttpWhy why;
  private final HttpHot hot;
  private final HttpOperators operators;
  private final HttpRules rules;
  private final HttpSchedulers schedulers;
  private final HttpStores stores;

  HttpPlacement(PdCluster cluster) {
    this.cluster = cluster;
    this.why = new HttpWhy(cluster);
    this.hot = new HttpHot(cluster);
    this.operators = new HttpOperators(cluster);
    this.rules = new HttpRules(this);
    this.schedulers = new HttpSchedulers(this);
    this.stores = new HttpStores(this);
  }

  /** The answer, if the path (without its prefix) is one of these routes. */
  Optional<CompletableFuture<JsonNode>> serve(HttpRoutes.Call call, String path) {
    String[] parts = path.split("/");
    switch (parts[0]) {
      case "why":
        return call.method().equals("GET") ? now(why.region(last(parts))) : Optional.empty();
      case "schedulers":
        return schedulers.serve(call, parts);
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
        return path.equals("stores/limit") ? stores.limits(call) : Optional.empty();
      case "labels":
        return path.equals("labels") && call.method().equals("GET")
            ? now(stores.labels())
            : Optional.empty();
      case "store":
        return parts.length == 3 && call.method().equals("POST")
            ? stores.set(call, number(parts[1]), parts[2])
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
      long millis = HttpSchedulers.restMillis(call.body());
      coordinator().pauseMerges(millis);
      return TextNode.valueOf("merge checker is paused for " + millis / 1000 + " seconds");
    }
    return NODES.objectNode().put("paused", coordinator().mergesArePaused());
  }
}
