package dev.kittiwake.tpcc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;

/**
 * A driver in front of another one that breaks as a cluster under fire does: refuses statements,
 * loses connections, and loses the answers of commits, of which some happened and some did not.
 * {@code jdbc:flaky:REAL-URL}.
 */
final class FlakyDriver implements Driver {
  private static final String PREFIX = "jdbc:flaky:";

  private final AtomicLong connections = new AtomicLong();
  private final AtomicLong lostAfterCommit = new AtomicLong();
  private final AtomicLong lostBeforeCommit = new AtomicLong();
  private final long seed;

  FlakyDriver(long seed) {
    this.seed = seed;
  }

  /** Commits that happened though their caller heard nothing. */
  long lostAfterCommit() {
    return lostAfterCommit.get();
  }

  /** Commits that did not happen, of which their caller heard nothing. */
  long lostBeforeCommit() {
    return lostBeforeCommit.get();
  }

  @Override
  public Connection connect(String url, Properties properties) throws SQLException {
    if (!acceptsURL(url)) {
      return null;
    }
    RandomGenerator random = new SplittableRandom(seed + connections.incrementAndGet());
    Connection real = DriverManager.getConnection(url.substring(PREFIX.length()), properties);
    return (Connection)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Connection.class},
            new FlakyConnection(real, random));
  }

  private final class FlakyConnection implements InvocationHandler {
    private final Connection real;
    private final RandomGenerator random;

    FlakyConnection(Connection real, RandomGenerator random) {
      this.real = real;
      this.random = random;
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] values) throws Throwable {
      if (method.getName().equals("commit") && random.nextInt(20) == 0) {
        loseAnswer();
      }
      Object result = call(real, method, values);
      if (result instanceof PreparedStatement statement) {
        return Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {PreparedStatement.class},
            (ignored, called, arguments) -> execute(statement, called, arguments));
      }
      return result;
    }

    private void loseAnswer() throws SQLException {
      if (random.nextBoolean()) {
        real.commit();
        lostAfterCommit.incrementAndGet();
      } else {
        real.rollback();
        lostBeforeCommit.incrementAndGet();
      }
      real.close();
      throw new SQLException("answer of the commit lost", random.nextBoolean() ? "08007" : "08006");
    }

    private Object execute(PreparedStatement statement, Method method, Object[] values)
        throws Throwable {
      if (method.getName().startsWith("execute")) {
        switch (random.nextInt(400)) {
          case 0 -> throw new SQLException("write conflict", "40001");
          case 1 -> {
            real.rollback();
            real.close();
            throw new SQLException("store gone", "08006");
          }
          default -> {}
        }
      }
      return call(statement, method, values);
    }
  }

  private static Object call(Object target, Method method, Object[] values) throws Throwable {
    try {
      return method.invoke(target, values);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @Override
  public boolean acceptsURL(String url) {
    return url.startsWith(PREFIX);
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, Properties properties) {
    return new DriverPropertyInfo[0];
  }

  @Override
  public int getMajorVersion() {
    return 1;
  }

  @Override
  public int getMinorVersion() {
    return 0;
  }

  @Override
  public boolean jdbcCompliant() {
    return false;
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getGlobal();
  }
}
