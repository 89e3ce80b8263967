package dev.kittiwake.cli.chaos.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kittiwake.cli.chaos.Event;
import dev.kittiwake.cli.chaos.Finding;
import dev.kittiwake.cli.chaos.report.Outcome.Outage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a run: figures, pages. */
class OutcomeTest {
  @TempDir Path directory;

  @Test
  void aPercentileIsAWaitThatWasSeen() {
    Waits waits = new Waits("w", LongStream.rangeClosed(1, 200).boxed().toList());
    assertEquals(100, waits.percentile(50));
    assertEquals(198, waits.percentile(99));
    assertEquals(200, waits.max());
    assertEquals("w: not measured", new Waits("w", List.of()).line());
    assertEquals(7, new Waits("w", List.of(7L)).percentile(99));
  }

  @Test
  void secondsWithoutAnAnswerAreOutages() {
    List<Integer> done = List.of(0, 0, 5, 0, 0, 0, 2, 0, 9, 0);
    assertEquals(
        List.of(new Outage("x", 3, 6), new Outage("x", 7, 8), new Outage("x", 9, 10)),
        Outages.of("x", done, 2, 10));
    assertEquals(List.of(), Outages.of("x", done, 8, 9));
  }

  @Test
  void theReportsSayWhatHappened() throws Exception {
    Outcome outcome = outcome(true);
    ResultJson.write(outcome, directory.resolve("result.json"));
    JsonNode json = new ObjectMapper().readTree(directory.resolve("result.json").toFile());
    assertTrue(json.get("holds").asBoolean());
    assertEquals(12, json.get("seed").asInt());
    assertEquals("kill-store", json.get("events").get(0).get("kind").asText());
    assertEquals(2_000, json.get("failOver").get(0).get("p99Millis").asInt());
    Timeline.write(outcome, directory.resolve("timeline.html"));
    String page = Files.readString(directory.resolve("timeline.html"));
    assertTrue(page.contains("all promises kept"), page);
    assertTrue(page.contains("kill -9 kv1 &lt;here&gt;"), "text is escaped");
    assertFalse(page.contains("http://") || page.contains("https://"), "needs nothing else");
  }

  @Test
  void aBrokenPromiseIsShownWithItsEvidence() {
    Outcome outcome = outcome(false);
    assertFalse(outcome.holds());
    String page = Timeline.page(outcome);
    assertTrue(page.contains("a promise was broken"));
    assertTrue(page.contains("T4 read x = 1"));
  }

  @Test
  void whatAJudgeCouldNotJudgeIsTold() {
    String page = Timeline.page(outcome(true));
    assertTrue(page.contains("key 7: too many configurations, not judged"));
  }

  private static Outcome outcome(boolean holds) {
    return new Outcome(
        Map.of("seed", 12),
        List.of("full-disk is skipped: mounting needs root"),
        List.of(
            new Event(1, "kill-store", "kill -9 kv1 <here>", 3_000, 4_000, 5_500, List.of("note")),
            new Event(2, "pause", "SIGSTOP kv2", 7_000, 7_500, holds ? 8_000 : -1, List.of())),
        List.of(
            new Finding(
                "register",
                "linearizable",
                holds,
                "",
                holds
                    ? List.of("key 7: too many configurations, not judged")
                    : List.of("T4 read x = 1"))),
        1_000,
        10_000,
        List.of(
            new Outcome.Series(
                "TPC-C",
                List.of(0, 9, 8, 0, 0, 7, 9, 9, 9, 9),
                List.of(0, 0, 0, 3, 0, 0, 0, 0, 0, 0))),
        List.of(new Waits("fail-over of a region", List.of(1_000L, 2_000L))),
        List.of(new Outage("TPC-C", 3, 5)));
  }
}
