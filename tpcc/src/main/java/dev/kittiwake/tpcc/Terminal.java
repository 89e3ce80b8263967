package dev.kittiwake.tpcc;

import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;

/**
 * One terminal: chooses transactions, waits as a person would if asked to, carries them out,
 * retries, counts. No failure of the database ends it before its time. Runs on a thread of its own.
 */
final class Terminal {
  private final Seat seat;
  private final RunContext run;
  private final TpccRandom random;
  private final Mix mix;
  private final Tally tally = new Tally();
  private Session session; // null while there is no connection

  Terminal(Seat seat, RunContext run, TpccRandom random) {
    this.seat = seat;
    this.run = run;
    this.random = random;
    this.mix = new Mix(random);
  }

  Tally tally() {
    return tally;
  }

  /** Works until the interval is over. */
  void work() throws InterruptedException {
    try {
      while (!over()) {
        TransactionType type = mix.next();
        Profile profile = draw(type);
        if (run.options().waits()) {
          waitUnlessOver(type.keyingTime());
        }
        if (!over()) {
          perform(profile);
        }
        if (run.options().waits()) {
          waitUnlessOver(random.thinkTime(type.meanThinkTime()));
        }
      }
    } finally {
      leave();
    }
  }

  private Profile draw(TransactionType type) {
    return switch (type) {
      case NEW_ORDER -> NewOrder.draw(seat, random, run.options().scale());
      case PAYMENT -> Payment.draw(seat, random);
      case ORDER_STATUS -> OrderStatus.draw(seat, random);
      case DELIVERY -> Delivery.draw(seat, random);
      case STOCK_LEVEL -> StockLevel.draw(seat, random);
    };
  }

  private boolean over() {
    return run.interval().over(run.time().nanos());
  }

  private void waitUnlessOver(Duration wanted) throws InterruptedException {
    long left = run.interval().end() - run.time().nanos();
    run.time().pause(Duration.ofNanos(Math.min(wanted.toNanos(), left)));
  }

  /** Brings one transaction to an end: committed, rolled back, given up, or the end of the run. */
  private void perform(Profile profile) throws InterruptedException {
    long begun = run.time().nanos();
    for (int attempt = 1; ; attempt++) {
      Try step = new Try(profile);
      Failure failure = step.go();
      long now = run.time().nanos();
      if (failure == null) {
        succeeded(profile, step.outcome, begun, now);
        return;
      }
      run.series().failed(run.interval().second(now));
      run.progress().failedTry(profile.type(), failure.cause());
      if (failure.verdict() == Failure.Verdict.UNDETERMINED && !profile.type().readOnly()) {
        leaveOpen(profile, step.outcome, failure, now);
        return;
      }
      if (failure.verdict() == Failure.Verdict.PERMANENT) {
        if (counts(now)) {
          tally.failed(profile.type(), failure);
        }
        waitUnlessOver(Duration.ofMillis(100)); // it may be true of everything this terminal tries
        return;
      }
      if (counts(now)) {
        tally.retried(profile.type(), failure);
      }
      if (over()) {
        return;
      }
      waitUnlessOver(backoff(failure, attempt));
    }
  }

  private boolean counts(long at) {
    return run.interval().counts(at);
  }

  private void succeeded(Profile profile, Profile.Outcome outcome, long begun, long now) {
    if (outcome instanceof Profile.Outcome.RolledBack) {
      if (counts(now)) {
        tally.rolledBack(profile.type());
      }
      return;
    }
    if (outcome instanceof Profile.Outcome.Ordered ordered) {
      run.ledger().acknowledge(ordered.order());
    }
    run.series().committed(run.interval().second(now), profile.type());
    run.progress().committed(profile.type(), now - begun);
    if (counts(now)) {
      tally.committed(
          profile.type(),
          now - begun,
          outcome instanceof Profile.Outcome.Done done ? done.skipped() : 0);
    }
  }

  private void leaveOpen(Profile profile, Profile.Outcome outcome, Failure failure, long now) {
    if (outcome instanceof Profile.Outcome.Ordered ordered) {
      run.ledger().leaveOpen(ordered.order());
    }
    if (counts(now)) {
      tally.leftOpen(profile.type(), failure);
    }
  }

  /**
   * Conflicts are retried almost at once, lost servers after up to a second; always with some
   * chance in it.
   */
  private Duration backoff(Failure failure, int attempt) {
    boolean conflict = failure.verdict() == Failure.Verdict.CONFLICT;
    int limit =
        conflict
            ? Math.min(200, 1 << Math.min(attempt, 8))
            : Math.min(1_000, 25 << Math.min(attempt, 6));
    return Duration.ofMillis(random.uniform(limit / 2, limit));
  }

  private void leave() {
    if (session != null) {
      try {
        session.close();
      } catch (SQLException e) {
        run.sessions().discard(session);
      }
      session = null;
    }
  }

  /** One try of one transaction. */
  private final class Try {
    private final Profile profile;
    private Profile.Outcome outcome; // null until the work before the commit is done

    Try(Profile profile) {
      this.profile = profile;
    }

    /** Null if it went well. */
    Failure go() {
      boolean committing = false;
      try {
        if (session == null) {
          session = run.sessions().open();
        }
        outcome = profile.execute(session, Timestamp.from(run.time().now()));
        if (outcome instanceof Profile.Outcome.RolledBack) {
          session.rollback();
        } else {
          committing = true;
          session.commit();
        }
        return null;
      } catch (SQLException e) {
        Failure failure = Failure.of(e, committing);
        recover(failure);
        return failure;
      }
    }

    /** Leaves behind a session without a transaction, or none. */
    private void recover(Failure failure) {
      if (session == null) {
        return;
      }
      boolean usable =
          failure.verdict() == Failure.Verdict.CONFLICT
              || failure.verdict() == Failure.Verdict.PERMANENT;
      if (usable) {
        try {
          session.rollback();
          return;
        } catch (SQLException e) {
          usable = false; // then this connection is not to be trusted either
        }
      }
      run.sessions().discard(session);
      leave();
    }
  }
}
