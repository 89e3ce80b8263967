package dev.kittiwake.pd.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kittiwake.pd.placement.Rule;
import dev.kittiwake.pd.placement.RuleGroup;
import dev.kittiwake.pd.placement.RuleJson;
import dev.kittiwake.pd.placement.RuleSet;
import dev.kittiwake.pd.schedule.PlacementSettings;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Placement rules: lists, single rules, groups and bundles, with TiKV's fields. On the loop. */
final class HttpRules {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final HttpPlacement placement;

  HttpRules(HttpPlacement placement) {
    this.placement = placement;
  }

  CompletableFuture<JsonNode> serve(HttpRoutes.Call call, String[] parts) {
    switch (call.method()) {
      case "GET":
        return CompletableFuture.completedFuture(get(parts));
      case "POST":
        return post(call.body(), parts);
      case "DELETE":
        return delete(parts);
      default:
        throw new HttpApi.HttpRefused(405, call.method() + " is not supported");
    }
  }

  private RuleSet rules() {
    return placement.coordinator().cluster().rules();
  }

  /** Those that were set, also while rules are off and do not hold. */
  private Collection<Rule> written() {
    return PlacementSettings.of(placement.cluster().settings()).ruleById().values();
  }

  private JsonNode get(String[] parts) {
    switch (parts[1]) {
      case "rules":
        return list(parts.length == 4 && parts[2].equals("group") ? parts[3] : "");
      case "rule":
        return rules()
            .find(part(parts, 2), part(parts, 3))
            .<JsonNode>map(RuleJson::write)
            .orElseThrow(() -> new HttpApi.HttpRefused(404, "there is no such rule"));
      case "rule_group":
      case "rule_groups":
        ArrayNode groups = NODES.arrayNode();
        rules().groups().forEach(group -> groups.add(RuleJson.write(group)));
        return groups;
      default:
        ArrayNode bundles = NODES.arrayNode();
        for (RuleGroup group : rules().groups()) {
          if (parts.length == 2 || parts[2].equals(group.id())) {
            ObjectNode bundle =
                NODES
                    .objectNode()
                    .put("group_id", group.id())
                    .put("group_index", group.index())
                    .put("group_override", group.override());
            bundle.set("rules", list(group.id()));
            bundles.add(bundle);
          }
        }
        return bundles;
    }
  }

  private ArrayNode list(String group) {
    ArrayNode list = NODES.arrayNode();
    for (Rule rule : rules().rules()) {
      if (group.isEmpty() || rule.group().equals(group)) {
        list.add(RuleJson.write(rule));
      }
    }
    return list;
  }

  private static String part(String[] parts, int index) {
    if (parts.length <= index) {
      throw new HttpApi.HttpRefused(400, "group and id of the rule are missing");
    }
    return parts[index];
  }

  private CompletableFuture<JsonNode> post(JsonNode body, String[] parts) {
    TreeMap<String, String> changes = new TreeMap<>();
    try {
      switch (parts[1]) {
        case "rule":
          put(changes, RuleJson.read(body));
          break;
        case "rules":
          body.forEach(one -> put(changes, RuleJson.read(one)));
          break;
        case "rule_group":
          RuleGroup group = RuleJson.readGroup(body);
          changes.put(PlacementSettings.RULE_GROUP + group.id(), RuleJson.write(group).toString());
          break;
        default:
          body.forEach(bundle -> replace(changes, bundle));
          break;
      }
    } catch (IllegalArgumentException e) {
      throw new HttpApi.HttpRefused(400, e.getMessage());
    }
    if (changes.isEmpty()) {
      throw new HttpApi.HttpRefused(400, "there is no rule in " + body);
    }
    return placement.change(changes, "Update rules successfully.");
  }

  private static void put(Map<String, String> changes, Rule rule) {
    changes.put(
        PlacementSettings.RULE + rule.group() + "/" + rule.id(), RuleJson.write(rule).toString());
  }

  /** A bundle takes the place of its group's rules. */
  private void replace(Map<String, String> changes, JsonNode bundle) {
    String group = bundle.path("group_id").asText();
    for (Rule old : written()) {
      if (old.group().equals(group)) {
        changes.put(PlacementSettings.RULE + group + "/" + old.id(), "");
      }
    }
    changes.put(
        PlacementSettings.RULE_GROUP + group,
        RuleJson.write(
                new RuleGroup(
                    group,
                    bundle.path("group_index").asInt(),
                    bundle.path("group_override").asBoolean()))
            .toString());
    bundle.path("rules").forEach(rule -> put(changes, RuleJson.read(rule)));
  }

  private CompletableFuture<JsonNode> delete(String[] parts) {
    TreeMap<String, String> changes = new TreeMap<>();
    if (parts[1].equals("rule")) {
      String id = part(parts, 2) + "/" + part(parts, 3);
      if (!isSet(PlacementSettings.RULE + id) && rules().find(parts[2], parts[3]).isPresent()) {
        throw new HttpApi.HttpRefused(
            400,
            "rule "
                + id
                + " is built in and holds while no rule of group "
                + parts[2]
                + " is set: set one in its place");
      }
      take(changes, PlacementSettings.RULE + id, "rule " + id);
    } else if (parts[1].equals("rule_group")) {
      take(changes, PlacementSettings.RULE_GROUP + part(parts, 2), "rule group " + parts[2]);
    } else {
      for (Rule rule : written()) {
        if (rule.group().equals(part(parts, 2))) {
          changes.put(PlacementSettings.RULE + rule.group() + "/" + rule.id(), "");
        }
      }
    }
    if (changes.isEmpty()) {
      throw new HttpApi.HttpRefused(404, "group " + parts[2] + " has no rules");
    }
    return placement.change(changes, "Delete rule successfully.");
  }

  private boolean isSet(String name) {
    return placement.cluster().settings().containsKey(name);
  }

  private void take(Map<String, String> changes, String name, String what) {
    if (!isSet(name)) {
      throw new HttpApi.HttpRefused(404, "there is no " + what);
    }
    changes.put(name, "");
  }
}
