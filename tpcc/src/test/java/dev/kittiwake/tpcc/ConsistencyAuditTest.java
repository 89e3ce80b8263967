package dev.kittiwake.tpcc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A fresh database passes all conditions, and each condition notices the damage it is there for.
 */
class ConsistencyAuditTest {
  @TempDir Path reports;

  /**
   * One change, how to take it back, and which conditions must notice; the first is the one it was
   * made for.
   */
  private record Damage(String change, String repair, List<Integer> noticed) {}

  private static final List<Damage> DAMAGES =
      List.of(
          new Damage(
              "UPDATE warehouse SET w_ytd = w_ytd + 1 WHERE w_id = 2",
              "UPDATE warehouse SET w_ytd = w_ytd - 1 WHERE w_id = 2",
              List.of(1, 8)),
          new Damage(
              "UPDATE district SET d_next_o_id = d_next_o_id + 1 WHERE d_w_id = 1 AND d_id = 3",
              "UPDATE district SET d_next_o_id = d_next_o_id - 1 WHERE d_w_id = 1 AND d_id = 3",
              List.of(2)),
          new Damage(
              "DELETE FROM new_order WHERE no_w_id = 2 AND no_d_id = 10 AND no_o_id = 25",
              "INSERT INTO new_order VALUES (2, 10, 25)",
              List.of(3, 5, 11)),
          new Damage(
              "UPDATE orders SET o_ol_cnt = o_ol_cnt + 1 WHERE o_w_id = 1 AND o_d_id = 1 AND o_id = 1",
              "UPDATE orders SET o_ol_cnt = o_ol_cnt - 1 WHERE o_w_id = 1 AND o_d_id = 1 AND o_id = 1",
              List.of(4, 6)),
          new Damage(
              "UPDATE orders SET o_carrier_id = 5 WHERE o_w_id = 1 AND o_d_id = 2 AND o_id = 30",
              "UPDATE orders SET o_carrier_id = NULL WHERE o_w_id = 1 AND o_d_id = 2 AND o_id = 30",
              List.of(5, 7)),
          // one line too many here and one too few there: the district's sum, condition 4, still
          // agrees
          new Damage(
              "UPDATE order_line SET ol_o_id = 2, ol_number = 99 WHERE ol_w_id = 1 AND ol_d_id = 1 AND ol_o_id = 1"
                  + " AND ol_number = 1",
              "UPDATE order_line SET ol_o_id = 1, ol_number = 1 WHERE ol_w_id = 1 AND ol_d_id = 1 AND ol_o_id = 2"
                  + " AND ol_number = 99",
              List.of(6)),
          new Damage(
              "UPDATE order_line SET ol_delivery_d = NULL WHERE ol_w_id = 2 AND ol_d_id = 1 AND ol_o_id = 4"
                  + " AND ol_number = 2",
              "UPDATE order_line SET ol_delivery_d = CURRENT_TIMESTAMP WHERE ol_w_id = 2 AND ol_d_id = 1 AND ol_o_id = 4"
                  + " AND ol_number = 2",
              List.of(7)),
          // a payment that only the history knows of
          new Damage(
              "INSERT INTO history VALUES (1, 1, 1, 4, 1, CURRENT_TIMESTAMP, 7.00, 'planted')",
              "DELETE FROM history WHERE h_data = 'planted'",
              List.of(8, 9, 10)),
          new Damage(
              "UPDATE history SET h_d_id = 5 WHERE h_w_id = 1 AND h_d_id = 6 AND h_c_id = 11",
              "UPDATE history SET h_d_id = 6 WHERE h_w_id = 1 AND h_d_id = 5 AND h_c_d_id = 6",
              List.of(9)),
          new Damage(
              "UPDATE customer SET c_balance = c_balance + 1, c_ytd_payment = c_ytd_payment - 1 WHERE c_w_id = 2 AND"
                  + " c_d_id = 2 AND c_id = 9",
              "UPDATE customer SET c_balance = c_balance - 1, c_ytd_payment = c_ytd_payment + 1 WHERE c_w_id = 2 AND"
                  + " c_d_id = 2 AND c_id = 9",
              List.of(10)),
          new Damage(
              "UPDATE customer SET c_delivery_cnt = 1 WHERE c_w_id = 1 AND c_d_id = 1 AND c_id = 30",
              "UPDATE customer SET c_delivery_cnt = 0 WHERE c_w_id = 1 AND c_d_id = 1 AND c_id = 30",
              List.of(11)),
          new Damage(
              "UPDATE customer SET c_ytd_payment = c_ytd_payment + 3 WHERE c_w_id = 2 AND c_d_id = 7 AND c_id = 1",
              "UPDATE customer SET c_ytd_payment = c_ytd_payment - 3 WHERE c_w_id = 2 AND c_d_id = 7 AND c_id = 1",
              List.of(12)));

