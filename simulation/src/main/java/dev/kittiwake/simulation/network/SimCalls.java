package dev.kittiwake.simulation.network;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.kittiwake.client.Await;
import dev.kittiwake.client.rpc.NotSentException;
import dev.kittiwake.simulation.time.Machine;
import dev.kittiwake.simulation.time.VirtualTime;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Calls with answers, with the failures that gRPC has: a refused connection is known not to have
 * reached the other side; a reset, or silence until the deadline, leaves it open.
 */
public final class SimCalls {
  private static final long RETRANSMISSION_NANOS = 200_000_000L;

  private final SimNetwork network;
  private final VirtualTime time;
  private final Map<Machine, Set<Call<?, ?>>> open = new LinkedHashMap<>(); // by whom is called
  private Interference interference = (from, to, what, request) -> Fate.GOOD;

  /** What becomes of a call whatever the weather; for stories that need one certain message. */
  public interface Interference {
    /**
     * @param what the method
     */
    Fate fate(Machine from, Machine to, String what, Object request);
  }

  /**
   * What becomes of one call. The caller of what is lost finds the connection reset.
   *
   * @param until the request arrives only after this; null: at once
   */
  public record Fate(CompletableFuture<?> until, boolean requestLost, boolean answerLost) {
    public static final Fate GOOD = new Fate(null, false, false);
    public static final Fate REQUEST_LOST = new Fate(null, true, false);
    public static final Fate ANSWER_LOST = new Fate(null, false, true);

    public static Fate heldUntil(CompletableFuture<?> until) {
      return new Fate(until, false, false);
    }
  }

  /** From now on {@code decides} about every call when it is made. */
  public void interfere(Interference decides) {
    interference = decides;
  }

  public SimCalls(SimNetwork network) {
    this.network = network;
    this.time = network.time();
  }

  public SimNetwork network() {
    return network;
  }

  /**
   * Calls {@code service} on {@code to}.
   *
   * @param service runs on {@code to}; its future is completed there. Null in place of a future:
   *     nobody listens
   * @param timeoutNanos after which the call fails with DEADLINE_EXCEEDED; 0 = the caller sees to
   *     it
   * @param holds which answers hold even if the request arrived twice; others are then lost, for
   *     what is said of one copy may not be true of the other. Null: the service need not cope with
   *     the request twice
   */
  public <Q, R> CompletableFuture<R> call(
      Machine from,
      Machine to,
      String what,
      Q request,
      Function<Q, CompletableFuture<R>> service,
      long timeoutNanos,
      Predicate<R> holds) {
    Call<Q, R> call = new Call<>(from, to, what, service, holds);
    call.start(request, timeoutNanos);
    return call.answer;
  }

  /**
   * A machine has ended. Who called it finds the connection reset.
   *
   * @param silently the other end says nothing (its power failed): it takes long to notice
   */
  public void ended(Machine machine, boolean silently) {
    Set<Call<?, ?>> calls = open.remove(machine);
    if (calls != null) {
      for (Call<?, ?> call : List.copyOf(calls)) {
        call.failAfter(
            silently ? network.noticeDelay() : network.delay(),
            Status.UNAVAILABLE.withDescription(machine.name() + " has ended"));
      }
    }
  }

  /** A message as the other side reads it. */
  @SuppressWarnings("unchecked")
  static <M> M overTheWire(M message, VirtualTime time) {
    if (!(message instanceof MessageLite lite)) {
      return message;
    }
    byte[] bytes = lite.toByteArray();
    time.trace().mix(bytes.length);
    try {
      return (M) lite.getParserForType().parseFrom(bytes);
    } catch (InvalidProtocolBufferException unreadable) {
      throw new IllegalStateException("cannot read what was just written", unreadable);
    }
  }

  private final class Call<Q, R> {
    private final Machine from;
    private final int fromLife;
    private final Machine to;
    private final int toLife;
    private final String what;
    private final Function<Q, CompletableFuture<R>> service;
    private final Predicate<R> holds;
    private final CompletableFuture<R> answer = new CompletableFuture<>();
    private boolean repeated; // a second copy is under way, or has arrived
    private Fate fate = Fate.GOOD;
    private Runnable callOffTimeout = () -> {};

    Call(
        Machine from,
        Machine to,
        String what,
        Function<Q, CompletableFuture<R>> service,
        Predicate<R> holds) {
      this.from = from;
      this.fromLife = from.life();
      this.to = to;
      this.toLife = to.life();
      this.what = what;
      this.service = service;
      this.holds = holds;
    }

