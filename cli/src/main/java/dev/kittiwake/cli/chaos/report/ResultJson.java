package dev.kittiwake.cli.chaos.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.kittiwake.cli.chaos.Event;
import dev.kittiwake.cli.chaos.Finding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The outcome as {@code result.json}. */
public final class ResultJson {
  private ResultJson() {}

  public static void write(Outcome outcome, Path file) throws IOException {
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(file.toFile(), tree(outcome));
  }

  static Map<String, Object> tree(Outcome outcome) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("holds", outcome.holds());
    tree.putAll(outcome.facts());
    tree.put("skipped", outcome.skipped());
    tree.put("failOver", outcome.failOver().stream().map(ResultJson::waits).toList());
    tree.put("findings", outcome.findings().stream().map(ResultJson::finding).toList());
    tree.put(
        "outages",
        outcome.outages().stream()
            .map(
                outage ->
                    ordered(
                        "workload", outage.workload(),
                        "fromSecond", outage.fromSecond(),
                        "seconds", outage.seconds()))
            .toList());
    tree.put("events", outcome.events().stream().map(ResultJson::event).toList());
    tree.put("workStartSeconds", outcome.workStartMillis() / 1e3);
    tree.put("workEndSeconds", outcome.workEndMillis() / 1e3);
    tree.put(
        "series",
        outcome.series().stream()
            .map(
                series ->
                    ordered(
                        "name", series.name(),
                        "donePerSecond", series.done(),
                        "failedPerSecond", series.failed()))
            .toList());
    return tree;
  }

  private static Map<String, Object> waits(Waits waits) {
    return ordered(
        "name", waits.name(),
        "count", waits.count(),
        "p50Millis", waits.percentile(50),
        "p99Millis", waits.percentile(99),
        "maxMillis", waits.max(),
        "millis", waits.millis());
  }

  private static Map<String, Object> finding(Finding finding) {
    return ordered(
        "group", finding.group(),
        "promise", finding.promise(),
        "holds", finding.holds(),
        "detail", finding.detail(),
        "evidence", finding.evidence());
  }

  private static Map<String, Object> event(Event event) {
    return ordered(
        "number", event.number(),
        "kind", event.kind(),
        "text", event.text(),
        "startSeconds", event.startMillis() / 1e3,
        "endSeconds", event.endMillis() / 1e3,
        "recoveredSeconds", event.recovered() ? (Object) (event.recoveredMillis() / 1e3) : "never",
        "notes", event.notes());
  }

  private static Map<String, Object> ordered(Object... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }
}