  @Test
  void everyConditionHoldsAfterLoadingAndFailsOnItsPlantedDamage() throws Exception {
    try (TestDatabase database = TestDatabase.loaded("damage", reports)) {
      AuditResult fresh = database.tpcc().check();
      assertTrue(fresh.holds(), () -> fresh.toString());
      assertEquals(12, fresh.conditions().size());
      assertTrue(fresh.conditions().stream().allMatch(finding -> finding.checked() > 0));
      assertTrue(fresh.ledger().isEmpty(), "nothing was run");
      for (int number = 1; number <= 12; number++) {
        Damage damage = DAMAGES.get(number - 1);
        assertEquals(1, database.execute(damage.change()), damage.change());
        AuditResult found = database.tpcc().check();
        assertTrue(
            damage.noticed().contains(number), "the damage is meant for condition " + number);
        assertEquals(new TreeSet<>(damage.noticed()), failing(found), damage.change());
        assertTrue(
            found.conditions().get(number - 1).examples().get(0).startsWith("warehouse "),
            found::toString);
        assertEquals(1, database.execute(damage.repair()), damage.repair());
      }
      assertTrue(database.tpcc().check().holds(), "all repaired");
    }
  }

  private static TreeSet<Integer> failing(AuditResult audit) {
    return audit.conditions().stream()
        .filter(finding -> !finding.holds())
        .map(finding -> audit.conditions().indexOf(finding) + 1)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void anOrderWithoutDistrictOrANewOrderWithoutOrderIsNoticed() throws Exception {
    try (TestDatabase database = TestDatabase.loaded("orphans", reports)) {
      database.execute("INSERT INTO new_order VALUES (1, 1, 31)");
      assertEquals(new TreeSet<>(List.of(2, 5, 11)), failing(database.tpcc().check()));
      database.execute("DELETE FROM district WHERE d_w_id = 1 AND d_id = 1");
      assertFalse(database.tpcc().check().conditions().get(0).holds());
    }
  }

  @Test
  void anUnloadedDatabaseIsOneClearMessage() {
    TpccOptions options = TestDatabase.options("jdbc:h2:mem:empty", reports).build();
    Tpcc tpcc = new Tpcc(options, Progress.silent());
    TpccException check = assertThrows(TpccException.class, tpcc::check);
    assertTrue(check.getMessage().contains("WAREHOUSE"), check.getMessage());
    TpccException run = assertThrows(TpccException.class, tpcc::run);
    assertTrue(
        run.getMessage().startsWith("looking for the tables (load the database first)"),
        run.getMessage());
    TpccException url =
        assertThrows(
            TpccException.class,
            () ->
                new Tpcc(TpccOptions.builder("jdbc:nothing:x").build(), Progress.silent()).load());
    assertTrue(
        url.getMessage().startsWith("cannot connect to jdbc:nothing:x: No suitable driver"),
        url.getMessage());
  }
}
