package dev.kittiwake.pd.api;

import dev.kittiwake.pd.cluster.PdCluster;
import dev.kittiwake.proto.pdpb.PDGrpc;
import dev.kittiwake.proto.pdpb.QueryRegionRequest;
import dev.kittiwake.proto.pdpb.QueryRegionResponse;
import dev.kittiwake.proto.pdpb.RegionHeartbeatRequest;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import dev.kittiwake.proto.pdpb.ReportBucketsRequest;
import dev.kittiwake.proto.pdpb.ReportBucketsResponse;
import dev.kittiwake.proto.pdpb.TsoRequest;
import dev.kittiwake.proto.pdpb.TsoResponse;
import dev.kittiwake.proto.rpc.PdEndpoint;
import dev.kittiwake.proto.rpc.PdMethod;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** The placement driver's service over gRPC. Methods that are not here answer UNIMPLEMENTED. */
public final class PdGrpcService {
  private final PdApi api;
  private final RegionCalls regions;

  public PdGrpcService(PdApi api, PdCluster cluster) {
    this.api = api;
    this.regions = new RegionCalls(api, cluster);
  }

  public ServerServiceDefinition definition() {
    ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(PDGrpc.SERVICE_NAME);
    PdMethod.ALL.forEach(method -> addUnary(service, method));
    service.addMethod(PDGrpc.getTsoMethod(), ServerCalls.asyncBidiStreamingCall(this::timestamps));
    service.addMethod(
        PDGrpc.getRegionHeartbeatMethod(), ServerCalls.asyncBidiStreamingCall(this::heartbeats));
    service.addMethod(
        PDGrpc.getQueryRegionMethod(), ServerCalls.asyncBidiStreamingCall(this::queries));
    service.addMethod(
        PDGrpc.getReportBucketsMethod(), ServerCalls.asyncClientStreamingCall(this::buckets));
    return service.build();
  }

  private <Q, R> void addUnary(ServerServiceDefinition.Builder service, PdMethod<Q, R> method) {
    service.addMethod(
        method.descriptor(),
        ServerCalls.asyncUnaryCall(
            (request, observer) -> answer(api.call(method, request), observer)));
  }

  static <R> void answer(CompletableFuture<R> answer, StreamObserver<R> observer) {
    answer.whenComplete(
        (response, failure) -> {
          if (failure != null) {
            observer.onError(PdApi.status(failure));
          } else {
            observer.onNext(response);
            observer.onCompleted();
          }
        });
  }

  /** Answers each request of a stream in its turn. */
  private static <Q, R> StreamObserver<Q> ordered(
      StreamObserver<R> observer, Function<Q, CompletableFuture<R>> body) {
    OrderedResponses<R> responses = new OrderedResponses<>(observer);
    return new StreamObserver<>() {
      @Override
      public void onNext(Q request) {
        responses.add(body.apply(request));
      }

      @Override
      public void onError(Throwable cause) {
        responses.cancel();
      }

      @Override
      public void onCompleted() {
        responses.halfClose();
      }
    };
  }

  private StreamObserver<TsoRequest> timestamps(StreamObserver<TsoResponse> observer) {
    return ordered(observer, this::timestamp);
  }

  private CompletableFuture<TsoResponse> timestamp(TsoRequest request) {
    String dc = request.getDcLocation();
    if (!dc.isEmpty() && !dc.equals("global")) {
      return CompletableFuture.failedFuture(
          Status.INVALID_ARGUMENT
              .withDescription("timestamps of \"" + dc + "\": there are only global ones")
              .asRuntimeException());
    }
    if (request.getCount() == 0) {
      return CompletableFuture.failedFuture(
          Status.INVALID_ARGUMENT
              .withDescription("tso count should be positive")
              .asRuntimeException());
    }
    return api.timestamps(request.getHeader().getClusterId(), request.getCount())
        .thenApply(
            ts ->
                TsoResponse.newBuilder()
                    .setHeader(api.streamHeader())
                    .setCount(request.getCount())
                    .setTimestamp(TimestampCalls.message(ts))
                    .build());
  }

  private StreamObserver<QueryRegionRequest> queries(StreamObserver<QueryRegionResponse> observer) {
    return ordered(observer, regions::query);
  }

  private StreamObserver<RegionHeartbeatRequest> heartbeats(
      StreamObserver<RegionHeartbeatResponse> observer) {
    HeartbeatResponses responses = new HeartbeatResponses(observer);
    PdEndpoint.RegionHeartbeats stream =
        api.openRegionHeartbeats(responses::push, cause -> responses.fail(PdApi.status(cause)));
    responses.onCancel(stream::close);
    return new StreamObserver<>() {
      @Override
      public void onNext(RegionHeartbeatRequest heartbeat) {
        stream.send(heartbeat);
      }

      @Override
      public void onError(Throwable cause) {
        stream.close();
      }

      @Override
      public void onCompleted() {
        stream.close();
        responses.complete();
      }
    };
  }

  /** Bucket statistics are taken and not used. */
  private StreamObserver<ReportBucketsRequest> buckets(
      StreamObserver<ReportBucketsResponse> observer) {
    return new StreamObserver<>() {
      @Override
      public void onNext(ReportBucketsRequest report) {}

      @Override
      public void onError(Throwable cause) {}

      @Override
      public void onCompleted() {
        observer.onNext(ReportBucketsResponse.newBuilder().setHeader(api.streamHeader()).build());
        observer.onCompleted();
      }
    };
  }
}
