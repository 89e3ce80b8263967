package dev.kittiwake.kv.api;

import dev.kittiwake.proto.rpc.KvEndpoint;
import dev.kittiwake.proto.rpc.KvMethod;
import dev.kittiwake.proto.tikvpb.TikvGrpc;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a {@link KvEndpoint} as {@code tikvpb.Tikv}: every call that has a handler on its own, and
 * the batched ones also in the {@code BatchCommands} stream.
 */
public final class TikvGrpcService implements BindableService {
  private static final Logger LOG = LoggerFactory.getLogger(TikvGrpcService.class);

  private final KvApi api;
  private final HealthFeedbackSource health;
  private final Executor replies;

  /**
   * @param replies runs the flush of replies that were completed on the thread it belongs to: the
   *     store's apply executor, so that all replies of an apply round leave in one message
   */
  public TikvGrpcService(KvApi api, HealthFeedbackSource health, Executor replies) {
    this.api = api;
    this.health = health;
    this.replies = replies;
  }

  @Override
  public ServerServiceDefinition bindService() {
    ServerServiceDefinition.Builder service =
        ServerServiceDefinition.builder(TikvGrpc.getServiceDescriptor());
    for (KvMethod<?, ?> method : KvMethod.ALL) {
      addUnary(service, method);
    }
    service.addMethod(
        TikvGrpc.getBatchCommandsMethod(),
        ServerCalls.asyncBidiStreamingCall(
            responses -> new BatchCommandsCall(api, health, replies, responses)));
    // The descriptor lists calls that a store of ours does not have; gRPC wants each of them bound.
    for (var method : TikvGrpc.getServiceDescriptor().getMethods()) {
      if (!isBound(method.getFullMethodName())) {
        addUnimplemented(service, method);
      }
    }
    return service.build();
  }

  private static boolean isBound(String fullName) {
    if (fullName.equals(TikvGrpc.getBatchCommandsMethod().getFullMethodName())) {
      return true;
    }
    for (KvMethod<?, ?> method : KvMethod.ALL) {
      if (method.descriptor().getFullMethodName().equals(fullName)) {
        return true;
      }
    }
    return false;
  }

  private static <Q, R> void addUnimplemented(
      ServerServiceDefinition.Builder service, io.grpc.MethodDescriptor<Q, R> method) {
    service.addMethod(
        method,
        (call, headers) -> {
          call.close(
              Status.UNIMPLEMENTED.withDescription(
                  method.getBareMethodName() + " is not served by this store"),
              new io.grpc.Metadata());
          return new io.grpc.ServerCall.Listener<>() {};
        });
  }

  private <Q, R> void addUnary(ServerServiceDefinition.Builder service, KvMethod<Q, R> method) {
    service.addMethod(
        method.descriptor(),
        ServerCalls.asyncUnaryCall((request, response) -> answer(method, request, response)));
  }

  private <Q, R> void answer(KvMethod<Q, R> method, Q request, StreamObserver<R> response) {
    api.call(method, request)
        .whenComplete(
            (reply, failure) -> {
              if (failure == null) {
                response.onNext(reply);
                response.onCompleted();
              } else {
                response.onError(asStatus(method, failure));
              }
            });
  }

  /** What the caller may know of a failure that has no place in the response. */
  static StatusRuntimeException asStatus(KvMethod<?, ?> method, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof StatusRuntimeException) {
      return (StatusRuntimeException) cause;
    }
    LOG.error("event=request_failed method={}", method, cause);
    return Status.INTERNAL
        .withDescription(
            method + " failed in the store: " + cause.getClass().getSimpleName() + "; see its log")
        .asRuntimeException();
  }
}
