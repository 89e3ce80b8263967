package dev.kittiwake.sql;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.kittiwake.client.txn.MemoryTransactionClient;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random queries have the same results here and in H2, an independent implementation of the same
 * language.
 */
class RandomQueriesTest {
  private static final int DATABASES = Integer.getInteger("databases", 4);
  private static final int QUERIES = Integer.getInteger("queries", 40);

  @Test
  void queriesAgreeWithH2() throws SQLException {
    long seed = Long.getLong("seed", 5); // the same for everyone; others by -Dseed
    System.out.println("seed " + seed + " (-Dseed=" + seed + " repeats the run)");
    Random random = new Random(seed);
    List<String> different = new ArrayList<>();
    int compared = 0;
    for (int database = 0; database < DATABASES; database++) {
      compared += compare(new Random(random.nextLong()), different);
    }
    if (!different.isEmpty()) {
      fail(
          "seed "
              + seed
              + ": "
              + different.size()
              + " differences\n\n"
              + String.join("\n\n", different));
    }
    assertTrue(
        compared > DATABASES * QUERIES * 9 / 10,
        "only " + compared + " queries could be compared, seed " + seed);
  }

  private static int compare(Random random, List<String> different) throws SQLException {
    SqlRuntime runtime =
        new SqlRuntime(
            InstantSource.fixed(Instant.EPOCH),
            System::nanoTime,
            Runnable::run,
            millis -> {},
            ZoneOffset.UTC);
    int compared = 0;
    try (SqlEngine engine =
            new SqlEngine(new MemoryTransactionClient(), SqlConfig.DEFAULT, runtime);
        SqlSession session = engine.open(SessionOptions.DEFAULT);
        Connection h2 = DriverManager.getConnection("jdbc:h2:mem:");
        Statement statement = h2.createStatement()) {
      RandomQueries queries = new RandomQueries(random);
      List<String> fill = new ArrayList<>(RandomQueries.SCHEMA);
      fill.addAll(queries.rows());
      for (String sql : fill) {
        session.execute(sql, List.of(), ExecuteOptions.DEFAULT);
        statement.execute(sql);
      }
      for (int i = 0; i < QUERIES; i++) {
        String sql = queries.next();
        List<String> theirs = theirs(statement, sql);
        List<String> ours = ours(session, sql);
        if (theirs.get(0).startsWith("error") && ours.get(0).startsWith("error")) {
          continue;
        }
        compared++;
        if (!theirs.equals(ours)) {
          different.add(
              String.join(";\n", fill.subList(RandomQueries.SCHEMA.size(), fill.size()))
                      .replace("INSERT INTO ", "")
                  + ";\n"
                  + sql
                  + "\n  theirs: "
                  + theirs
                  + "\n  ours:   "
                  + ours);
        }
      }
    }
    return compared;
  }

  private static List<String> theirs(Statement statement, String sql) {
    List<String> rows = new ArrayList<>();
    try (ResultSet result = statement.executeQuery(sql)) {
      int width = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= width; i++) {
          values.add(text(result.getObject(i)));
        }
        rows.add(String.join(",", values));
      }
    } catch (SQLException e) {
      return List.of("error " + e.getSQLState() + " " + e.getMessage());
    }
    return ordered(sql, rows);
  }

  private static List<String> ours(SqlSession session, String sql) {
    List<String> rows = new ArrayList<>();
    try {
      Result.Rows result = (Result.Rows) session.execute(sql, List.of(), ExecuteOptions.DEFAULT);
      try (RowCursor cursor = result.cursor()) {
        while (cursor.next()) {
          List<String> values = new ArrayList<>();
          for (int i = 0; i < result.columns().size(); i++) {
            values.add(text(cursor.value(i)));
          }
          rows.add(String.join(",", values));
        }
      }
    } catch (SqlError e) {
      return List.of("error " + e.sqlState() + " " + e.getMessage());
    }
    return ordered(sql, rows);
  }

  private static List<String> ordered(String sql, List<String> rows) {
    List<String> all = new ArrayList<>(rows);
    if (!sql.contains(" ORDER BY ")) {
      Collections.sort(all);
    }
    all.add(0, rows.size() + " rows");
    return all;
  }

  /** Numbers without regard to their type and scale. */
  private static String text(Object value) {
    if (value instanceof Number number) {
      BigDecimal plain = new BigDecimal(number.toString());
      return plain.signum() == 0 ? "0" : plain.stripTrailingZeros().toPlainString();
    }
    return value == null ? "NULL" : "'" + value + "'";
  }
}
