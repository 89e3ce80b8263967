package dev.kittiwake.pd.api;

import dev.kittiwake.pd.cluster.PdCluster;
import dev.kittiwake.pd.cluster.RegionStreams;
import dev.kittiwake.pd.meta.ChangeStoreState;
import dev.kittiwake.pd.replica.NotLeaderException;
import dev.kittiwake.proto.metapb.StoreState;
import dev.kittiwake.proto.pdpb.ErrorType;
import dev.kittiwake.proto.pdpb.RegionHeartbeatRequest;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import dev.kittiwake.proto.pdpb.ResponseHeader;
import dev.kittiwake.proto.pdstore.JoinResponse;
import dev.kittiwake.proto.pdstore.MemberRecord;
import dev.kittiwake.proto.pdstore.PeerEnvelope;
import dev.kittiwake.proto.rpc.PdEndpoint;
import dev.kittiwake.proto.rpc.PdMethod;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of the placement driver as its callers see it, from any thread. Every call hops to the
 * member's loop; only timestamps are usually served on the caller's thread.
 */
public final class PdApi implements PdEndpoint {
  private static final Logger log = LoggerFactory.getLogger(PdApi.class);

  private final PdCluster cluster;
  private final Handlers handlers = new Handlers();
  private final CompletableFuture<Void> ready;
  private volatile long clusterId; // 0 until known; never changes afterwards

  public PdApi(PdCluster cluster) {
    this.cluster = cluster;
    new MemberCalls(this, cluster).register(handlers);
    new StoreCalls(this, cluster).register(handlers);
    new RegionCalls(this, cluster).register(handlers);
    new SplitCalls(this, cluster).register(handlers);
    new OperatorCalls(this, cluster).register(handlers);
    new SafePointCalls(this, cluster).register(handlers);
    new GcStateCalls(this, cluster).register(handlers);
    new GlobalConfigCalls(cluster).register(handlers);
    new TimestampCalls(this, cluster).register(handlers);
    this.ready = cluster.ready().thenRun(() -> clusterId = cluster.meta().clusterId());
  }

  PdCluster cluster() {
    return cluster;
  }

  @Override
  public List<String> urls() {
    return cluster.self().getClientUrlsList();
  }

  /** A header without an error. */
  ResponseHeader header() {
    return ResponseHeader.newBuilder().setClusterId(cluster.meta().clusterId()).build();
  }

  /** Completed when this member has served for the first time, and its answers name the cluster. */
  public CompletableFuture<Void> ready() {
    return ready;
  }

  /** 0 until {@link #ready}. Any thread. */
  public long clusterId() {
    return clusterId;
  }

  /** A header without an error, from any thread. */
  ResponseHeader streamHeader() {
    return ResponseHeader.newBuilder().setClusterId(clusterId).build();
  }

  ResponseHeader header(PdRefused refused) {
    return header().toBuilder().setError(refused.error()).build();
  }

  @Override
  public <Q, R> CompletableFuture<R> call(PdMethod<Q, R> method, Q request) {
    Handlers.Handler<Q, R> handler = handlers.find(method);
    if (handler == null) {
      return CompletableFuture.failedFuture(
          Status.UNIMPLEMENTED
              .withDescription(method.name() + " is not supported")
              .asRuntimeException());
    }
    CompletableFuture<R> answer = new CompletableFuture<>();
    onLoop(answer, () -> answer(handler, request, answer));
    return answer;
  }

  /** Runs {@code task} on the loop; {@code answer} fails if it cannot. */
  void onLoop(CompletableFuture<?> answer, Runnable task) {
    try {
      cluster
          .runtime()
          .loop()
          .execute(
              () -> {
                try {
                  task.run();
                } catch (RuntimeException e) {
                  answer.completeExceptionally(status(e));
                }
              });
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(
          Status.UNAVAILABLE
              .withDescription("not leader: this member has stopped")
              .withCause(e)
              .asRuntimeException());
    }
  }

