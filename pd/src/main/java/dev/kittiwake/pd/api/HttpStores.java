package dev.kittiwake.pd.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kittiwake.pd.schedule.PlacementSettings;
import dev.kittiwake.pd.schedule.ScheduleCluster;
import dev.kittiwake.pd.schedule.ScheduleSetting;
import dev.kittiwake.pd.schedule.StoreView;
import dev.kittiwake.proto.metapb.StoreLabel;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** Shares and limits of stores, and their labels together. On the loop. */
final class HttpStores {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String ADD = "add-peer";
  private static final String REMOVE = "remove-peer";
  private static final long MAX_RATE = 1 << 20;

  private final HttpPlacement placement;

  HttpStores(HttpPlacement placement) {
    this.placement = placement;
  }

  private ScheduleCluster view() {
    return placement.coordinator().cluster();
  }

  /** {@code stores/limit}: of all stores, read or set. */
  Optional<CompletableFuture<JsonNode>> limits(HttpRoutes.Call call) {
    switch (call.method()) {
      case "GET":
        return HttpPlacement.now(shown());
      case "POST":
        TreeMap<String, String> changes = new TreeMap<>();
        for (StoreView store : view().stores()) {
          if (!store.isTombstone()) {
            changes.putAll(limit(store.id(), call));
          }
        }
        return Optional.of(placement.change(changes, "The limits of the stores are updated."));
      default:
        return Optional.empty();
    }
  }

  private JsonNode shown() {
    ObjectNode all = NODES.objectNode();
    for (StoreView store : view().stores()) {
      if (!store.isTombstone()) {
        PlacementSettings.Limit limit = holding(store.id());
        all.putObject(Long.toUnsignedString(store.id()))
            .put(ADD, limit.add())
            .put(REMOVE, limit.remove());
      }
    }
    return all;
  }

  private PlacementSettings.Limit holding(long storeId) {
    PlacementSettings.Limit own = view().settings().limits().get(storeId);
    long common = view().config().number(ScheduleSetting.STORE_LIMIT);
    return own == null ? new PlacementSettings.Limit(common, common) : own;
  }

  /** {@code store/ID/weight} and {@code store/ID/limit}. */
  Optional<CompletableFuture<JsonNode>> set(HttpRoutes.Call call, long storeId, String what) {
    if (!what.equals("weight") && !what.equals("limit")) {
      return Optional.empty();
    }
    StoreView store =
        view()
            .store(storeId)
            .orElseThrow(
                () ->
                    new HttpApi.HttpRefused(
                        404, "invalid store ID " + Long.toUnsignedString(storeId) + ", not found"));
    return Optional.of(
        what.equals("weight")
            ? placement.change(weight(store, call.body()), "The store's weight is updated.")
            : placement.change(limit(storeId, call), "The store's limit is updated."));
  }

  /** One of the two that is not given stays as it is. */
  private static Map<String, String> weight(StoreView store, JsonNode json) {
    HttpBody body = new HttpBody(json);
    body.hasOnly("leader", "region");
    if (!body.has("leader") && !body.has("region")) {
      throw new HttpApi.HttpRefused(
          400, "a weight is missing: {\"leader\": 1, \"region\": 1}, or one of them");
    }
    double leader = body.has("leader") ? body.weight("leader") : store.weight().leader();
    double region = body.has("region") ? body.weight("region") : store.weight().region();
    return Map.of(
        PlacementSettings.STORE_WEIGHT + Long.toUnsignedString(store.id()), leader + "," + region);
  }

  private Map<String, String> limit(long storeId, HttpRoutes.Call call) {
    if (!call.parameter("ttlSecond").isEmpty()) {
      throw new HttpApi.HttpRefused(
          400, "limits for a time (ttlSecond) do not exist: leave it out");
    }
    HttpBody body = new HttpBody(call.body());
    body.hasOnly("rate", "type");
    long rate = body.whole("rate", 0, MAX_RATE, "replicas a minute; 0 = as many as there are");
    String type = body.oneOf("type", List.of(ADD, REMOVE));
    long add = type.equals(REMOVE) ? holding(storeId).add() : rate;
    long remove = type.equals(ADD) ? holding(storeId).remove() : rate;
    return Map.of(
        PlacementSettings.STORE_LIMIT + Long.toUnsignedString(storeId), add + "," + remove);
  }

  /** {@code labels}: each key and value that a store has, once. */
  JsonNode labels() {
    TreeSet<StoreLabel> found =
        new TreeSet<>(Comparator.comparing(StoreLabel::getKey).thenComparing(StoreLabel::getValue));
    placement.cluster().meta().stores().forEach(store -> found.addAll(store.getLabelsList()));
    ArrayNode all = NODES.arrayNode();
    found.forEach(
        label -> all.addObject().put("key", label.getKey()).put("value", label.getValue()));
    return all;
  }
}
