package dev.kittiwake.sql.service;

import dev.kittiwake.proto.Wiring;
import dev.kittiwake.sql.SessionSource;
import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Offers the sessions of a source on a port. It keeps nothing but open sessions, so any number of
 * servers may serve one cluster. Thread-safe.
 */
@Wiring
public final class SqlServer implements AutoCloseable {
  private final Server server;
  private final HealthStatusManager health;
  private final ServedSessions sessions;
  private final ExecutorService workers;
  private final ScheduledExecutorService timer;

  private SqlServer(
      Server server,
      HealthStatusManager health,
      ServedSessions sessions,
      ExecutorService workers,
      ScheduledExecutorService timer) {
    this.server = server;
    this.health = health;
    this.sessions = sessions;
    this.workers = workers;
    this.timer = timer;
  }

  /**
   * Listens. The source stays the caller's: it is not closed with the server.
   *
   * @throws SqlError 08001 if the port is taken
   */
  public static SqlServer start(SessionSource source, SqlServerConfig config) {
    return start(source, config, System::nanoTime);
  }

  /** Likewise, by another clock, which never goes back. */
  static SqlServer start(SessionSource source, SqlServerConfig config, LongSupplier nanos) {
    // Sessions wait (for locks, stores, the log), one at most for each session: threads, not loops.
    ExecutorService workers = Executors.newCachedThreadPool(named("sql-session-"));
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(named("sql-reaper-"));
    ServedSessions sessions =
        new ServedSessions(source, config, workers, new SecureRandom(), nanos);
    HealthStatusManager health = new HealthStatusManager();
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(config.host(), config.port()))
            .directExecutor()
            .maxInboundMessageSize(config.maxCallBytes())
            .permitKeepAliveTime(5, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .keepAliveTime(20, TimeUnit.SECONDS) // finds clients that vanished with their locks
            .keepAliveTimeout(10, TimeUnit.SECONDS)
            .addService(sessions)
            .addService(health.getHealthService())
            .build();
    try {
      server.start();
    } catch (IOException e) {
      workers.shutdown();
      timer.shutdown();
      throw SqlError.of(
          SqlStates.CANNOT_CONNECT,
          "cannot listen on "
              + config.host()
              + ":"
              + config.port()
              + ": "
              + (e.getCause() == null ? e : e.getCause()).getMessage()
              + "; choose another port or stop the program that has it",
          e);
    }
    health.setStatus("", ServingStatus.SERVING);
    long period = Math.max(1, Math.min(config.idleMillis() / 4, 10_000));
    timer.scheduleWithFixedDelay(sessions::reap, period, period, TimeUnit.MILLISECONDS);
    return new SqlServer(server, health, sessions, workers, timer);
  }

  private static ThreadFactory named(String prefix) {
    AtomicInteger next = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, prefix + next.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** The port it listens on. */
  public int port() {
    return server.getPort();
  }

  /** Sessions that are open now. */
  public int sessionCount() {
    return sessions.count();
  }

  /**
   * Ends all sessions; their clients see 08006. Returns when their transactions are rolled back.
   */
  @Override
  public void close() {
    health.enterTerminalState();
    timer.shutdownNow();
    server.shutdown();
    sessions.endAll();
    workers.shutdown(); // runs what was submitted: the ends of the sessions
    try {
      if (!workers.awaitTermination(10, TimeUnit.SECONDS)) {
        workers.shutdownNow();
      }
      server.shutdownNow();
      server.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      workers.shutdownNow();
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
