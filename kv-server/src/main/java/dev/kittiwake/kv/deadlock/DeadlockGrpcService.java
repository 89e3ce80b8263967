package dev.kittiwake.kv.deadlock;

import dev.kittiwake.proto.detector.DeadlockDetectionGrpc;
import dev.kittiwake.proto.detector.ReportRequest;
import dev.kittiwake.proto.detector.ReportResponse;
import io.grpc.stub.StreamObserver;

/** Serves this store's detector to the other stores. */
public final class DeadlockGrpcService extends DeadlockDetectionGrpc.DeadlockDetectionImplBase {
  private final Detector detector;

  public DeadlockGrpcService(Detector detector) {
    this.detector = detector;
  }

  @Override
  public void report(ReportRequest request, StreamObserver<ReportResponse> response) {
    response.onNext(detector.report(request));
    response.onCompleted();
  }
}
