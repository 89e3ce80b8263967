package dev.kittiwake.tpcc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Refused statements, lost connections and lost answers end no run, lose no order and enter none
 * twice.
 */
class UnderFireTest {
  private static final long SEED = Long.getLong("seed", 8841);

  @TempDir Path reports;

  @Test
  void loadRunAndCheckPassThroughADatabaseThatFailsAllTheTime() throws Exception {
    System.out.println("UnderFireTest: replay with -Dseed=" + SEED);
    FlakyDriver driver = new FlakyDriver(SEED);
    DriverManager.registerDriver(driver);
    String real = "jdbc:h2:mem:fire;DB_CLOSE_DELAY=-1";
    try {
      TpccOptions options = TestDatabase.options("jdbc:flaky:" + real, reports).build();
      Tpcc tpcc = TestDatabase.working(options);
      tpcc.load();
      long lostWhileLoading = driver.lostAfterCommit() + driver.lostBeforeCommit();
      assertTrue(TestDatabase.working(options).check().holds(), "the load is whole");
      RunResult run = tpcc.run();
      AuditResult audit = tpcc.check();

      assertTrue(audit.holds(), audit::toString);
      assertTrue(
          driver.lostAfterCommit() > 0 && driver.lostBeforeCommit() > 0,
          "both kinds of loss were met");
      assertTrue(driver.lostAfterCommit() + driver.lostBeforeCommit() > lostWhileLoading);
      assertTrue(run.undetermined() > 0, () -> run.causes().toString());
      assertTrue(
          run.types().stream().mapToLong(RunResult.OfType::retries).sum() > 0,
          () -> run.causes().toString());
      assertEquals(
          0,
          run.types().stream().mapToLong(RunResult.OfType::failed).sum(),
          () -> run.causes().toString());
      assertEquals(0, run.stuckTerminals());
    } finally {
      DriverManager.deregisterDriver(driver);
      try (var connection = DriverManager.getConnection(real);
          var statement = connection.createStatement()) {
        statement.execute("SHUTDOWN");
      }
    }
  }
}