  private <Q, R> void answer(
      Handlers.Handler<Q, R> handler, Q request, CompletableFuture<R> answer) {
    CompletableFuture<R> body;
    try {
      check(handler.scope(), handler.envelope().clusterId(request));
      body = handler.body().apply(request);
    } catch (PdRefused | NotLeaderException | StatusRuntimeException e) {
      body = CompletableFuture.failedFuture(e);
    }
    body.whenComplete(
        (response, failure) -> {
          Throwable cause = cause(failure);
          if (cause == null) {
            answer.complete(response);
          } else if (cause instanceof PdRefused && handler.envelope().canRefuse()) {
            answer.complete(handler.envelope().refusal(header((PdRefused) cause)));
          } else {
            answer.completeExceptionally(status(cause));
          }
        });
  }

  /** Throws if this member cannot answer such a call now. On the loop. */
  void check(Handlers.Scope scope, long callersClusterId) {
    if (scope == Handlers.Scope.ANYWHERE) {
      return;
    }
    if (!cluster.serves()) {
      throw new NotLeaderException(cluster.replica().leader(), "");
    }
    checkClusterId(callersClusterId);
    if (scope == Handlers.Scope.BOOTSTRAPPED && !cluster.meta().isBootstrapped()) {
      throw new PdRefused(ErrorType.NOT_BOOTSTRAPPED, "cluster is not bootstrapped");
    }
  }

  private void checkClusterId(long callersClusterId) {
    checkClusterId(callersClusterId, cluster.meta().clusterId());
  }

  private static void checkClusterId(long callers, long ours) {
    if (callers != 0 && callers != ours) {
      throw Status.FAILED_PRECONDITION
          .withDescription(
              "mismatch cluster id, need "
                  + Long.toUnsignedString(ours)
                  + " but got "
                  + Long.toUnsignedString(callers))
          .asRuntimeException();
    }
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  /** Any failure as a gRPC status. */
  static StatusRuntimeException status(Throwable failure) {
    Throwable cause = cause(failure);
    if (cause instanceof StatusRuntimeException) {
      return (StatusRuntimeException) cause;
    }
    if (cause instanceof NotLeaderException) {
      return Status.UNAVAILABLE.withDescription(cause.getMessage()).asRuntimeException();
    }
    if (cause instanceof PdRefused) {
      return Status.FAILED_PRECONDITION.withDescription(cause.getMessage()).asRuntimeException();
    }
    if (cause instanceof IllegalArgumentException) {
      return Status.INVALID_ARGUMENT.withDescription(cause.getMessage()).asRuntimeException();
    }
    log.error("event=unexpected_failure", cause);
    return Status.INTERNAL.withDescription(cause.toString()).withCause(cause).asRuntimeException();
  }

  /** What {@code question} finds on the loop. */
  <T> CompletableFuture<T> ask(Supplier<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    onLoop(answer, () -> answer.complete(question.get()));
    return answer;
  }

  /** An envelope of another member has arrived. Any thread; lost if this member has stopped. */
  public void receive(PeerEnvelope envelope) {
    CompletableFuture<Void> lostWhenStopped = new CompletableFuture<>();
    onLoop(lostWhenStopped, () -> cluster.receive(envelope));
  }

  /** Hands the lead to another member, if this one has it; done when it has it no more. */
  public CompletableFuture<Void> handOver() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    onLoop(done, () -> cluster.members().leaveLead(done));
    return done;
  }

