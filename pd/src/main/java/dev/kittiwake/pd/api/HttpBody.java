package dev.kittiwake.pd.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * The body of a request, read strictly: what is missing or of another kind is refused by its name,
 * with what was given and what is possible.
 */
record HttpBody(JsonNode json) {
  boolean has(String field) {
    return json.hasNonNull(field);
  }

  /** A whole number between two bounds, both possible. */
  long whole(String field, long min, long max, String meaning) {
    JsonNode value = json.path(field);
    if (value.isNumber()
        && value.doubleValue() == Math.rint(value.doubleValue())
        && value.doubleValue() >= min
        && value.doubleValue() <= max) {
      return value.asLong();
    }
    throw refused(field, "a whole number from " + min + " to " + max + " (" + meaning + ")");
  }

  /** A weight, not below 0. */
  double weight(String field) {
    JsonNode value = json.path(field);
    if (value.isNumber() && value.doubleValue() >= 0 && Double.isFinite(value.doubleValue())) {
      return value.doubleValue();
    }
    throw refused(field, "a weight: a number from 0 on");
  }

  /** One of these texts, or none if the field is not there. */
  String oneOf(String field, List<String> possible) {
    JsonNode value = json.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    if (value.isTextual() && possible.contains(value.asText())) {
      return value.asText();
    }
    throw refused(field, "one of " + possible);
  }

  /** Refuses fields that would have no effect. */
  void hasOnly(String... known) {
    if (!json.isObject()) {
      throw new HttpApi.HttpRefused(
          400, "the body must be an object with " + List.of(known) + ", not " + json);
    }
    json.fieldNames()
        .forEachRemaining(
            name -> {
              if (!List.of(known).contains(name)) {
                throw new HttpApi.HttpRefused(
                    400, "\"" + name + "\" is not one of the fields " + List.of(known));
              }
            });
  }

  HttpApi.HttpRefused refused(String field, String wanted) {
    JsonNode value = json.path(field);
    return new HttpApi.HttpRefused(
        400,
        value.isMissingNode()
            ? "\"" + field + "\" is missing in " + json + ": it must be " + wanted
            : field + " = " + value + " is not possible, it must be " + wanted);
  }
}
