package dev.kittiwake.cli.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Rows of JSON as columns for people. */
final class Table {
  private final Map<String, Function<JsonNode, String>> columns = new LinkedHashMap<>();

  /**
   * A column with what lies at {@code pointer}, e.g. {@code /store/id}; "-" if there is nothing.
   */
  Table column(String title, String pointer) {
    return column(title, row -> at(row, pointer));
  }

  Table column(String title, Function<JsonNode, String> value) {
    columns.put(title, value);
    return this;
  }

  static String at(JsonNode row, String pointer) {
    JsonNode found = row.at(pointer);
    return found.isMissingNode() || found.isNull() ? "-" : found.asText();
  }

  void print(Iterable<JsonNode> rows, PrintWriter out) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.copyOf(columns.keySet()));
    for (JsonNode row : rows) {
      lines.add(columns.values().stream().map(value -> value.apply(row)).toList());
    }
    int[] widths = new int[columns.size()];
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    for (List<String> line : lines) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        text.append(line.get(i)).append(" ".repeat(widths[i] - line.get(i).length() + 2));
      }
      out.println(text.toString().stripTrailing());
    }
    out.flush();
  }
}
