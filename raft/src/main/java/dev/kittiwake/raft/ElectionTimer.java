package dev.kittiwake.raft;

import java.util.random.RandomGenerator;

/**
 * How long one replica waits for a leader, and what it has promised: whoever heard a leader keeps
 * from voting for another, itself included, for one election timeout. The leader's lease counts on
 * it. Raft §5.2; thesis §6.4.1. Counts in ticks.
 */
final class ElectionTimer {
  private static final int QUICK_RETRIES = 4;

  private final RaftConfig config;
  private final RandomGenerator random;
  private int elapsed; // since we heard a leader or voted or campaigned
  private int timeout;
  private boolean hurried; // the timeout is a short one, for as long as nobody leads
  private int retries; // campaigns since a leader was heard
  private int silence; // ticks left in which we keep a promise whose leader we may have forgotten

  /**
   * @param fresh this replica has never run, so it has promised nothing that it does not remember
   */
  ElectionTimer(RaftConfig config, RandomGenerator random, boolean fresh) {
    this.config = config;
    this.random = random;
    this.silence = fresh || !config.checkQuorum() ? 0 : config.electionTicks();
  }

  void tick() {
    elapsed++;
    if (silence > 0) {
      silence--;
    }
  }

  /**
   * Draws how long to wait for a leader. Who has campaigned in vain waits for less than that, a few
   * times: nobody leads, and asking again costs no term.
   */
  void restart(boolean knowsLeader) {
    elapsed = 0;
    if (knowsLeader) {
      retries = 0;
    }
    int whole = config.electionTicks();
    hurried = !knowsLeader && retries > 0 && retries <= QUICK_RETRIES && config.preVote();
    timeout =
        hurried
            ? Math.max(1, whole / 3) + random.nextInt(Math.max(1, whole / 3))
            : whole + random.nextInt(Math.max(1, whole * 2 / 3));
  }

  /** The timeout is at most this from now on. */
  void hurry(int ticks) {
    if (ticks < timeout) {
      timeout = ticks;
      hurried = true;
    }
  }

  /** Nothing more is waited for: at the next tick the timeout has passed. */
  void endSoon() {
    hurry(elapsed + 1);
  }

  void campaigned() {
    retries++;
  }

  void voted() {
    elapsed = 0;
  }

  /** A message of this term's leader has come. */
  void heardLeader() {
    elapsed = 0;
    retries = 0;
    if (hurried) {
      restart(true); // it lives: what we have promised it lasts for a whole timeout again
    }
    silence = 0;
  }

  boolean hasPassed() {
    return elapsed >= timeout;
  }

  /** Whether what we promised a leader binds us, be it the one we know or one before. */
  boolean promised(boolean knowsLeader) {
    return config.checkQuorum() && (silence > 0 || knowsLeader && elapsed < config.electionTicks());
  }

  /** Whether we are bound by a promise to a leader of an older term, or of before a restart. */
  boolean isSilent() {
    return silence > 0;
  }

  /** The leader is about to be forgotten; the promise is not. */
  void keepPromise() {
    silence = config.electionTicks();
  }
}
