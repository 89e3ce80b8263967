package dev.kittiwake.pd.api;

import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/**
 * What is pushed to a store on its heartbeat stream. The member pushes on its loop while the store
 * may end the stream at any time: what comes too late is dropped, gRPC would throw. Thread-safe.
 */
final class HeartbeatResponses {
  private final StreamObserver<RegionHeartbeatResponse> target;
  private boolean ended; // guarded by this

  HeartbeatResponses(StreamObserver<RegionHeartbeatResponse> target) {
    this.target = target;
  }

  /** Once for all, while the call is being opened. */
  void onCancel(Runnable closed) {
    if (target instanceof ServerCallStreamObserver<RegionHeartbeatResponse> call) {
      call.setOnCancelHandler(
          () -> {
            end();
            closed.run();
          });
    }
  }

  synchronized void push(RegionHeartbeatResponse response) {
    if (!ended) {
      target.onNext(response);
    }
  }

  synchronized void fail(StatusRuntimeException cause) {
    if (!ended) {
      ended = true;
      target.onError(cause);
    }
  }

  synchronized void complete() {
    if (!ended) {
      ended = true;
      target.onCompleted();
    }
  }

  private synchronized void end() {
    ended = true;
  }
}