  /** Lets a store be emptied, after which it is gone. Any thread. */
  public CompletableFuture<Void> drainStore(long storeId) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    onLoop(
        done,
        () -> {
          check(Handlers.Scope.LEADER, 0);
          cluster
              .propose(new ChangeStoreState(storeId, StoreState.Offline))
              .thenApply(PdRefused::done)
              .whenComplete(
                  (outcome, failure) -> {
                    if (failure == null) {
                      done.complete(null);
                    } else {
                      done.completeExceptionally(failure);
                    }
                  });
        });
    return done;
  }

  /** Lets a member into the group. Any thread. */
  public CompletableFuture<JoinResponse> admit(MemberRecord newcomer) {
    CompletableFuture<JoinResponse> answer = new CompletableFuture<>();
    onLoop(
        answer,
        () -> {
          check(Handlers.Scope.LEADER, 0);
          cluster
              .members()
              .admit(newcomer)
              .whenComplete(
                  (response, failure) -> {
                    if (failure != null) {
                      answer.completeExceptionally(status(failure));
                    } else {
                      answer.complete(response);
                    }
                  });
        });
    return answer;
  }

  /** Has a member leave the group. Any thread. */
  public CompletableFuture<Void> dismiss(long memberId) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    onLoop(
        done,
        () -> {
          check(Handlers.Scope.LEADER, 0);
          cluster
              .members()
              .remove(memberId)
              .thenApply(PdRefused::done)
              .whenComplete(
                  (outcome, failure) -> {
                    if (failure == null) {
                      done.complete(null);
                    } else {
                      done.completeExceptionally(status(failure));
                    }
                  });
        });
    return done;
  }

  @Override
  public CompletableFuture<Long> timestamps(long callersClusterId, int count) {
    CompletableFuture<Long> taken;
    try {
      if (clusterId != 0) {
        checkClusterId(callersClusterId, clusterId);
      }
      taken = cluster.timestamps().timestamps(count);
    } catch (StatusRuntimeException | IllegalArgumentException e) {
      return CompletableFuture.failedFuture(status(e));
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(
          Status.UNAVAILABLE.withDescription("not leader: stopped").asRuntimeException());
    }
    if (taken.isDone() && !taken.isCompletedExceptionally()) {
      return taken;
    }
    return taken.handle(
        (timestamp, failure) -> {
          if (failure != null) {
            throw status(failure);
          }
          return timestamp;
        });
  }

  @Override
  public RegionHeartbeats openRegionHeartbeats(
      Consumer<RegionHeartbeatResponse> responses, Consumer<Throwable> closed) {
    Once onceClosed = new Once(closed);
    RegionStreams.Stream stream =
        new RegionStreams.Stream(responses, failure -> onceClosed.accept(status(failure)));
    return new RegionHeartbeats() {
      @Override
      public void send(RegionHeartbeatRequest heartbeat) {
        CompletableFuture<Void> outcome = new CompletableFuture<>();
        outcome.exceptionally(
            failure -> {
              onceClosed.accept(failure);
              forget(stream);
              return null;
            });
        onLoop(
            outcome,
            () -> {
              if (onceClosed.isDone()) {
                return;
              }
              check(Handlers.Scope.LEADER, heartbeat.getHeader().getClusterId());
              cluster.reports().onHeartbeat(stream, heartbeat);
            });
      }

      @Override
      public void close() {
        onceClosed.cancel();
        forget(stream);
      }
    };
  }

  /** Nothing is pushed any more on a stream that has ended, whoever ended it. */
  private void forget(RegionStreams.Stream stream) {
    CompletableFuture<Void> ignoredWhenStopped = new CompletableFuture<>();
    onLoop(ignoredWhenStopped, () -> cluster.streams().remove(stream));
  }

  /** Passes the first end on, and none after the owner closed by himself. */
  private static final class Once implements Consumer<Throwable> {
    private Consumer<Throwable> target; // null: done

    Once(Consumer<Throwable> target) {
      this.target = target;
    }

    synchronized boolean isDone() {
      return target == null;
    }

    synchronized void cancel() {
      target = null;
    }

    @Override
    public void accept(Throwable cause) {
      Consumer<Throwable> first;
      synchronized (this) {
        first = target;
        target = null;
      }
      if (first != null) {
        first.accept(cause);
      }
    }
  }
}
