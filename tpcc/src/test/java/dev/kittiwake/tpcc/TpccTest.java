package dev.kittiwake.tpcc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

/** Load, run, check and report on a small database: everything holds, and everything is told. */
class TpccTest {
  @TempDir Path reports;

  @Test
  void aRunKeepsAllConditionsAndTheLedgerNoticesALostOrder() throws Exception {
    try (TestDatabase database = TestDatabase.loaded("run", reports)) {
      RunResult run = database.tpcc().run();
      AuditResult audit = database.tpcc().check();
      assertTrue(audit.holds(), audit::toString);
      assertEquals(12, audit.conditions().size());
      assertTrue(audit.ledger().orElseThrow().checked() > 0);
      assertTrue(
          run.causes().stream().allMatch(cause -> cause.verdict().equals("CONFLICT")),
          run::toString);
      for (RunResult.OfType type : run.types()) {
        assertTrue(type.committed() > 0, type::toString);
        assertEquals(0, type.failed(), type::toString);
        assertTrue(
            type.latency().p50() <= type.latency().p99()
                && type.latency().p99() <= type.latency().max());
      }
      assertEquals(run.of(TransactionType.NEW_ORDER).committed() * 60.0 / 3, run.tpmC(), 0.001);
      assertEquals(4, run.series().size(), "0.2 s of warm-up and 3 s measured touch four seconds");

      long newest = database.number("SELECT MAX(o_id) FROM orders WHERE o_w_id = 1 AND o_d_id = 1");
      assertTrue(newest > TestDatabase.SMALL.customers());
      database.execute("DELETE FROM orders WHERE o_w_id = 1 AND o_d_id = 1 AND o_id = " + newest);
      Finding ledger = database.tpcc().check().ledger().orElseThrow();
      assertFalse(ledger.holds());
      assertEquals(1, ledger.offending());
      assertEquals(
          "warehouse 1 district 1 number " + newest + ": acknowledged, but the order is missing",
          ledger.examples().get(0));
    }
  }

  /**
   * Taken away with all its traces, no condition of the specification can notice it: only the
   * ledger does.
   */
  @Test
  void anOrderLostWithoutTraceIsNoticedByTheLedgerAlone() throws Exception {
    try (TestDatabase database = TestDatabase.loaded("lost", reports)) {
      database.tpcc().run();
      // the newest order of a district which is not delivered yet
      long key =
          database.number(
              "SELECT MAX(no_w_id * 10000000 + no_d_id * 100000 + no_o_id) FROM new_order JOIN district ON d_w_id = no_w_id"
                  + " AND d_id = no_d_id AND d_next_o_id = no_o_id + 1 WHERE no_o_id > 30");
      long w = key / 10_000_000;
      long d = key / 100_000 % 100;
      long o = key % 100_000;
      database.execute(
          "DELETE FROM orders WHERE o_w_id = %d AND o_d_id = %d AND o_id = %d".formatted(w, d, o));
      database.execute(
          "DELETE FROM new_order WHERE no_w_id = %d AND no_d_id = %d AND no_o_id = %d"
              .formatted(w, d, o));
      database.execute(
          "DELETE FROM order_line WHERE ol_w_id = %d AND ol_d_id = %d AND ol_o_id = %d"
              .formatted(w, d, o));
      database.execute(
          "UPDATE district SET d_next_o_id = d_next_o_id - 1 WHERE d_w_id = %d AND d_id = %d"
              .formatted(w, d));
      AuditResult audit = database.tpcc().check();
      assertTrue(audit.conditions().stream().allMatch(Finding::holds), audit::toString);
      assertFalse(audit.ledger().orElseThrow().holds());
      assertFalse(audit.holds());
    }
  }

