package dev.kittiwake.tpcc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What was noted survives the client, belongs to one database, and is not believed when damaged.
 */
class LedgerTest {
  @TempDir Path directory;

  @Test
  void aSavedLedgerIsReadBackForTheSameDatabaseOnly() throws IOException {
    Ledger ledger = new Ledger();
    ledger.acknowledge(order(3001));
    ledger.leaveOpen(order(3002));
    ledger.cover(new Ledger.Span(1, 2, 3001, 3003));
    ledger.save(directory, "jdbc:one");
    Ledger again = Ledger.read(directory, "jdbc:one");
    assertEquals(ledger.acknowledged(), again.acknowledged());
    assertEquals(ledger.undetermined(), again.undetermined());
    assertEquals(ledger.spans(), again.spans());
    assertTrue(Ledger.read(directory, "jdbc:two").isEmpty());
    Ledger.delete(directory);
    assertTrue(Ledger.read(directory, "jdbc:one").isEmpty());
  }

  @Test
  void aDamagedLedgerIsRefused() throws IOException {
    Ledger ledger = new Ledger();
    ledger.acknowledge(order(3001));
    ledger.save(directory, "jdbc:one");
    Path file = directory.resolve("ledger.txt");
    String whole = Files.readString(file);
    Files.writeString(file, whole.substring(0, whole.length() - 8));
    assertThrows(IOException.class, () -> Ledger.read(directory, "jdbc:one"));
  }

  /**
   * A refused order that is there after all, and a number acknowledged twice, are both violations.
   */
  @Test
  void anOrderNobodyAcknowledgedOrTwoClientsGotIsNoticed(@TempDir Path reports) throws Exception {
    try (TestDatabase database = TestDatabase.loaded("ledger", reports)) {
      Ledger ledger = new Ledger();
      ledger.cover(new Ledger.Span(1, 1, 30, 31));
      ledger.save(reports, database.options().maskedUrl());
      Finding refused = database.tpcc().check().ledger().orElseThrow();
      assertEquals(1, refused.offending());
      assertTrue(
          refused.examples().get(0).contains("reported as not committed"), refused::toString);

      long customer =
          database.number(
              "SELECT o_c_id FROM orders WHERE o_w_id = 1 AND o_d_id = 1 AND o_id = 30");
      long lines =
          database.number(
              "SELECT o_ol_cnt FROM orders WHERE o_w_id = 1 AND o_d_id = 1 AND o_id = 30");
      long cents =
          database.number(
              "SELECT SUM(ol_amount) * 100 FROM order_line WHERE ol_w_id = 1 AND ol_d_id = 1 AND ol_o_id = 30");
      Ledger.Order order =
          new Ledger.Order(1, 1, 30, (int) customer, (int) lines, BigDecimal.valueOf(cents, 2));
      ledger.leaveOpen(order);
      ledger.save(reports, database.options().maskedUrl());
      Finding open = database.tpcc().check().ledger().orElseThrow();
      assertTrue(open.holds(), open::toString);
      assertTrue(open.title().contains("1 undetermined, 1 of them committed"), open.title());

      ledger.acknowledge(order);
      ledger.acknowledge(order);
      ledger.save(reports, database.options().maskedUrl());
      Finding twice = database.tpcc().check().ledger().orElseThrow();
      assertEquals(1, twice.offending());
      assertTrue(twice.examples().get(0).endsWith("acknowledged twice"), twice::toString);
    }
  }

  private static Ledger.Order order(int number) {
    return new Ledger.Order(1, 2, number, 17, 9, new BigDecimal("123.45"));
  }
}
