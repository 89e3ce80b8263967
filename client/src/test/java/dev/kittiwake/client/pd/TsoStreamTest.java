package dev.kittiwake.client.pd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kittiwake.client.ClientRuntime;
import dev.kittiwake.proto.pdpb.PDGrpc;
import dev.kittiwake.proto.pdpb.Timestamp;
import dev.kittiwake.proto.pdpb.TsoRequest;
import dev.kittiwake.proto.pdpb.TsoResponse;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Timestamps over a stream to a member that is silent until the test wants answers. */
class TsoStreamTest {
  private final ClientRuntime runtime = ClientRuntime.production();
  private volatile boolean silent = true;
  private Server server;
  private GrpcPdEndpoint pd;

  @BeforeEach
  void serve() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
            .directExecutor()
            .addService(
                new PDGrpc.PDImplBase() {
                  @Override
                  public StreamObserver<TsoRequest> tso(StreamObserver<TsoResponse> responses) {
                    return new Answering(responses);
                  }
                })
            .build()
            .start();
    pd = new GrpcPdEndpoint("127.0.0.1:" + server.getPort(), runtime);
  }

  @AfterEach
  void stop() {
    pd.close();
    server.shutdownNow();
    runtime.close();
  }

  private final class Answering implements StreamObserver<TsoRequest> {
    private final StreamObserver<TsoResponse> responses;

    Answering(StreamObserver<TsoResponse> responses) {
      this.responses = responses;
    }

    @Override
    public void onNext(TsoRequest request) {
      if (!silent) {
        responses.onNext(
            TsoResponse.newBuilder()
                .setCount(request.getCount())
                .setTimestamp(Timestamp.newBuilder().setPhysical(7))
                .build());
      }
    }

    @Override
    public void onError(Throwable cause) {}

    @Override
    public void onCompleted() {
      responses.onCompleted();
    }
  }

  /** A neighbour on the stream is told something after which it asks again, as it should. */
  @Test
  void whoGivesUpEndsTheStreamAndCancelsNobodyElse() throws Exception {
    CompletableFuture<Long> impatient = pd.timestamps(1, 1);
    CompletableFuture<Long> neighbour = pd.timestamps(1, 1);
    impatient.cancel(false);
    Throwable told =
        assertThrows(ExecutionException.class, () -> neighbour.get(120, TimeUnit.SECONDS))
            .getCause();
    assertEquals(
        Status.Code.UNAVAILABLE,
        assertInstanceOf(StatusRuntimeException.class, told).getStatus().getCode());
    silent = false;
    assertEquals(7L << 18, pd.timestamps(1, 1).get(120, TimeUnit.SECONDS));
  }
}
