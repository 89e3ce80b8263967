package dev.kittiwake.jdbc;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlSession;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.logging.Logger;

/**
 * The driver: {@code jdbc:kittiwake:mem:NAME}, {@code jdbc:kittiwake:file:PATH}, {@code
 * jdbc:kittiwake://PD:2379/SCHEMA}, {@code jdbc:kittiwake:sql://HOST:4000/SCHEMA}. Thread-safe.
 */
public final class KittiwakeDriver implements Driver {
  /**
   * The one mutable static of the driver: {@code java.sql} offers no other place where connections
   * of one JVM could meet, and a named memory database is defined by their meeting.
   */
  private static final SharedSources SHARED = new SharedSources();

  static {
    try {
      DriverManager.registerDriver(new KittiwakeDriver());
    } catch (SQLException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @Override
  public Connection connect(String url, Properties properties) throws SQLException {
    if (!acceptsURL(url)) {
      return null; // what JDBC wants: another driver may know it
    }
    return open(url, properties == null ? new Properties() : properties);
  }

  static Connection open(String url, Properties properties) throws SQLException {
    ConnectionSettings settings = ConnectionSettings.of(url, properties);
    SharedSources.Lease lease =
        SHARED.acquire(
            settings.target().sharedKey(), settings.keep(), () -> SourceOpener.open(settings));
    SqlSession session = null;
    boolean done = false;
    try {
      session = lease.source().open(settings.session());
      Connection connection = new JdbcConnection(session, lease, settings);
      done = true;
      return connection;
    } catch (SqlError e) {
      throw SQLExceptions.of(e);
    } finally {
      if (!done) {
        abandon(session, lease);
      }
    }
  }

  private static void abandon(SqlSession session, SharedSources.Lease lease) {
    try {
      if (session != null) {
        session.close();
      }
    } finally {
      lease.close();
    }
  }

  @Override
  public boolean acceptsURL(String url) {
    return KittiwakeUrl.accepts(url);
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, Properties properties) {
    List<DriverPropertyInfo> known = new ArrayList<>();
    for (ConnectionOption option : ConnectionOption.values()) {
      String given = properties == null ? null : properties.getProperty(option.key());
      DriverPropertyInfo property =
          new DriverPropertyInfo(option.key(), given == null ? option.byDefault() : given);
      property.description = option.meaning();
      property.choices =
          option.choices().isEmpty() ? null : option.choices().toArray(new String[0]);
      known.add(property);
    }
    return known.toArray(new DriverPropertyInfo[0]);
  }

  @Override
  public int getMajorVersion() {
    return DriverVersion.MAJOR;
  }

  @Override
  public int getMinorVersion() {
    return DriverVersion.MINOR;
  }

  /** SQL-92 entry level is not complete: there are no foreign keys, views or grants. */
  @Override
  public boolean jdbcCompliant() {
    return false;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw SQLExceptions.notSupported("java.util.logging is not");
  }
}
