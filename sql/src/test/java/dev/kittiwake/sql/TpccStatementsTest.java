package dev.kittiwake.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.client.txn.MemoryTransactionClient;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.JDBCType;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every statement of TPC-C runs, and the frequent ones cost no more requests than they must. */
class TpccStatementsTest {
  private final MemoryTransactionClient store = new MemoryTransactionClient();
  private final SqlEngine engine =
      new SqlEngine(
          store,
          SqlConfig.DEFAULT,
          new SqlRuntime(
              InstantSource.system(),
              () -> 0, // no time passes: the catalog is not looked at again because it is old
              Runnable::run,
              millis -> {},
              ZoneOffset.UTC));
  private final SqlSession session = engine.open(SessionOptions.DEFAULT);
  private final List<String> statements = new ArrayList<>();

  @BeforeEach
  void makeTables() throws IOException {
    String text = Files.readString(Path.of("src/test/resources/tpcc-statements.sql"));
    for (String statement : text.replaceAll("(?m)^--.*$", "").split(";")) {
      if (!statement.isBlank()) {
        statements.add(statement.strip());
      }
    }
    assertTrue(statements.size() > 60, "statements are missing");
    for (String statement : statements) {
      if (statement.startsWith("CREATE") || statement.startsWith("DROP")) {
        execute(statement);
      }
    }
    List<String> filled = new ArrayList<>();
    for (String statement : statements) {
      String table = statement.replaceAll("(?s)INSERT INTO (\\w+).*", "$1");
      if (statement.startsWith("INSERT") && !filled.contains(table)) {
        filled.add(table);
        execute(statement);
      }
    }
    session.setAutoCommit(false);
  }

  private Result execute(String sql) {
    return session.execute(sql, values(sql), ExecuteOptions.DEFAULT);
  }

  /** 1 for every number, so that rows find each other. */
  private List<Object> values(String sql) {
    List<Object> values = new ArrayList<>();
    for (ColumnDescription parameter : session.describe(sql).parameters()) {
      values.add(value(parameter.type()));
    }
    return values;
  }

  private static Object value(JDBCType type) {
    return switch (type) {
      case DECIMAL -> new BigDecimal("0.5");
      case TIMESTAMP -> LocalDateTime.of(2024, 5, 17, 10, 20, 30);
      case CHAR, VARCHAR -> "1";
      default -> 1;
    };
  }

  private long requestsOf(String sql) {
    List<Object> values = values(sql);
    long before = store.requests();
    Result result = session.execute(sql, values, ExecuteOptions.DEFAULT);
    if (result instanceof Result.Rows rows) {
      assertTrue(rows.cursor().next(), "no row from " + sql);
      rows.cursor().next();
      rows.cursor().close();
    } else {
      assertEquals(1, ((Result.Count) result).updateCount(), sql);
    }
    return store.requests() - before;
  }

  @Test
  void everyStatementRuns() {
    for (String statement : statements) {
      if (statement.startsWith("CREATE") || statement.startsWith("DROP")) {
        continue;
      }
      boolean insert = statement.startsWith("INSERT");
      if (insert) {
        String table = statement.replaceAll("(?s)INSERT INTO (\\w+).*", "$1");
        execute("DELETE FROM " + table);
      }
      SessionSavepoint before = session.savepoint(null);
      try {
        Result result = execute(statement);
        if (statement.startsWith("DELETE")) {
          session.rollbackTo(before);
        }
        if (result instanceof Result.Rows rows) {
          int seen = 0;
          while (rows.cursor().next()) {
            for (int i = 0; i < rows.columns().size(); i++) {
              rows.cursor().value(i);
            }
            seen++;
          }
          boolean range = statement.contains("ol_o_id < ?"); // from 1 to below 1
          assertTrue(seen > 0 || range, "no row from " + statement);
        }
      } catch (SqlError e) {
        throw new AssertionError(statement + ": " + e.sqlState() + " " + e.getMessage(), e);
      }
    }
    session.rollback();
  }

  @Test
  void keyReadsAreOneRequestAndLockedRowsAreReadAndWrittenWithoutAnother() {
    assertEquals(
        1, requestsOf("SELECT c_last FROM customer WHERE c_w_id = ? AND c_d_id = ? AND c_id = ?"));
    String lock = "SELECT d_tax FROM district WHERE d_w_id = ? AND d_id = ? FOR UPDATE";
    assertEquals(1, requestsOf(lock));
    assertTrue(
        requestsOf("SELECT d_tax FROM district WHERE d_w_id = ? AND d_id = ?") == 0,
        "a locked row is remembered");
    assertEquals(
        1, requestsOf("UPDATE warehouse SET w_ytd = w_ytd + ? WHERE w_id = ?"), "one lock request");
    assertEquals(0, requestsOf("SELECT w_ytd FROM warehouse WHERE w_id = ?"));
  }

  @Test
  void theLastOrderOfACustomerIsAReverseScanAndOneGet() {
    assertEquals(
        2,
        requestsOf(
            "SELECT o_id, o_entry_d, o_carrier_id FROM orders WHERE o_w_id = ? AND o_d_id = ? AND"
                + " o_c_id = ? ORDER BY o_id DESC LIMIT 1"));
  }

  @Test
  void aBatchOfUpdatesTakesOneLockRequest() {
    String sql = "UPDATE stock SET s_ytd = s_ytd + ? WHERE s_w_id = ? AND s_i_id = ?";
    long least = Long.MAX_VALUE; // the catalog may be looked at beside it, which only adds
    for (int i = 0; i < 5; i++) {
      session.rollback();
      long before = store.requests();
      BatchResult result =
          session.executeBatch(
              sql, List.of(List.of(1, 1, 1), List.of(2, 1, 1)), ExecuteOptions.DEFAULT);
      assertEquals(1, result.updateCounts()[1]);
      least = Math.min(least, store.requests() - before);
    }
    // the request that locks both, and two that find nothing left to lock
    assertTrue(least <= 3, "requests: " + least);
    assertEquals(0, requestsOf("SELECT s_ytd FROM stock WHERE s_w_id = ? AND s_i_id = ?"));
  }
}
