package dev.kittiwake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kittiwake.embedded.LocalCluster;
import dev.kittiwake.kv.KvConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code ctl} against three members of the placement driver and one store. */
class CtlTest {
  private static LocalCluster cluster;
  private static String pd; // of a member that does not lead

  @BeforeAll
  static void start() {
    cluster =
        LocalCluster.builder()
            .stores(1)
            .pd(3)
            .inMemory()
            .kv(KvConfig.fastTest())
            .listen("127.0.0.1", 0, 0)
            .start();
    int leader = cluster.pdLeader().orElse(1);
    pd = cluster.pdUrls().get(leader % 3).replaceFirst("^https?://", "");
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static CommandLineRun ctl(String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of("ctl"));
    all.addAll(List.of(words));
    all.addAll(List.of("--pd", pd));
    return CommandLineRun.of(all.toArray(new String[0]));
  }

  private static List<String> table(String... words) throws Exception {
    CommandLineRun run = ctl(words);
    assertEquals(0, run.status(), run.err());
    return run.out().lines().collect(Collectors.toList());
  }

  private static JsonNode json(String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of(words));
    all.add("--json");
    CommandLineRun run = ctl(all.toArray(new String[0]));
    assertEquals(0, run.status(), run.err());
    return new ObjectMapper().readTree(run.out());
  }

  @Test
  void storesAndRegionsAreTablesOrJson() throws Exception {
    List<String> stores = table("store");
    assertTrue(stores.get(0).startsWith("ID"), stores.toString());
    assertEquals(2, stores.size(), stores.toString());
    assertTrue(stores.get(1).contains("Up"), stores.get(1));
    long id = json("store").at("/stores/0/store/id").asLong();
    assertEquals(id, json("store", Long.toString(id)).at("/store/id").asLong());
    List<String> regions = table("region");
    assertTrue(regions.size() >= 2, regions.toString());
    long region = json("region").at("/regions/0/id").asLong();
    assertEquals(region, json("region", Long.toString(region)).path("id").asLong());
    assertEquals(region, json("region", "key", "anything").path("id").asLong());
    assertEquals(0, json("region", "check", "down-peer").path("count").asInt());
    assertTrue(json("region", "check", "miss-peer").path("count").asInt() >= 1, "one of three");
    assertTrue(json("region", "top", "size").path("count").asInt() >= 1);
    assertTrue(json("region", "store", Long.toString(id)).path("count").asInt() >= 1);
  }

  @Test
  void replicasAreCompared() throws Exception {
    JsonNode all = json("region", "verify", "--all");
    assertTrue(all.size() >= 1, all.toString());
    all.forEach(one -> assertEquals("same", one.path("conclusion").asText(), all.toString()));
    String region = all.get(0).path("region_id").asText();
    List<String> one = table("region", "verify", region);
    assertTrue(one.get(1).startsWith(region) && one.get(1).contains("same"), one.toString());
    CommandLineRun unknown = ctl("region", "verify", "999999");
    assertEquals(1, unknown.status());
    assertTrue(unknown.err().contains("999999"), unknown.err());
    assertEquals(2, ctl("region", "verify").status(), "which one?");
  }

  @Test
  void membersSayWhoLeads() throws Exception {
    List<String> members = table("member");
    assertEquals(4, members.size(), members.toString());
    assertEquals(1, members.stream().filter(line -> line.contains(" leader ")).count());
    assertEquals(3, json("member").path("members").size());
    assertTrue(json("member").at("/leader/name").asText().startsWith("pd-"));
  }

  @Test
  void labelsAndSettingsAreSetAndShown() throws Exception {
    String id = json("store").at("/stores/0/store/id").asText();
    assertEquals(0, ctl("store", "label", id, "zone=z1").status());
    assertTrue(table("label", "zone").get(1).contains("z1"));
    assertEquals(0, ctl("config", "set", "leader-schedule-limit", "7").status());
    assertEquals(7, json("config").at("/schedule/leader-schedule-limit").asInt());
    assertTrue(String.join("\n", table("config")).contains("schedule.leader-schedule-limit"));
  }

  @Test
  void loadLimitsAndWhatWasDoneAreTablesOrJson() throws Exception {
    long id = json("store").at("/stores/0/store/id").asLong();
    assertTrue(table("hot", "store").get(1).startsWith(Long.toString(id)));
    assertTrue(json("hot", "store").at("/bytes-write-rate").has(Long.toString(id)));
    assertTrue(table("store", "limit").get(1).startsWith(Long.toString(id)));
    assertTrue(table("operator", "history").get(0).startsWith("REGION"));
    assertTrue(json("operator", "history").isArray());
    assertEquals(List.of("Removed 0 tombstone stores."), table("store", "remove-tombstone"));
  }

  @Test
  void reportsOfRegionsAreMeasuredWithoutACluster() throws Exception {
    CommandLineRun run =
        CommandLineRun.of(
            "bench",
            "pd-heartbeats",
            "--stores",
            "3",
            "--regions",
            "200",
            "--rounds",
            "2",
            "--wanted",
            "1");
    assertEquals(0, run.status(), run.err());
    assertEquals(3, run.out().lines().count(), run.out());
    assertEquals(2, CommandLineRun.of("bench", "pd-heartbeats", "--stores", "2").status());
  }

  @Test
  void timestampsAreDecoded() throws Exception {
    List<String> lines = table("tso", "decode", Long.toString(1_700_000_000_000L << 18 | 5));
    assertTrue(lines.get(1).contains("2023-11-14T22:13:20Z"), lines.get(1));
    assertTrue(lines.get(1).stripTrailing().endsWith("5"), lines.get(1));
  }

  @Test
  void orderThatCannotBeFollowedIsOneLine() throws Exception {
    for (List<String> wrong :
        List.of(
            List.of("store", "999"),
            List.of("region", "999999"),
            List.of("region", "check", "odd-peer"),
            List.of("config", "set", "no-such-setting", "1"),
            List.of("member", "delete", "nobody"),
            List.of("placement-rules", "delete", "pd", "nobody"),
            List.of("store", "limit", "999"),
            List.of("tso", "reset", "1"))) {
      CommandLineRun run = ctl(wrong.toArray(new String[0]));
      assertEquals(1, run.status(), wrong + " " + run.out());
      assertEquals(1, run.complaint().size(), run.err());
      assertTrue(run.complaint().get(0).startsWith("kittiwake: "), run.err());
    }
  }

  @Test
  void wrongUsageIsOneLineAndToldByTheExitStatus() throws Exception {
    for (List<String> wrong :
        List.of(
            List.of("region", "verify"),
            List.of("region", "verify", "3", "--all"),
            List.of("region", "top", "bogus"),
            List.of("region", "top", "size", "--limit=-4"),
            List.of("region", "key", "--hex", "616"),
            List.of("region", "key", "--hex", "6162.."),
            List.of("store", "1x"),
            List.of("store", "label", "1", "zone"),
            List.of("operator", "add", "transfer-leader", "3"),
            List.of("operator", "add", "merge-region", "3", "4", "5"),
            List.of("operator", "add", "scatter-region", "3", "--key", "61"),
            List.of("tso", "abc"),
            List.of("tso", "decode", "soon"))) {
      CommandLineRun run = ctl(wrong.toArray(new String[0]));
      assertEquals(2, run.status(), wrong + " " + run.out() + run.err());
      assertEquals(1, run.complaint().size(), run.err());
    }
  }

  @Test
  void keysAreShownWholeAndTakenBackAsShown() throws Exception {
    JsonNode first = json("region").at("/regions/0");
    assertEquals("", first.path("start_key").asText());
    assertEquals(first.path("id"), json("region", "key", "--hex", "\"\"").path("id"));
    assertEquals(first.path("id"), json("region", "key", "--hex", "00").path("id"));
  }

  @Test
  void aRegionIsSplitWhereItIsSaid() throws Exception {
    String cut = "7A80FF".repeat(10); // no text, and longer than a table shows unasked
    String region = json("region", "key", "--hex", cut).path("id").asText();
    List<String> told = table("operator", "add", "split-region", region, "--key", cut);
    assertEquals(List.of("The operator is created."), told);
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    List<String> regions = table("region", "--wide");
    while (regions.stream().noneMatch(line -> line.contains(" " + cut + " "))) {
      assertTrue(System.nanoTime() < end, "never split: " + table("operator", "history"));
      regions = table("region", "--wide");
    }
    assertTrue(
        table("region").stream().anyMatch(line -> line.contains(cut.substring(0, 24) + "..")));
    assertEquals(
        cut,
        json("region", "key", "--hex", cut.toLowerCase(Locale.ROOT)).path("start_key").asText());
    assertTrue(table("region", "top", "writeflow").get(0).contains("WRITTEN BYTES"));
    List<String> scattered = table("operator", "add", "scatter-region", region);
    assertTrue(scattered.stream().noneMatch(line -> line.contains("{")), scattered.toString());
  }

  @Test
  void allSchedulersRestAndGoOn() throws Exception {
    assertEquals(0, ctl("scheduler", "pause", "all", "60").status());
    List<String> paused = table("scheduler");
    assertTrue(paused.get(0).matches("NAME +WORKS ON +PAUSED s"), paused.get(0));
    assertTrue(
        paused.stream().skip(1).allMatch(line -> line.matches(".* \\d+")), paused.toString());
    assertEquals(0, ctl("scheduler", "resume", "all").status());
    assertTrue(table("scheduler").stream().skip(1).allMatch(line -> line.endsWith("-")));
    assertTrue(table("gc").stream().anyMatch(line -> line.contains("never")));
  }

  @Test
  void thePortOfAStoreIsToldFromOneOfThePlacementDriver() throws Exception {
    String store = json("store").at("/stores/0/store/address").asText();
    CommandLineRun run = CommandLineRun.of("ctl", "store", "--pd", store);
    assertEquals(1, run.status());
    assertEquals(1, run.complaint().size(), run.err());
    assertTrue(run.complaint().get(0).contains("is it the port of a store?"), run.err());
  }

  @Test
  void noPlacementDriverIsOneLine() throws Exception {
    CommandLineRun run = CommandLineRun.of("ctl", "store", "--pd", "127.0.0.1:1");
    assertEquals(1, run.status());
    assertEquals(1, run.complaint().size(), run.err());
    assertTrue(run.complaint().get(0).contains("does not answer"), run.err());
    run = CommandLineRun.of("ctl", "store", "--pd", "no address at all");
    assertEquals(2, run.status());
    assertEquals(1, run.complaint().size(), run.err());
  }

  @Test
  void aMemberThatIsStartedWronglyIsOneLine() throws Exception {
    for (List<String> wrong :
        List.of(
            List.of("--initial-cluster", "a=h:1,b=h:2"),
            List.of("--name", "z", "--initial-cluster", "a=h:1,b=h:2"),
            List.of("--name", "a", "--initial-cluster", "a=h:1,b"),
            List.of("--name", "a", "--initial-cluster", "a=h:1,b=h:2", "--join", "h:1"),
            List.of("--name", "a", "--join", "nonsense"))) {
      List<String> all = new ArrayList<>(List.of("pd", "--data", "unused"));
      all.addAll(wrong);
      CommandLineRun run = CommandLineRun.of(all.toArray(new String[0]));
      assertEquals(2, run.status(), wrong + run.err());
      assertEquals(1, run.complaint().size(), run.err());
    }
  }
}
