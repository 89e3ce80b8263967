package dev.kittiwake.tpcc;

import java.sql.SQLException;
import java.time.Duration;

/**
 * Repeats a transaction of the loader or the audit until it passes or a limit is reached; safe for
 * many threads.
 */
final class Retry {
  private static final int ATTEMPTS = 60;

  private final SessionSource sessions;
  private final Time time;

  Retry(SessionSource sessions, Time time) {
    this.sessions = sessions;
    this.time = time;
  }

  /** Work within one transaction. */
  interface Work<T> {
    T run(Session session) throws SQLException;
  }

  /**
   * Reads in a transaction of its own.
   *
   * @throws TpccException if the error is not one that passes, or does not pass
   */
  <T> T read(String what, Work<T> work) throws InterruptedException {
    return run(what, work, false);
  }

  /**
   * Writes rows with keys in a transaction of its own. If the answer to a commit was lost, a repeat
   * that meets its own keys proves that the first one was committed, as a transaction is written
   * wholly or not at all.
   */
  void insert(String what, Work<Void> work) throws InterruptedException {
    run(what, work, true);
  }

  private <T> T run(String what, Work<T> work, boolean writes) throws InterruptedException {
    boolean maybeDone = false;
    for (int attempt = 1; ; attempt++) {
      boolean committing = false;
      Session session = null;
      try {
        session = sessions.open();
        T result = work.run(session);
        committing = true;
        session.commit();
        session.close();
        return result;
      } catch (SQLException e) {
        drop(session, e);
        Failure failure = Failure.of(e, committing && writes);
        if (maybeDone && failure.cause().startsWith("23")) {
          return null;
        }
        maybeDone |= failure.verdict() == Failure.Verdict.UNDETERMINED && writes;
        if (failure.verdict() == Failure.Verdict.PERMANENT || attempt == ATTEMPTS) {
          throw new TpccException(what + " failed", e);
        }
        time.pause(Duration.ofMillis(Math.min(1_000, 10L << Math.min(attempt, 10))));
      }
    }
  }

  private void drop(Session session, SQLException because) {
    if (session == null) {
      return;
    }
    try {
      session.rollback();
      session.close();
    } catch (SQLException e) {
      because.addSuppressed(e);
      sessions.discard(session);
    }
  }
}
