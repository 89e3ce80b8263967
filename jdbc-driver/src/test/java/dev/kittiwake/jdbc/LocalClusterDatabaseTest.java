package dev.kittiwake.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.sql.ExecuteOptions;
import dev.kittiwake.sql.Result;
import dev.kittiwake.sql.SessionOptions;
import dev.kittiwake.sql.SessionSource;
import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real cluster behind {@code mem:} and {@code file:}; the rest is tested on a store in memory.
 */
class LocalClusterDatabaseTest {
  @TempDir Path directory;

  private static Result run(SqlSession session, String sql) {
    return session.execute(sql, List.of(), ExecuteOptions.DEFAULT);
  }

  @Test
  void aDatabaseInMemoryTakesSql() {
    try (SessionSource database = new LocalClusterDatabase().open(null, 1);
        SqlSession session = database.open(SessionOptions.DEFAULT)) {
      run(session, "CREATE TABLE T (A INT PRIMARY KEY)");
      assertEquals(2, ((Result.Count) run(session, "INSERT INTO T VALUES (1), (2)")).updateCount());
    }
  }

  @Test
  void aDatabaseInFilesIsThereAgain() {
    try (SessionSource database = new LocalClusterDatabase().open(directory, 1);
        SqlSession session = database.open(SessionOptions.DEFAULT)) {
      run(session, "CREATE TABLE T (A INT PRIMARY KEY)");
      run(session, "INSERT INTO T VALUES (7)");
    }
    try (SessionSource database = new LocalClusterDatabase().open(directory, 1);
        SqlSession session = database.open(SessionOptions.DEFAULT)) {
      Result.Rows rows = (Result.Rows) run(session, "SELECT A FROM T");
      assertTrue(rows.cursor().next());
      assertEquals(7, rows.cursor().longValue(0));
    }
  }

  @Test
  void aFileInTheWayIsOneClearLine() throws Exception {
    Path file = Files.writeString(directory.resolve("taken"), "x");
    SqlError refused =
        assertThrows(SqlError.class, () -> new LocalClusterDatabase().open(file, 1).close());
    assertEquals("08001", refused.sqlState());
    assertTrue(refused.getMessage().contains(file.toString()), refused.getMessage());
  }
}
