package dev.kittiwake.pd.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kittiwake.pd.cluster.PdCluster;
import dev.kittiwake.pd.cluster.Settings;
import dev.kittiwake.pd.meta.ChangeStoreState;
import dev.kittiwake.pd.meta.DropTombstones;
import dev.kittiwake.pd.meta.LabelStore;
import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.pd.schedule.ScheduleSetting;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.metapb.StoreLabel;
import dev.kittiwake.proto.metapb.StoreState;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/** Which path answers what. On the loop. */
final class HttpRoutes {
  private static final String PREFIX = "/pd/api/v1/";
  private static final String KEY_PATH = "region/key/";

  /**
   * One request.
   *
   * @param path percent-decoded as text
   * @param keys the same address percent-decoded byte by byte, for keys: they are no text
   */
  record Call(
      String method,
      String path,
      Map<String, List<String>> parameters,
      BinaryAddress keys,
      JsonNode body) {
    /**
     * @throws IllegalArgumentException for a percent sign that escapes nothing
     */
    static Call of(String method, String uri, JsonNode body) {
      QueryStringDecoder text = new QueryStringDecoder(uri);
      return new Call(method, text.path(), text.parameters(), BinaryAddress.of(uri), body);
    }

    String parameter(String name) {
      List<String> values = parameters.get(name);
      return values == null || values.isEmpty() ? "" : values.get(0);
    }
  }

  private final PdApi api;
  private final PdCluster cluster;
  private final HttpViews views;
  private final HttpPlacement placement;
  private final HttpMembers members;
  private final HttpRegions regions;
  private final Map<String, Supplier<JsonNode>> plain = new LinkedHashMap<>();
  private final Map<String, Function<String, JsonNode>> byArgument = new LinkedHashMap<>();

  HttpRoutes(PdApi api) {
    this.api = api;
    this.cluster = api.cluster();
    this.views = new HttpViews(cluster);
    this.placement = new HttpPlacement(cluster);
    this.members = new HttpMembers(cluster);
    this.regions = new HttpRegions(cluster, views);
    plain.put("version", () -> object().put("version", "v" + MemberCalls.VERSION));
    plain.put("status", views::status);
    plain.put("ping", JsonNodeFactory.instance::objectNode);
    plain.put("members", members::members);
    plain.put("leader", members::leader);
    plain.put("health", members::health);
    plain.put("cluster", views::cluster);
    plain.put("cluster/status", views::clusterStatus);
    plain.put("regions", () -> views.regions(cluster.tree().list(Key.EMPTY, Key.EMPTY, 0)));
    plain.put("config", () -> views.config(""));
    plain.put("config/default", views::defaults);
    plain.put("config/schedule", () -> views.config("schedule."));
    plain.put("config/replicate", () -> views.config("replication."));
    plain.put("config/cluster-version", () -> TextNode.valueOf(MemberCalls.VERSION));
    plain.put("gc/safepoint", views::safePoints);
    byArgument.put("store/", argument -> views.store(number(argument)));
    byArgument.put("region/id/", argument -> region(cluster.tree().locate(number(argument))));
    byArgument.put("min-resolved-ts/", argument -> views.minResolvedTsOf(number(argument)));
    byArgument.put("regions/store/", argument -> views.regionsOn(number(argument)));
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  CompletableFuture<JsonNode> serve(Call call) {
    if (!call.path().startsWith(PREFIX)) {
      throw notFound(call);
    }
    String path = call.path().substring(PREFIX.length());
    api.check(answersAnywhere(call, path) ? Handlers.Scope.ANYWHERE : Handlers.Scope.LEADER, 0);
    Optional<CompletableFuture<JsonNode>> placed = placement.serve(call, path);
    if (placed.isPresent()) {
      return placed.get();
    }
    switch (call.method()) {
      case "GET":
        return CompletableFuture.completedFuture(get(call, path));
      case "POST":
        return post(call, path);
      case "DELETE":
        if (path.equals("stores/remove-tombstone")) {
          return dropTombstones();
        }
        if (path.startsWith("store/")) {
          return changeState(number(path.substring("store/".length())), StoreState.Offline);
        }
        if (path.startsWith("members/name/")) {
          return members.removeByName(path.substring("members/name/".length()));
        }
        if (path.startsWith("members/id/")) {
          return members.removeById(number(path.substring("members/id/".length())));
        }
        throw notFound(call);
      default:
        throw new HttpApi.HttpRefused(405, call.method() + " is not supported");
    }
  }

  /** Health is known best by the leader; without one each member says what it sees. */
  private boolean answersAnywhere(Call call, String path) {
    return call.method().equals("GET")
        && (List.of("version", "status", "ping", "members", "leader").contains(path)
            || (path.equals("health") && MemberCalls.leader(cluster).isEmpty()));
  }

  private JsonNode get(Call call, String path) {
    Supplier<JsonNode> simple = plain.get(path);
    if (simple != null) {
      return simple.get();
    }
    if (path.startsWith(KEY_PATH)) {
      return region(cluster.tree().locate(call.keys().after(PREFIX + KEY_PATH)));
    }
    if (path.equals("stores")) {
      return views.stores(call.parameters().getOrDefault("state", List.of()));
    }
    if (path.equals("labels/stores")) {
      return views.storesWith(call.parameter("name"), call.parameter("value"));
    }
    if (path.equals("min-resolved-ts")) {
      return views.minResolvedTs(call.parameter("scope"));
    }
    Optional<JsonNode> list = regions.serve(call, path);
    if (list.isPresent()) {
      return list.get();
    }
    for (Map.Entry<String, Function<String, JsonNode>> route : byArgument.entrySet()) {
      if (path.startsWith(route.getKey())) {
        return route.getValue().apply(path.substring(route.getKey().length()));
      }
    }
    throw notFound(call);
  }

  private static HttpApi.HttpRefused notFound(Call call) {
    return new HttpApi.HttpRefused(404, call.method() + " " + call.path() + " is not known");
  }

  private JsonNode region(Optional<RegionRecord> region) {
    return region.<JsonNode>map(views::region).orElseGet(JsonNodeFactory.instance::nullNode);
  }

  static long number(String text) {
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw new HttpApi.HttpRefused(400, "\"" + text + "\" is not a number");
    }
  }

