package dev.kittiwake.testkit.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kittiwake.testkit.ledger.Ledger.Look;
import dev.kittiwake.testkit.ledger.Ledger.Row;
import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private final Ledger ledger = new Ledger();

  private void done(String key) {
    ledger.acknowledged(key, ledger.begin(key, false));
  }

  private void deleted(String key) {
    ledger.acknowledged(key, ledger.begin(key, true));
  }

  private List<String> see(Row... rows) {
    return ledger.look("a", "z").complaints(List.of(rows));
  }

  @Test
  void whatWasAcknowledgedMustBeThere() {
    done("k1");
    done("k1");
    done("k2");
    assertEquals(List.of(), see(new Row("k1", 2), new Row("k2", 1)));
    assertEquals(
        List.of("k1 shows write 1, but 2 was done"), see(new Row("k1", 1), new Row("k2", 1)));
    assertEquals(List.of("k2 is not there, but write 1 was done"), see(new Row("k1", 2)));
  }

  @Test
  void nothingShowsTwiceAndNothingThatNobodyWrote() {
    done("k1");
    assertEquals(List.of("k1 comes after k1"), see(new Row("k1", 1), new Row("k1", 1)));
    assertEquals(List.of("k2 was never written"), see(new Row("k1", 1), new Row("k2", 1)));
    assertEquals(List.of("k1 shows write 7, of which 1 were begun"), see(new Row("k1", 7)));
  }

  @Test
  void whatIsDeletedIsGone() {
    done("k1");
    deleted("k1");
    assertEquals(List.of(), see());
    assertEquals(List.of("k1 shows write 1, but 2 was done"), see(new Row("k1", 1)));
    done("k1");
    assertEquals(List.of("k1 is not there, but write 3 was done"), see());
  }

  @Test
  void aWriteWhoseEndNobodyKnowsMayShow() {
    done("k1");
    ledger.begin("k1", false);
    assertEquals(List.of(), see(new Row("k1", 1)));
    assertEquals(List.of(), see(new Row("k1", 2)));
    ledger.begin("k2", true);
    assertEquals(List.of(), see(new Row("k1", 2)));
  }

  @Test
  void aWriteThatFailedMustNotShow() {
    done("k1");
    ledger.refused("k1", ledger.begin("k1", false));
    assertEquals(List.of("k1 shows write 2, which failed"), see(new Row("k1", 2)));
    ledger.refused("k1", ledger.begin("k1", true));
    assertEquals(List.of("k1 is not there, but write 1 was done"), see());
  }

  @Test
  void writesDuringTheLookMayShowOrNot() {
    done("k1");
    Look look = ledger.look("a", "z");
    deleted("k1");
    done("k1");
    done("k2");
    assertEquals(List.of(), look.complaints(List.of(new Row("k1", 3), new Row("k2", 1))));
    look = ledger.look("a", "z");
    deleted("k1");
    assertEquals(List.of(), look.complaints(List.of(new Row("k1", 3), new Row("k2", 1))));
  }
}
