package dev.kittiwake.sql.plan;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** No statement of a TPC-C transaction reads a whole table, whatever the statistics say. */
class TpccPlansTest {
  private static final List<String> WHOLE_TABLES = List.of("Run", "Books");

  private final PlanSession session = new PlanSession();

  @BeforeEach
  void schema() {
    session.load("tpcc-schema.sql");
  }

  @TestFactory
  Stream<DynamicTest> everyTransactionReadsByKey() throws IOException {
    return statements().stream()
        .map(sql -> DynamicTest.dynamicTest(sql, () -> assertByKey(plan(sql), sql)));
  }

  @TestFactory
  Stream<DynamicTest> alsoWithTinyTablesAnalyzed() throws IOException {
    for (String table :
        List.of(
            "warehouse",
            "district",
            "customer",
            "orders",
            "new_order",
            "stock",
            "item",
            "order_line")) {
      session.run(List.of("rows " + table + " 1;"));
    }
    return statements().stream()
        .map(sql -> DynamicTest.dynamicTest(sql, () -> assertByKey(plan(sql), sql)));
  }

  @Test
  void theWatchdogItselfBarks() {
    assertTrue(readsAll(plan("select * from item where i_name = 'x'")));
  }

  private PhysicalPlan plan(String sql) {
    return ((Statement.Planned) session.plan(sql)).plan();
  }

  private static void assertByKey(PhysicalPlan plan, String sql) {
    assertFalse(readsAll(plan), () -> sql + "\n" + String.join("\n", ExplainText.of(plan)));
  }

  private static boolean readsAll(PhysicalPlan plan) {
    boolean all =
        plan instanceof PhysicalPlan.TableScan scan
                && scan.ranges().stream().anyMatch(KeyRange::isAll)
            || plan instanceof PhysicalPlan.IndexScan index
                && index.ranges().stream().anyMatch(KeyRange::isAll);
    return all || plan.inputs().stream().anyMatch(TpccPlansTest::readsAll);
  }

  /** The statements of the golden script, without those that mean to read everything. */
  private static List<String> statements() throws IOException {
    List<String> found =
        Stream.of(
                Files.readString(Path.of("src/test/resources/plans/tpcc.script"))
                    .split("(?m)^# TPC-C, "))
            .filter(c -> !c.isBlank() && WHOLE_TABLES.stream().noneMatch(c::startsWith))
            .flatMap(
                c ->
                    PlanSession.statements(
                        c.substring(0, c.indexOf("---")).lines().skip(2).toList())
                        .stream())
            .toList();
    assertTrue(found.size() > 30, "found only " + found.size());
    return found;
  }
}