  /** A number of the address between two bounds, both possible. */
  static long bounded(String name, String text, long min, long max, String meaning) {
    try {
      long number = Long.parseLong(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw outside(name, text, min, max, meaning);
    }
    throw outside(name, text, min, max, meaning);
  }

  private static HttpApi.HttpRefused outside(
      String name, String text, long min, long max, String meaning) {
    return new HttpApi.HttpRefused(
        400,
        String.format(
            "%s = \"%s\" is not possible, it must be a whole number from %d to %d (%s)",
            name, text, min, max, meaning));
  }

  private CompletableFuture<JsonNode> post(Call call, String path) {
    if (path.equals("leader/resign")) {
      return members.resign();
    }
    if (path.equals("admin/reset-ts")) {
      return resetTimestamps(call.body());
    }
    if (path.startsWith("store/") && path.endsWith("/label")) {
      return label(
          number(path.substring("store/".length(), path.length() - "/label".length())), call);
    }
    if (path.startsWith("leader/transfer/")) {
      return members.transferTo(path.substring("leader/transfer/".length()));
    }
    if (path.equals("config") && !call.parameter("ttlSecond").isEmpty()) {
      throw new HttpApi.HttpRefused(
          400, "settings for a time (ttlSecond) do not exist: leave it out");
    }
    if (path.equals("config")
        || path.equals("config/schedule")
        || path.equals("config/replicate")) {
      return changeConfig(call.body());
    }
    if (path.startsWith("store/") && path.endsWith("/state")) {
      long id = number(path.substring("store/".length(), path.length() - "/state".length()));
      String name = call.parameter("state");
      for (StoreState state : List.of(StoreState.Up, StoreState.Offline)) {
        if (state.name().equals(name)) {
          return changeState(id, state);
        }
      }
      throw new HttpApi.HttpRefused(400, "state \"" + name + "\" is neither Up nor Offline");
    }
    throw notFound(call);
  }

  private CompletableFuture<JsonNode> changeState(long storeId, StoreState state) {
    if (cluster.meta().store(storeId).isEmpty()) {
      throw new HttpApi.HttpRefused(
          404, "invalid store ID " + Long.toUnsignedString(storeId) + ", not found");
    }
    return cluster
        .propose(new ChangeStoreState(storeId, state))
        .thenApply(
            outcome -> {
              PdRefused.done(outcome);
              return TextNode.valueOf("The store is set as " + state.name() + ".");
            });
  }

  private CompletableFuture<JsonNode> dropTombstones() {
    return cluster
        .propose(new DropTombstones())
        .thenApply(
            outcome ->
                TextNode.valueOf(
                    "Removed " + PdRefused.done(outcome).value() + " tombstone stores."));
  }

  /** Sets labels of a store; an empty value removes one. */
  private CompletableFuture<JsonNode> label(long storeId, Call call) {
    List<StoreLabel> labels = new ArrayList<>();
    if (!call.body().isObject() || call.body().isEmpty()) {
      throw new HttpApi.HttpRefused(400, "the body must name labels: {\"zone\": \"z1\"}");
    }
    call.body()
        .fields()
        .forEachRemaining(
            field ->
                labels.add(
                    StoreLabel.newBuilder()
                        .setKey(field.getKey())
                        .setValue(single(field.getKey(), field.getValue()))
                        .build()));
    return cluster
        .propose(new LabelStore(storeId, labels))
        .thenApply(
            outcome -> {
              PdRefused.done(outcome);
              return TextNode.valueOf("The store's label is updated.");
            });
  }

  /** Moves timestamps forward, never back; far only if the caller insists. */
  private CompletableFuture<JsonNode> resetTimestamps(JsonNode body) {
    long wanted = number(body.path("tso").asText());
    return cluster
        .timestamps()
        .advanceTo(wanted, body.path("force-use-larger").asBoolean())
        .thenApply(done -> TextNode.valueOf("Reset ts successfully."));
  }

  /** All or nothing: an unknown name or an unusable value changes nothing. */
  private CompletableFuture<JsonNode> changeConfig(JsonNode body) {
    TreeMap<String, String> changes = new TreeMap<>();
    named(body)
        .forEachRemaining(
            field -> {
              String name = Settings.fullName(field.getKey());
              if (name == null) {
                throw new HttpApi.HttpRefused(400, "config item " + field.getKey() + " not found");
              }
              changes.put(name, Settings.accepted(name, setting(name, field.getValue())));
            });
    Settings.scheduleConfig(changes);
    return cluster
        .settingsChanges()
        .change(changes)
        .thenApply(
            outcome -> {
              PdRefused.done(outcome);
              return TextNode.valueOf("The config is updated.");
            });
  }

  private static Iterator<Map.Entry<String, JsonNode>> named(JsonNode body) {
    if (!body.isObject() || body.isEmpty()) {
      throw new HttpApi.HttpRefused(
          400, "the body must name what to change, e.g. {\"max-replicas\": 3}, not " + body);
    }
    return body.fields();
  }

  /** A list only for what is one: its texts with commas between them, as it may be given too. */
  private static String setting(String name, JsonNode value) {
    if (!name.equals(ScheduleSetting.LOCATION_LABELS.key()) || !value.isArray()) {
      return single(name, value);
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode each : value) {
      String text = each.isTextual() ? each.asText() : "";
      if (text.isBlank() || text.contains(",")) {
        throw new HttpApi.HttpRefused(
            400, name + " = " + value + " is not possible, each must be one label");
      }
      texts.add(text);
    }
    return String.join(",", texts);
  }

  private static String single(String name, JsonNode value) {
    if (!value.isTextual() && !value.isNumber() && !value.isBoolean()) {
      throw new HttpApi.HttpRefused(
          400,
          name + " = " + value + " is not possible, it must be a text, a number, true or false");
    }
    return value.asText();
  }
}