    void start(Q request, long timeoutNanos) {
      if (!from.isRunning()) {
        return; // nobody is left to hear of it
      }
      if (timeoutNanos > 0) {
        callOffTimeout =
            from.alarm(
                timeoutNanos,
                "timeout",
                () ->
                    fail(Status.DEADLINE_EXCEEDED.withDescription("no answer in time to " + what)));
      }
      if (!to.isRunning()) {
        from.later(network.delay(), what, this::refuse);
        return;
      }
      open.computeIfAbsent(to, machine -> new LinkedHashSet<>()).add(this);
      Q sent = overTheWire(request, time);
      fate = interference.fate(from, to, what, request);
      if (fate.requestLost()) {
        failAfter(network.delay(), reset());
        return;
      }
      if (fate.until() != null) {
        fate.until()
            .whenComplete(
                (done, failure) ->
                    time.deliver(time.now() + network.delay(), to, what, () -> arrive(sent)));
        return;
      }
      long at = network.route(from, to);
      if (at == SimNetwork.CUT) {
        failAfter(
            network.noticeDelay(), Status.UNAVAILABLE.withDescription("no way to " + to.name()));
        return;
      }
      at = at == SimNetwork.LOST ? afterLoss() : at;
      if (at < 0) {
        return;
      }
      time.deliver(at, to, what, () -> arrive(sent));
      if (holds != null && network.chance(network.weather().repeat())) {
        repeated = true;
        Q again = overTheWire(request, time);
        time.deliver(at + network.delay(), to, what, () -> arrive(again));
      }
    }

    /** TCP sends again, or gives up. Answers when the message arrives, or -1. */
    private long afterLoss() {
      if (network.chance(0.7)) {
        return time.now() + RETRANSMISSION_NANOS + network.below(RETRANSMISSION_NANOS * 5);
      }
      failAfter(network.delay(), reset());
      return -1;
    }

    private void refuse() {
      end();
      if (from.lives(fromLife)) {
        answer.completeExceptionally(
            new NotSentException(
                Status.UNAVAILABLE.withDescription("connection refused by " + to.name())));
      }
    }

    private void arrive(Q request) {
      if (!to.lives(toLife)) {
        return; // the connection ended with the life that it led to
      }
      CompletableFuture<R> served = service.apply(request);
      if (served == null) {
        from.later(network.delay(), what, this::refuse);
      } else {
        served.whenComplete(this::respond);
      }
    }

    private Status reset() {
      return Status.UNAVAILABLE.withDescription("connection reset by " + to.name());
    }

    private void respond(R response, Throwable failure) {
      if (!to.lives(toLife)) {
        return;
      }
      if (fate.answerLost() || (repeated && failure == null && !holds.test(response))) {
        failAfter(network.delay(), reset());
        return;
      }
      R sent = failure == null ? overTheWire(response, time) : null;
      long at = network.route(to, from);
      if (at == SimNetwork.CUT) {
        failAfter(
            network.noticeDelay(), Status.UNAVAILABLE.withDescription("no way from " + to.name()));
        return;
      }
      at = at == SimNetwork.LOST ? afterLoss() : at;
      if (at >= 0) {
        time.deliver(at, from, what, () -> finish(sent, failure));
      }
    }

    private void finish(R response, Throwable failure) {
      end();
      if (!from.lives(fromLife)) {
        return;
      }
      if (failure == null) {
        answer.complete(response);
      } else {
        answer.completeExceptionally(status(failure));
      }
    }

    void failAfter(long nanos, Status status) {
      from.later(nanos, what, () -> fail(status));
    }

    private void fail(Status status) {
      end();
      if (from.lives(fromLife)) {
        answer.completeExceptionally(status.asRuntimeException());
      }
    }

    private void end() {
      callOffTimeout.run();
      Set<Call<?, ?>> calls = open.get(to);
      if (calls != null) {
        calls.remove(this);
      }
    }
  }

  /** What is left of a failure on its way over the wire. */
  private static StatusRuntimeException status(Throwable failure) {
    Throwable cause = Await.unwrap(failure);
    if (cause instanceof StatusRuntimeException known) {
      return Status.fromCodeValue(known.getStatus().getCode().value())
          .withDescription(known.getStatus().getDescription())
          .asRuntimeException();
    }
    return Status.UNKNOWN.withDescription(String.valueOf(cause)).asRuntimeException();
  }
}
