package dev.kittiwake.sql.service;

/**
 * Limits of a SQL server.
 *
 * @param host address to listen on
 * @param port port to listen on; 0 = any free one
 * @param maxSessions sessions at once; more are refused with 53300
 * @param idleMillis a session without a call for so long is ended, and its transaction rolled back
 * @param maxCallBytes largest call (statement and parameters)
 * @param maxFrameBytes a frame of rows is closed when it has so many bytes
 */
public record SqlServerConfig(
    String host, int port, int maxSessions, long idleMillis, int maxCallBytes, int maxFrameBytes) {
  public static final int DEFAULT_PORT = 4000;
  public static final SqlServerConfig DEFAULT =
      new SqlServerConfig("127.0.0.1", DEFAULT_PORT, 1_024, 8L * 3_600_000, 64 << 20, 256 << 10);

  public SqlServerConfig {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + " is not between 0 and 65535");
    }
    if (maxSessions < 1 || idleMillis < 1 || maxCallBytes < 1024 || maxFrameBytes < 1) {
      throw new IllegalArgumentException(
          "limits must be positive: "
              + maxSessions
              + " sessions, idle "
              + idleMillis
              + " ms, call "
              + maxCallBytes
              + " bytes (1024 at least), frame "
              + maxFrameBytes
              + " bytes");
    }
  }

  public SqlServerConfig withAddress(String listenHost, int listenPort) {
    return new SqlServerConfig(
        listenHost, listenPort, maxSessions, idleMillis, maxCallBytes, maxFrameBytes);
  }

  public SqlServerConfig withMaxSessions(int sessions) {
    return new SqlServerConfig(host, port, sessions, idleMillis, maxCallBytes, maxFrameBytes);
  }

  public SqlServerConfig withIdleMillis(long millis) {
    return new SqlServerConfig(host, port, maxSessions, millis, maxCallBytes, maxFrameBytes);
  }
}
