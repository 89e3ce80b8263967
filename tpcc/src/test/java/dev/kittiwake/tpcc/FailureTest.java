package dev.kittiwake.tpcc;

import static dev.kittiwake.tpcc.Failure.Verdict.CONFLICT;
import static dev.kittiwake.tpcc.Failure.Verdict.CONNECTION;
import static dev.kittiwake.tpcc.Failure.Verdict.PERMANENT;
import static dev.kittiwake.tpcc.Failure.Verdict.UNDETERMINED;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** Only an error that proves that nothing was committed lets a transaction be tried again. */
class FailureTest {
  @Test
  void beforeTheCommitTheStateDecides() {
    assertEquals(CONFLICT, verdict("40001", false));
    assertEquals(CONFLICT, verdict("40P01", false));
    assertEquals(CONFLICT, verdict("55P03", false));
    assertEquals(CONFLICT, verdict("HYT00", false));
    assertEquals(CONNECTION, verdict("08006", false));
    assertEquals(CONNECTION, verdict("57P01", false));
    assertEquals(UNDETERMINED, verdict("08007", false));
    assertEquals(PERMANENT, verdict("42000", false));
    assertEquals(PERMANENT, verdict(null, false));
  }

  @Test
  void aCommitThatWasNotRefusedMayHaveHappened() {
    assertEquals(CONFLICT, verdict("40001", true));
    assertEquals(PERMANENT, verdict("23505", true));
    assertEquals(UNDETERMINED, verdict("40003", true));
    assertEquals(UNDETERMINED, verdict("08006", true));
    assertEquals(UNDETERMINED, verdict("HYT00", true));
    assertEquals(UNDETERMINED, verdict("57P01", true));
    assertEquals(UNDETERMINED, verdict(null, true));
  }

  @Test
  void theStateIsFoundBehindABatchAndBehindAWrapper() {
    BatchUpdateException batch = new BatchUpdateException("batch", null, new int[0]);
    batch.setNextException(new SQLException("deadlock", "40001"));
    assertEquals(CONFLICT, Failure.of(batch, false).verdict());
    SQLException wrapper = new SQLException("outer", new SQLException("gone", "08003"));
    assertEquals(CONNECTION, Failure.of(wrapper, false).verdict());
  }

  private static Failure.Verdict verdict(String state, boolean committing) {
    return Failure.of(new SQLException("text", state), committing).verdict();
  }
}
