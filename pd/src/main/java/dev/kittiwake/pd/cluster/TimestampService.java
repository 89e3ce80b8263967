package dev.kittiwake.pd.cluster;

import dev.kittiwake.pd.meta.Outcome;
import dev.kittiwake.pd.meta.SaveTimestampBound;
import dev.kittiwake.pd.replica.NotLeaderException;
import dev.kittiwake.pd.replica.PdReplica;
import dev.kittiwake.pd.tso.TimestampOracle;
import dev.kittiwake.proto.key.Timestamp;
import io.grpc.Status;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves timestamps. The usual call takes one from memory, on the caller's thread; only if the
 * millisecond is used up, or the oracle has not started yet, does it wait on the loop.
 */
public final class TimestampService {
  private static final Logger log = LoggerFactory.getLogger(TimestampService.class);
  private static final int MAX_WAITING = 100_000;

  private record Wanted(int count, CompletableFuture<Long> timestamp) {}

  private final TimestampOracle oracle;
  private final PdReplica replica;
  private final ScheduledExecutorService loop;
  private final InstantSource clock;
  private final Deque<Wanted> waiting = new ArrayDeque<>();
  private final LongAdder requests = new LongAdder();
  private final LongAdder given = new LongAdder();
  private boolean updateIsDue;
  private boolean jumpTold;
  private long observedBoundMillis;
  private long epoch; // counts leaderships: answers that belong to an earlier one are dropped

  TimestampService(
      TimestampOracle oracle,
      PdReplica replica,
      ScheduledExecutorService loop,
      InstantSource clock) {
    this.oracle = oracle;
    this.replica = replica;
    this.loop = loop;
    this.clock = clock;
  }

  /** The largest of {@code count} fresh timestamps. Any thread. */
  public CompletableFuture<Long> timestamps(int count) {
    requests.increment();
    given.add(count);
    long timestamp = oracle.next(count);
    if (timestamp != TimestampOracle.WAIT) {
      return CompletableFuture.completedFuture(timestamp);
    }
    CompletableFuture<Long> later = new CompletableFuture<>();
    loop.execute(() -> await(new Wanted(count, later)));
    return later;
  }

  /** Requests so far. Any thread. */
  public long requests() {
    return requests.sum();
  }

  /** Timestamps that were asked for so far. Any thread. */
  public long given() {
    return given.sum();
  }

  private void await(Wanted wanted) {
    if (!replica.leads()) {
      wanted.timestamp().completeExceptionally(new NotLeaderException(replica.leader(), ""));
      return;
    }
    if (waiting.size() >= MAX_WAITING) {
      wanted
          .timestamp()
          .completeExceptionally(
              Status.RESOURCE_EXHAUSTED
                  .withDescription(MAX_WAITING + " requests already wait for timestamps")
                  .asRuntimeException());
      return;
    }
    waiting.add(wanted);
    update();
    if (!waiting.isEmpty() && !updateIsDue) {
      updateIsDue = true;
      loop.schedule(
          () -> {
            updateIsDue = false;
            update();
          },
          1,
          TimeUnit.MILLISECONDS);
    }
  }

  /** This member leads: save a bound, then serve. Completed when timestamps are served. */
  CompletableFuture<Void> lead() {
    long mine = ++epoch;
    long bound = oracle.prepare(clock.millis(), replica.meta().timestampBoundMillis());
    return replica
        .propose(new SaveTimestampBound(bound))
        .thenAccept(
            outcome -> {
              if (mine == epoch) {
                oracle.serve(((Outcome.Done) outcome).value());
                serveWaiting();
              }
            });
  }

  /**
   * Moves timestamps forward to {@code timestamp}. Fails with INVALID_ARGUMENT if that is back, or
   * further ahead of the clock than a jump may be and the caller does not insist.
   */
  public CompletableFuture<Void> advanceTo(long timestamp, boolean insist) {
    long millis = Timestamp.physicalMillis(timestamp);
    long ahead = millis - clock.millis();
    Optional<String> refused = Optional.empty();
    if (millis <= oracle.physicalMillis()) {
      refused = Optional.of("is behind those that were given out");
    } else if (ahead > oracle.maxJumpMillis() && !insist) {
      refused = Optional.of("is " + ahead + " ms ahead of the clock: insist if that is meant");
    }
    if (refused.isPresent()) {
      return CompletableFuture.failedFuture(
          Status.INVALID_ARGUMENT
              .withDescription(
                  "timestamp " + Long.toUnsignedString(timestamp) + " " + refused.get())
              .asRuntimeException());
    }
    long mine = epoch;
    long bound = millis + 2 * oracle.windowMillis();
    return replica
        .propose(new SaveTimestampBound(bound))
        .thenAccept(
            outcome -> {
              if (mine != epoch) {
                throw new NotLeaderException(replica.leader(), "the lead was lost meanwhile");
              }
              oracle.saved(((Outcome.Done) outcome).value());
              oracle.advanceMillis(millis);
            });
  }

  /** The time that timestamps have reached: none of a later millisecond was given. On the loop. */
  public long presentMillis() {
    return oracle.physicalMillis();
  }

  /** A bound that was saved since this member started shows what time its leader has. */
  void observe() {
    long bound = replica.meta().timestampBoundMillis();
    if (bound != observedBoundMillis && !oracle.isServing()) {
      observedBoundMillis = bound;
      oracle.trust(bound);
    }
  }

  /** Once, and again when the clock is believed in between. */
  private void tellJump() {
    long jump = oracle.refusedJumpMillis();
    if (jump == 0) {
      jumpTold = false;
    } else if (!jumpTold) {
      jumpTold = true;
      log.error(
          "event=clock_jump the clock is {} ms ahead of the time that has elapsed, timestamps do"
              + " not follow it: set the clock right; if it is right, move timestamps forward with"
              + " 'ctl tso reset'",
          jump);
    }
  }

  void follow(Throwable cause) {
    epoch++;
    oracle.stop();
    while (!waiting.isEmpty()) {
      waiting.poll().timestamp().completeExceptionally(cause);
    }
  }

  /** Brings the oracle up to the clock; called every few milliseconds. */
  void update() {
    long bound = oracle.update(clock.millis());
    tellJump();
    if (bound != 0) {
      long mine = epoch;
      replica
          .propose(new SaveTimestampBound(bound))
          .whenComplete(
              (outcome, failure) -> {
                if (mine != epoch) {
                  return;
                }
                if (failure != null) {
                  oracle.saveFailed();
                } else {
                  oracle.saved(((Outcome.Done) outcome).value());
                }
              });
    }
    serveWaiting();
  }

  private void serveWaiting() {
    while (!waiting.isEmpty()) {
      long timestamp = oracle.next(waiting.peek().count());
      if (timestamp == TimestampOracle.WAIT) {
        return;
      }
      waiting.poll().timestamp().complete(timestamp);
    }
  }
}
