package dev.kittiwake.client.region;

import dev.kittiwake.client.CallScope;
import dev.kittiwake.client.ClientRuntime;
import dev.kittiwake.client.error.KvException;
import dev.kittiwake.client.error.RegionUnavailableException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The budget of one request: all its attempts, whatever made them necessary, share it. Pauses grow
 * exponentially per reason, with jitter (half fixed, half random). Thread-safe.
 */
public final class Backoff {
  /** Why an attempt failed, with the first and the largest pause in milliseconds. */
  public enum Kind {
    RPC(20, 200, 0), // another peer, or the same store a moment later

    PD(50, 1_000, 0),
    NOT_LEADER(2, 100, 1),
    NO_LEADER(10, 100, 0), // an election is under way, or will be

    EPOCH(2, 500, 2),
    REGION_MISS(2, 500, 0),
    SCHEDULING(2, 500, 0),
    STALE_COMMAND(2, 1_000, 0),
    MAX_TS_NOT_SYNCED(2, 500, 0),
    SERVER_BUSY(200, 10_000, 0),
    DISK_FULL(500, 5_000, 0),
    LOCK(10, 500, 0),
    LOCK_RESOLVED(1, 100, 3),
    TXN_NOT_FOUND(2, 500, 0);

    private final long baseMillis;
    private final long capMillis;
    private final int free; // so many times without any pause

    Kind(long baseMillis, long capMillis, int free) {
      this.baseMillis = baseMillis;
      this.capMillis = capMillis;
      this.free = free;
    }

    long pauseMillis(int times) {
      if (times < free) {
        return 0;
      }
      return Math.min(capMillis, baseMillis << Math.min(20, times - free));
    }
  }

  private final ClientRuntime runtime;
  private final CallScope scope;
  private final String operation;
  private final long budgetNanos;
  private final long startNanos;
  private final Map<Kind, Integer> times = new EnumMap<>(Kind.class); // guarded by this
  private int pauses; // guarded by this
  private volatile boolean answerLost;

  /**
   * @param scope whose deadline and cancellation end the request too; null for none
   * @param operation names the request in messages, e.g. {@code "get"}
   */
  public Backoff(ClientRuntime runtime, CallScope scope, long budgetMillis, String operation) {
    this.runtime = runtime;
    this.scope = scope;
    this.operation = operation;
    this.budgetNanos = TimeUnit.MILLISECONDS.toNanos(budgetMillis);
    this.startNanos = runtime.nanos().getAsLong();
  }

  /** Pauses after a failure of a region. */
  public CompletableFuture<Void> pause(Kind kind, String reason) {
    return pause(kind, -1, reason, RegionUnavailableException::new);
  }

  /**
   * Pauses, or fails if the budget is used up.
   *
   * @param exactMillis how long, if somebody told; negative: by the kind
   * @param exhausted makes the failure of its message
   */
  public CompletableFuture<Void> pause(
      Kind kind, long exactMillis, String reason, Function<String, KvException> exhausted) {
    KvException ended = scope == null ? null : scope.failure();
    if (ended != null) {
      return CompletableFuture.failedFuture(ended);
    }
    long elapsed = runtime.nanos().getAsLong() - startNanos;
    long wanted;
    int attempts;
    synchronized (this) {
      attempts = ++pauses;
      wanted = kind.pauseMillis(times.merge(kind, 1, Integer::sum) - 1);
    }
    long millis = exactMillis >= 0 ? exactMillis : wanted / 2 + runtime.below(wanted / 2 + 1);
    if (elapsed + TimeUnit.MILLISECONDS.toNanos(millis) > budgetNanos) {
      return CompletableFuture.failedFuture(
          exhausted.apply(
              operation
                  + " gave up after "
                  + attempts
                  + (attempts == 1 ? " attempt in " : " attempts in ")
                  + TimeUnit.NANOSECONDS.toMillis(elapsed)
                  + " ms: "
                  + reason));
    }
    return runtime.pause(millis);
  }

  /** Notes that a request was sent and its answer will never be known. */
  public void noteLostAnswer() {
    answerLost = true;
  }

  /** Notes that a later attempt told what became of the request. */
  public void clearLostAnswer() {
    answerLost = false;
  }

  /** Whether some attempt may have taken effect without our knowing. */
  public boolean isAnswerLost() {
    return answerLost;
  }

  /** The scope that bounds this request; null if none does. */
  public CallScope scope() {
    return scope;
  }

  String operation() {
    return operation;
  }
}
