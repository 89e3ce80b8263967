package dev.kittiwake.sql;

/** Opens SQL sessions: the engine of this JVM, or a remote SQL service. Thread-safe. */
public interface SessionSource extends AutoCloseable {
  /**
   * A new session with settings of its own. Cheap: it does not talk to the cluster.
   *
   * @throws SqlError 3D000 or 42000 if an option names something that does not exist
   */
  SqlSession open(SessionOptions options);

  /** Ends all sessions (their open transactions are rolled back). */
  @Override
  void close();
}