  @Test
  void theReportsAreWrittenAndWellFormed() throws Exception {
    try (TestDatabase database = TestDatabase.loaded("reports", reports)) {
      RunResult run = database.tpcc().run();
      AuditResult audit = database.tpcc().check();
      TpccResult result =
          database.tpcc().report(Optional.empty(), Optional.of(run), Optional.of(audit));
      assertTrue(result.consistent());

      JsonNode json = new ObjectMapper().readTree(reports.resolve(Report.JSON).toFile());
      assertTrue(json.get("tpmC").asDouble() > 0);
      assertTrue(json.get("consistent").asBoolean());
      assertEquals(12, json.get("consistency").get("conditions").size());
      assertEquals(5, json.get("transactions").size());
      assertTrue(json.get("transactions").get("new_order").get("p99").asDouble() > 0);
      assertEquals(run.series().size(), json.get("series").size());
      assertTrue(json.get("machine").get("database").asText().startsWith("H2"));

      String summary = Files.readString(reports.resolve(Report.SUMMARY));
      assertTrue(summary.contains("12 of 12 consistency conditions hold"), summary);
      String html = Files.readString(reports.resolve(Report.HTML));
      assertFalse(
          html.contains("<script") || html.contains("http"),
          "the page needs nothing from elsewhere");
      int drawings = 0;
      for (int from = html.indexOf("<svg"); from >= 0; from = html.indexOf("<svg", from + 1)) {
        String svg = html.substring(from, html.indexOf("</svg>", from) + 6);
        assertFalse(svg.contains("NaN") || svg.contains("Infinity"), svg);
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg)));
        drawings++;
      }
      assertEquals(2, drawings);
    }
  }

  @Test
  void theSameSeedLoadsTheSameRowsWithAnyNumberOfThreads() throws Exception {
    long[] sums = new long[2];
    for (int threads : new int[] {1, 4}) {
      TpccOptions options =
          TestDatabase.options("jdbc:h2:mem:seed" + threads + ";DB_CLOSE_DELAY=-1", reports)
              .loaders(threads)
              .build();
      LoadResult loaded = new Tpcc(options, Progress.silent()).load();
      try (var connection = java.sql.DriverManager.getConnection(options.url());
          var statement = connection.createStatement()) {
        try (var row =
            statement.executeQuery(
                "SELECT SUM(ORA_HASH(c_data || c_last)) + (SELECT SUM(ORA_HASH(s_data)) FROM stock) + (SELECT"
                    + " SUM(ORA_HASH(ol_dist_info || ol_amount)) FROM order_line) FROM customer")) {
          row.next();
          sums[threads == 1 ? 0 : 1] = row.getLong(1);
        }
        try (var row = statement.executeQuery("SELECT COUNT(*) FROM order_line")) {
          row.next();
          long lines = row.getLong(1);
          long rest = 200 + 2 * (1 + 200 + 10 * (1 + 30 * 3 + 9));
          assertEquals(rest + lines, loaded.rows(), "every row is counted once");
        }
        statement.execute("SHUTDOWN");
      }
    }
    assertEquals(sums[0], sums[1]);
  }

  @Test
  void moreWarehousesThanLoadedAndSenselessOptionsAreRefused() throws Exception {
    try (TestDatabase database = TestDatabase.loaded("refused", reports)) {
      TpccOptions more =
          TestDatabase.options(database.options().url(), reports).warehouses(3).build();
      String message =
          assertThrows(TpccException.class, () -> new Tpcc(more, Progress.silent()).run())
              .getMessage();
      assertTrue(message.startsWith("the database has 2 warehouses, the run asks for 3"), message);
    }
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> TpccOptions.builder("jdbc:x").terminals(0).build())
            .getMessage();
    assertEquals("terminals must be 1 to 10000, not 0", message);
    assertEquals(
        "jdbc:x://***@host/db?user=***&password=***",
        TpccOptions.builder("jdbc:x://me:secret@host/db?user=me&password=secret")
            .build()
            .maskedUrl());
  }

  /** The real size: a hundred thousand items, thirty thousand customers. */
  @Test
  @Tag("long")
  void aFullWarehouseLoadsRunsAndHolds() throws Exception {
    TpccOptions options =
        TpccOptions.builder("jdbc:h2:mem:full;DB_CLOSE_DELAY=-1")
            .duration(Duration.ofSeconds(20))
            .reports(reports)
            .build();
    TpccResult result = new Tpcc(options, Progress.silent()).all();
    try (var connection = java.sql.DriverManager.getConnection(options.url())) {
      connection.createStatement().execute("SHUTDOWN");
    }
    assertTrue(result.consistent(), () -> Report.summary(result));
    assertTrue(result.load().orElseThrow().rows() > 550_000);
    System.out.println(Report.summary(result));
  }
}
