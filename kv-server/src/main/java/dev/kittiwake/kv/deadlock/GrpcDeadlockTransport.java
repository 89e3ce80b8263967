package dev.kittiwake.kv.deadlock;

import dev.kittiwake.proto.detector.DeadlockDetectionGrpc;
import dev.kittiwake.proto.detector.ReportRequest;
import dev.kittiwake.proto.detector.ReportResponse;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Reports over gRPC: a channel per store, kept. */
public final class GrpcDeadlockTransport implements DeadlockTransport, AutoCloseable {
  private static final long DEADLINE_MILLIS = 500;

  private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();

  @Override
  public CompletableFuture<ReportResponse> report(String address, ReportRequest request) {
    ManagedChannel channel =
        channels.computeIfAbsent(
            address,
            target ->
                NettyChannelBuilder.forTarget(target).usePlaintext().directExecutor().build());
    CompletableFuture<ReportResponse> result = new CompletableFuture<>();
    ClientCalls.asyncUnaryCall(
        channel.newCall(
            DeadlockDetectionGrpc.getReportMethod(),
            CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)),
        request,
        new StreamObserver<ReportResponse>() {
          @Override
          public void onNext(ReportResponse response) {
            result.complete(response);
          }

          @Override
          public void onError(Throwable failure) {
            result.completeExceptionally(failure);
          }

          @Override
          public void onCompleted() {
            if (!result.isDone()) {
              result.completeExceptionally(
                  new IllegalStateException(
                      "store " + address + " closed the call without an answer"));
            }
          }
        });
    return result;
  }

  @Override
  public void close() {
    channels.values().forEach(ManagedChannel::shutdownNow);
  }
}
