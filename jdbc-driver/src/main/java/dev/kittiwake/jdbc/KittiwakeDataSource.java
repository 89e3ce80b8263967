package dev.kittiwake.jdbc;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * A data source: one URL, the same parameters as the driver. A bean, so that pools and containers
 * can set it up; each connection is a new session.
 */
public class KittiwakeDataSource implements DataSource {
  private String url = "";
  private String user = "";
  private String password = "";
  private int loginTimeoutSeconds;
  private PrintWriter logWriter;

  /** Set the URL before the first connection. */
  public KittiwakeDataSource() {}

  public KittiwakeDataSource(String url) {
    this.url = url;
  }

  public String getUrl() {
    return url;
  }

  public void setUrl(String url) {
    this.url = url;
  }

  public String getUser() {
    return user;
  }

  public void setUser(String user) {
    this.user = user;
  }

  public String getPassword() {
    return password;
  }

  public void setPassword(String password) {
    this.password = password;
  }

  @Override
  public Connection getConnection() throws SQLException {
    return getConnection(user, password);
  }

  @Override
  public Connection getConnection(String asUser, String withPassword) throws SQLException {
    Properties properties = new Properties();
    if (asUser != null && !asUser.isEmpty()) {
      properties.setProperty(ConnectionOption.USER.key(), asUser);
    }
    if (withPassword != null && !withPassword.isEmpty()) {
      properties.setProperty(ConnectionOption.PASSWORD.key(), withPassword);
    }
    if (loginTimeoutSeconds > 0) {
      properties.setProperty(
          ConnectionOption.CONNECT_TIMEOUT_MILLIS.key(), loginTimeoutSeconds + "000");
    }
    return KittiwakeDriver.open(url, properties);
  }

  @Override
  public int getLoginTimeout() {
    return loginTimeoutSeconds;
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    if (seconds < 0) {
      throw SQLExceptions.invalidArgument("login timeout " + seconds + " is negative");
    }
    loginTimeoutSeconds = seconds;
  }

  /** Kept for the interface's sake; the driver logs through slf4j. */
  @Override
  public PrintWriter getLogWriter() {
    return logWriter;
  }

  @Override
  public void setLogWriter(PrintWriter writer) {
    logWriter = writer;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw SQLExceptions.notSupported("java.util.logging is not");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return Wrappers.unwrap(this, type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this);
  }
}
