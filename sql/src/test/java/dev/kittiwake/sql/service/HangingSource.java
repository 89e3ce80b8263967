package dev.kittiwake.sql.service;

import dev.kittiwake.sql.SessionOptions;
import dev.kittiwake.sql.SessionSource;
import dev.kittiwake.sql.SqlSession;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Sessions of another source whose statements hang before they run, but for one. */
final class HangingSource implements SessionSource {
  static final String HARMLESS = "CREATE TABLE IF NOT EXISTS HARMLESS (A INT PRIMARY KEY)";

  private final SessionSource source;
  private final CountDownLatch running;
  private final CountDownLatch release;

  HangingSource(SessionSource source, CountDownLatch running, CountDownLatch release) {
    this.source = source;
    this.running = running;
    this.release = release;
  }

  @Override
  public SqlSession open(SessionOptions options) {
    SqlSession session = source.open(options);
    return (SqlSession)
        Proxy.newProxyInstance(
            SqlSession.class.getClassLoader(),
            new Class<?>[] {SqlSession.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("execute") && !arguments[0].equals(HARMLESS)) {
                running.countDown();
                release.await(120, TimeUnit.SECONDS);
              }
              try {
                return method.invoke(session, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Override
  public void close() {
    source.close();
  }
}
