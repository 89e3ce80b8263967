package dev.kittiwake.pd.tso;

import dev.kittiwake.proto.key.Timestamp;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Hands out timestamps. {@link #next} may be called from any thread and never blocks; everything
 * else is called by one thread, the owner.
 *
 * <p>Invariant: every timestamp handed out has a physical part below the saved bound, and is larger
 * than every one handed out before it, by this oracle or by one that was started at a smaller
 * bound.
 */
public final class TimestampOracle {
  /** Answer of {@link #next}: not now; ask again after the next {@link #update}. */
  public static final long WAIT = 0;

  private static final long STOPPED = 0;

  private final long windowMillis;
  private final long maxJumpMillis;
  private final LongSupplier nanos;

  /** The largest timestamp handed out, or STOPPED. */
  private final AtomicLong last = new AtomicLong(STOPPED);

  private volatile boolean starved; // someone could not be served in this millisecond
  private volatile boolean hasLease; // false: no limit (a single member)
  private volatile long leaseEndNanos;

  // confined to the owner
  private long physicalMillis; // of `last`; kept while stopped
  private long savedBoundMillis; // physicalMillis < savedBoundMillis while serving
  private long askedBoundMillis; // the largest bound that the owner was told to save
  private boolean trusts; // it was about trustedMillis when the elapsed time was trustedNanos
  private long trustedMillis;
  private long trustedNanos;
  private long refusedJumpMillis;

  /**
   * @param windowMillis how far the saved bound runs ahead of the clock
   * @param maxJumpMillis a clock that is further ahead of what has elapsed is not believed
   * @param nanos elapsed time, for the lease
   */
  public TimestampOracle(long windowMillis, long maxJumpMillis, LongSupplier nanos) {
    if (windowMillis <= 0) {
      throw new IllegalArgumentException("a window of " + windowMillis + " ms");
    }
    this.windowMillis = windowMillis;
    this.maxJumpMillis = maxJumpMillis;
    this.nanos = nanos;
  }

  /**
   * Takes {@code count} timestamps of one millisecond and answers the largest of them; {@link
   * #WAIT} if there are not enough left in this millisecond, or if the oracle does not serve.
   *
   * @throws IllegalArgumentException if {@code count} does not fit into a millisecond
   */
  public long next(int count) {
    if (count <= 0 || count > Timestamp.MAX_LOGICAL) {
      throw new IllegalArgumentException(
          count + " timestamps at once, 1 to " + Timestamp.MAX_LOGICAL + " are possible");
    }
    while (true) {
      long current = last.get();
      if (current == STOPPED) {
        return WAIT;
      }
      if (Timestamp.logical(current) + count > Timestamp.MAX_LOGICAL) {
        starved = true;
        return WAIT;
      }
      long taken = current + count;
      if (last.compareAndSet(current, taken)) {
        // asked after taking: a pause of this thread between the two cannot hide the end of the
        // lease
        return hasLease && nanos.getAsLong() - leaseEndNanos >= 0 ? WAIT : taken;
      }
    }
  }

  /** Whether nobody else can serve now; {@link #next} asks by itself. */
  public boolean holdsLease() {
    return !hasLease || nanos.getAsLong() - leaseEndNanos < 0;
  }

  public boolean isServing() {
    return last.get() != STOPPED;
  }

  /**
   * First step of a new leader: the bound to save before {@link #serve}.
   *
   * @param clockMillis the wall clock
   * @param savedMillis the bound that was saved last, by anyone
   */
  public long prepare(long clockMillis, long savedMillis) {
    stop();
    long nowMillis = believe(clockMillis);
    savedBoundMillis = Math.max(savedMillis, savedBoundMillis);
    // one millisecond of guard: nobody can have served at or above the saved bound
    physicalMillis = Math.max(Math.max(nowMillis, savedBoundMillis + 1), physicalMillis + 1);
    askedBoundMillis = physicalMillis + windowMillis;
    return askedBoundMillis;
  }

  /** Second step: the bound of {@link #prepare} is saved; from now on timestamps are served. */
  public void serve(long savedMillis) {
    if (savedMillis <= physicalMillis) {
      throw new IllegalStateException(
          "saved bound " + savedMillis + " does not allow the start at " + physicalMillis);
    }
    savedBoundMillis = savedMillis;
    last.set(Timestamp.of(physicalMillis, 0));
  }

  /**
   * It is not earlier than {@code millis} now, says someone who had reason to believe his clock.
   * From then on a clock is believed only as far as time has elapsed, and {@code maxJumpMillis}
   * more.
   */
  public void trust(long millis) {
    long now = nanos.getAsLong();
    trustedMillis = trusts ? Math.max(millis, expected(now)) : millis;
    trustedNanos = now;
    trusts = true;
  }

  private long expected(long nowNanos) {
    return trustedMillis + (nowNanos - trustedNanos) / 1_000_000;
  }

  /** The clock, or what it should show if it has jumped far ahead. */
  private long believe(long clockMillis) {
    if (trusts) {
      long expected = expected(nanos.getAsLong());
      if (clockMillis - expected > maxJumpMillis) {
        refusedJumpMillis = clockMillis - expected;
        return expected;
      }
    }
    refusedJumpMillis = 0;
    trust(clockMillis);
    return clockMillis;
  }

  /** How far the clock is ahead of what is believed; 0 if it is believed. */
  public long refusedJumpMillis() {
    return refusedJumpMillis;
  }

  /** A larger bound has been saved. */
  public void saved(long boundMillis) {
    savedBoundMillis = Math.max(savedBoundMillis, boundMillis);
  }

  /** The save that was asked for did not happen; the next {@link #update} asks again. */
  public void saveFailed() {
    askedBoundMillis = savedBoundMillis;
  }

  /** No longer the leader. */
  public void stop() {
    last.set(STOPPED);
  }

  /**
   * Serve only until then, on the clock of {@code nanos}. For a leader that others could replace.
   */
  public void lease(long untilNanos) {
    leaseEndNanos = untilNanos;
    hasLease = true;
  }

  /** No one else can lead: serve without a limit. */
  public void noLease() {
    hasLease = false;
  }

  /**
   * Brings the physical part up to the clock, never back; a clock that stands or was set back costs
   * logical numbers only, and before they run out the physical part moves on by itself.
   *
   * @return the bound to save now; 0: none
   */
  public long update(long clockMillis) {
    long current = last.get();
    if (current == STOPPED) {
      return 0;
    }
    long nowMillis = believe(clockMillis);
    long wanted = nowMillis;
    if (wanted <= physicalMillis) {
      boolean runsOut = starved || Timestamp.logical(current) > Timestamp.MAX_LOGICAL / 2;
      wanted = runsOut ? physicalMillis + 1 : physicalMillis;
    }
    long reached = Math.min(wanted, savedBoundMillis - 1);
    if (reached > physicalMillis) {
      physicalMillis = reached;
      starved = false;
      advance(Timestamp.of(reached, 0));
    }
    long ahead = Math.max(wanted, physicalMillis) + windowMillis;
    boolean isLow = savedBoundMillis - wanted <= windowMillis / 2;
    if (isLow && ahead > askedBoundMillis) {
      askedBoundMillis = ahead;
      return ahead;
    }
    return 0;
  }

  public long physicalMillis() {
    return physicalMillis;
  }

  public long windowMillis() {
    return windowMillis;
  }

  public long maxJumpMillis() {
    return maxJumpMillis;
  }

  /** Goes on from {@code millis}, below the saved bound, and believes that it is that late. */
  public void advanceMillis(long millis) {
    if (millis >= savedBoundMillis) {
      throw new IllegalArgumentException(millis + " is not below the bound " + savedBoundMillis);
    }
    if (millis > physicalMillis && last.get() != STOPPED) {
      trust(millis);
      physicalMillis = millis;
      askedBoundMillis = Math.max(askedBoundMillis, savedBoundMillis);
      advance(Timestamp.of(millis, 0));
    }
  }

  private void advance(long target) {
    last.accumulateAndGet(target, (old, next) -> old == STOPPED ? STOPPED : Math.max(old, next));
  }
}
