package dev.kittiwake.pd.placement;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Rules as they are written down: the fields of TiKV's rule bundles. */
public final class RuleJson {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private RuleJson() {}

  public static ObjectNode write(Rule rule) {
    ObjectNode node =
        JsonNodeFactory.instance
            .objectNode()
            .put("group_id", rule.group())
            .put("id", rule.id())
            .put("index", rule.index());
    if (rule.override()) {
      node.put("override", true);
    }
    node.put("start_key", hex(rule.range().start()))
        .put("end_key", hex(rule.range().end()))
        .put("role", rule.role().text())
        .put("count", rule.count());
    if (!rule.constraints().isEmpty()) {
      ArrayNode constraints = node.putArray("label_constraints");
      for (LabelConstraint constraint : rule.constraints()) {
        ObjectNode one =
            constraints.addObject().put("key", constraint.key()).put("op", constraint.op().text());
        ArrayNode values = one.putArray("values");
        constraint.values().forEach(values::add);
      }
    }
    if (!rule.locationLabels().isEmpty()) {
      ArrayNode labels = node.putArray("location_labels");
      rule.locationLabels().forEach(labels::add);
    }
    if (!rule.isolationLevel().isEmpty()) {
      node.put("isolation_level", rule.isolationLevel());
    }
    return node;
  }

  /**
   * @throws IllegalArgumentException one line naming the field and its value
   */
  public static Rule read(JsonNode node) {
    List<LabelConstraint> constraints = new ArrayList<>();
    for (JsonNode one : node.path("label_constraints")) {
      constraints.add(
          new LabelConstraint(
              one.path("key").asText(),
              LabelConstraint.Op.of(one.path("op").asText()),
              texts(one, "values")));
    }
    return new Rule(
        node.path("group_id").asText(Rule.DEFAULT_GROUP),
        node.path("id").asText(),
        node.path("index").asInt(),
        node.path("override").asBoolean(),
        new KeyRange(key(node, "start_key"), key(node, "end_key")),
        role(node.path("role").asText("voter")),
        node.path("count").asInt(),
        constraints,
        texts(node, "location_labels"),
        node.path("isolation_level").asText(""));
  }

  /**
   * @throws IllegalArgumentException if the text is no rule
   */
  public static Rule read(String text) {
    return read(parse(text));
  }

  public static ObjectNode write(RuleGroup group) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", group.id())
        .put("index", group.index())
        .put("override", group.override());
  }

  /**
   * @throws IllegalArgumentException one line naming the field and its value
   */
  public static RuleGroup readGroup(JsonNode node) {
    return new RuleGroup(
        node.path("id").asText(), node.path("index").asInt(), node.path("override").asBoolean());
  }

  public static RuleGroup readGroup(String text) {
    return readGroup(parse(text));
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no rule: " + text, e);
    }
  }

  private static Rule.Role role(String text) {
    try {
      return Rule.Role.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "role \"" + text + "\" is not one of voter, leader, follower, learner", e);
    }
  }

  private static String hex(Key key) {
    return HEX.formatHex(key.toBytes());
  }

  private static Key key(JsonNode node, String field) {
    String text = node.path(field).asText("");
    try {
      return Key.wrap(HexFormat.of().parseHex(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(field + " \"" + text + "\" is not in hexadecimal", e);
    }
  }

  private static List<String> texts(JsonNode node, String field) {
    JsonNode list = node.path(field);
    List<String> texts = new ArrayList<>();
    boolean isList = list.isMissingNode() || list.isNull() || list.isArray();
    for (JsonNode text : list) {
      isList &= text.isValueNode();
      texts.add(text.asText());
    }
    if (!isList) {
      throw new IllegalArgumentException(field + " " + list + " is not a list of texts");
    }
    return texts;
  }
}
