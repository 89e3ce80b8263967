package dev.kittiwake.tpcc;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** A small TPC-C database in H2's memory, which lives until it is closed. */
final class TestDatabase implements AutoCloseable {
  static final Scale SMALL = new Scale(200, 30);

  private final TpccOptions options;
  private final Connection keeper;

  private TestDatabase(TpccOptions options) throws SQLException {
    this.options = options;
    this.keeper = DriverManager.getConnection(options.url());
  }

  /** Loaded with two small warehouses; the name must be unique in this JVM. */
  static TestDatabase loaded(String name, Path reports) throws Exception {
    TestDatabase database = new TestDatabase(options("jdbc:h2:mem:" + name, reports).build());
    database.tpcc().load();
    return database;
  }

  static TpccOptions.Builder options(String url, Path reports) {
    return TpccOptions.builder(url)
        .warehouses(2)
        .terminals(4)
        .scale(SMALL)
        .duration(Duration.ofSeconds(3))
        .warmUp(Duration.ofMillis(200))
        .seed(Long.getLong("seed", 20261122))
        .reports(reports);
  }

  TpccOptions options() {
    return options;
  }

  /** On a clock that work moves. */
  Tpcc tpcc() {
    return working(options);
  }

  /** Likewise, on any database. */
  static Tpcc working(TpccOptions options) {
    WorkTime time = new WorkTime();
    return new Tpcc(options, time, time);
  }

  /** Rows changed. */
  int execute(String sql) throws SQLException {
    try (Statement statement = keeper.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  /** The first column of the first row. */
  long number(String sql) throws SQLException {
    try (Statement statement = keeper.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public void close() throws SQLException {
    execute("SHUTDOWN");
  }
}
