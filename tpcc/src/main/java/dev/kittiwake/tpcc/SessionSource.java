package dev.kittiwake.tpcc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** The pool that sessions come from; safe for many threads. */
final class SessionSource implements AutoCloseable {
  private final HikariDataSource pool;

  private SessionSource(HikariDataSource pool) {
    this.pool = pool;
  }

  /**
   * A pool for at most {@code size} connections at once. One connection is tried first, so that a
   * wrong URL or an absent server is told at once.
   *
   * @throws TpccException if no connection can be made
   */
  static SessionSource open(TpccOptions options, Isolation isolation, int size) {
    Properties properties = properties(options);
    try (Connection trial = DriverManager.getConnection(options.url(), properties)) {
      trial.getMetaData();
    } catch (SQLException e) {
      throw new TpccException("cannot connect to " + options.maskedUrl(), e);
    }
    HikariConfig config = new HikariConfig();
    config.setPoolName("tpcc");
    config.setJdbcUrl(options.url());
    config.setDataSourceProperties(properties);
    config.setAutoCommit(false);
    if (isolation != Isolation.DEFAULT) {
      config.setTransactionIsolation("TRANSACTION_" + isolation.name());
    }
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(0);
    config.setMaxLifetime(0);
    // also the longest pause of the pool between two tries to connect, so recovery is noticed soon
    config.setConnectionTimeout(1_500);
    config.setInitializationFailTimeout(-1);
    return new SessionSource(new HikariDataSource(config));
  }

  private static Properties properties(TpccOptions options) {
    Properties properties = new Properties();
    options.properties().forEach(properties::setProperty);
    return properties;
  }

  Session open() throws SQLException {
    return new Session(pool.getConnection());
  }

  /** Throws away a session whose connection is not to be trusted any more. */
  void discard(Session session) {
    pool.evictConnection(session.connection());
  }

  /** Connections in use now. */
  int active() {
    HikariPoolMXBean bean = pool.getHikariPoolMXBean();
    return bean == null ? 0 : bean.getActiveConnections();
  }

  @Override
  public void close() {
    pool.close();
  }
}
