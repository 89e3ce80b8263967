package dev.kittiwake.pd.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kittiwake.pd.schedule.Coordinator;
import dev.kittiwake.pd.schedule.PlacementSettings;
import dev.kittiwake.pd.schedule.SchedulerSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Schedulers over HTTP: which there are, on what they work, which rest. On the loop. */
final class HttpSchedulers {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String ALL = "all";
  private static final String DETAILS = "details";
  private static final long MONTH_SECONDS = 31 * 24 * 3600L;

  private final HttpPlacement placement;

  HttpSchedulers(HttpPlacement placement) {
    this.placement = placement;
  }

  private Coordinator coordinator() {
    return placement.coordinator();
  }

  private long nowMillis() {
    return coordinator().cluster().nowMillis();
  }

  Optional<CompletableFuture<JsonNode>> serve(HttpRoutes.Call call, String[] parts) {
    switch (call.method()) {
      case "GET":
        if (parts.length == 2) {
          return parts[1].equals(DETAILS) ? HttpPlacement.now(details()) : Optional.empty();
        }
        return HttpPlacement.now(names(call.parameter("status")));
      case "POST":
        return Optional.of(parts.length == 1 ? add(call.body()) : pause(parts[1], call.body()));
      case "DELETE":
        return parts.length == 2 ? Optional.of(remove(parts[1])) : Optional.empty();
      default:
        return Optional.empty();
    }
  }

  /** How long a rest is to last: whole seconds, 0 ends it. */
  static long restMillis(JsonNode body) {
    return 1000
        * new HttpBody(body).whole("delay", 0, MONTH_SECONDS, "seconds to rest; 0 = go on now");
  }

  private JsonNode names(String status) {
    if (!List.of("", "paused").contains(status)) {
      throw new HttpApi.HttpRefused(
          400, "status \"" + status + "\" is not known: it is paused, or is left out for all");
    }
    ArrayNode names = NODES.arrayNode();
    for (SchedulerSet.Entry entry : coordinator().schedulers().entries()) {
      if (status.isEmpty() || entry.isPaused(nowMillis())) {
        names.add(entry.name());
      }
    }
    return names;
  }

  /** With what each works on (ids of stores, or a range) and for how long it still rests. */
  private JsonNode details() {
    ArrayNode all = NODES.arrayNode();
    for (SchedulerSet.Entry entry : coordinator().schedulers().entries()) {
      ObjectNode one = all.addObject().put("name", entry.name());
      if (!entry.argument().equals("on")) {
        one.put("works_on", entry.argument());
      }
      if (entry.isPaused(nowMillis())) {
        one.put("paused_seconds", (entry.pausedUntilMillis() - nowMillis() + 999) / 1000);
      }
    }
    return all;
  }

  /** With TiKV's fields: name, store_id, range_name, start_key, end_key (hexadecimal). */
  private CompletableFuture<JsonNode> add(JsonNode body) {
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
      if (coordinator().cluster().store(HttpPlacement.number(id)).isEmpty()) {
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
    return placement.change(
        Map.of(PlacementSettings.SCHEDULER + name, argument), "The scheduler is created.");
  }

  private CompletableFuture<JsonNode> pause(String name, JsonNode body) {
    long millis = restMillis(body);
    List<String> wanted =
        name.equals(ALL)
            ? coordinator().schedulers().entries().stream().map(SchedulerSet.Entry::name).toList()
            : List.of(name);
    for (String one : wanted) {
      if (!coordinator().schedulers().pause(one, millis, nowMillis())) {
        throw new HttpApi.HttpRefused(404, "scheduler " + one + " not found");
      }
    }
    return CompletableFuture.completedFuture(
        TextNode.valueOf(
            millis > 0
                ? "Pause the scheduler successfully."
                : "Resume the scheduler successfully."));
  }

  /** {@code evict-leader-scheduler-3} takes store 3 from those it works on. */
  private CompletableFuture<JsonNode> remove(String given) {
    Optional<SchedulerSet.Entry> whole = coordinator().schedulers().find(given);
    if (whole.isPresent()) {
      return placement.change(
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
    return placement.change(
        Map.of(PlacementSettings.SCHEDULER + name, ids.isEmpty() ? "off" : String.join(",", ids)),
        "The scheduler is removed.");
  }
}
