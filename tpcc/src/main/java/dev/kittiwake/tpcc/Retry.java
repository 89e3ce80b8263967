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
    return run(what, work, Kind.READ);
  }

  /**
   * Makes tables or indexes. If an earlier try lost its connection, a repeat that finds its object
   * made has nothing left to do.
   */
  void define(String what, Work<Void> work) throws InterruptedException {
    run(what, work, Kind.DEFINITION);
  }

  /**
   * Writes rows with keys in a transaction of its own. If the answer to a commit was lost, a repeat
   * that meets its own keys proves that the first one was committed, as a transaction is written
   * wholly or not at all.
   */
  void insert(String what, Work<Void> work) throws InterruptedException {
    run(what, work, Kind.INSERT);
  }

  private enum Kind {
    READ,
    INSERT,
    DEFINITION;

    /** Whether after this failure the work may have been done all the same. */
    boolean maybeDone(Failure failure) {
      return switch (this) {
        case READ -> false;
        case INSERT -> failure.verdict() == Failure.Verdict.UNDETERMINED;
        case DEFINITION -> failure.verdict() != Failure.Verdict.PERMANENT;
      };
    }

    /** Whether this failure of a repeat shows that an earlier try did the work. */
    boolean provesDone(Failure failure) {
      String state = failure.state();
      return switch (this) {
        case READ -> false;
        case INSERT -> state.startsWith("23");
        case DEFINITION -> state.equals("42S01") || state.equals("42S11") || state.equals("42P07");
      };
    }
  }

  private <T> T run(String what, Work<T> work, Kind kind) throws InterruptedException {
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
        Failure failure = Failure.of(e, committing && kind != Kind.READ);
        if (maybeDone && kind.provesDone(failure)) {
          return null;
        }
        maybeDone |= kind.maybeDone(failure);
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
