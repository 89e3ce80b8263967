package dev.kittiwake.client.pd;

import dev.kittiwake.client.ClientRuntime;
import dev.kittiwake.client.rpc.GrpcChannel;
import dev.kittiwake.proto.pdpb.PDGrpc;
import dev.kittiwake.proto.pdpb.RegionHeartbeatRequest;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import dev.kittiwake.proto.rpc.PdEndpoint;
import dev.kittiwake.proto.rpc.PdMethod;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** One member over gRPC. Thread-safe. */
public final class GrpcPdEndpoint implements PdEndpoint, AutoCloseable {
  private static final long CALL_MILLIS = 3_000;

  private final GrpcChannel channel;
  private final TsoStream timestamps;

  /** Connects lazily to {@code address} ({@code host:port}). */
  public GrpcPdEndpoint(String address, ClientRuntime runtime) {
    this.channel = new GrpcChannel(address, runtime.nanos());
    this.timestamps = new TsoStream(channel);
  }

  @Override
  public <Q, R> CompletableFuture<R> call(PdMethod<Q, R> method, Q request) {
    return channel.unary(method.descriptor(), request, CALL_MILLIS);
  }

  @Override
  public CompletableFuture<Long> timestamps(long clusterId, int count) {
    return timestamps.request(clusterId, count);
  }

  @Override
  public RegionHeartbeats openRegionHeartbeats(
      Consumer<RegionHeartbeatResponse> responses, Consumer<Throwable> closed) {
    AtomicBoolean ended = new AtomicBoolean();
    Consumer<Throwable> once =
        cause -> {
          if (ended.compareAndSet(false, true)) {
            closed.accept(cause);
          }
        };
    StreamObserver<RegionHeartbeatRequest> sending =
        PDGrpc.newStub(channel.connected())
            .regionHeartbeat(
                new StreamObserver<>() {
                  @Override
                  public void onNext(RegionHeartbeatResponse response) {
                    responses.accept(response);
                  }

                  @Override
                  public void onError(Throwable cause) {
                    once.accept(cause);
                  }

                  @Override
                  public void onCompleted() {
                    once.accept(null);
                  }
                });
    return new GrpcHeartbeats(sending, ended);
  }

  @Override
  public void close() {
    channel.close();
  }

  /** Sends on a stream; what is sent after its end is dropped, {@code closed} has told. */
  private static final class GrpcHeartbeats implements RegionHeartbeats {
    private final StreamObserver<RegionHeartbeatRequest> stream; // guarded by this
    private final AtomicBoolean ended;

    GrpcHeartbeats(StreamObserver<RegionHeartbeatRequest> stream, AtomicBoolean ended) {
      this.stream = stream;
      this.ended = ended;
    }

    @Override
    public synchronized void send(RegionHeartbeatRequest heartbeat) {
      if (!ended.get()) {
        stream.onNext(heartbeat);
      }
    }

    @Override
    public synchronized void close() {
      if (ended.compareAndSet(false, true)) {
        stream.onCompleted();
      }
    }
  }
}
