package dev.kittiwake.client.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.kittiwake.client.ClientConfig;
import dev.kittiwake.client.ClientRuntime;
import dev.kittiwake.proto.kvrpcpb.RawGetRequest;
import dev.kittiwake.proto.kvrpcpb.RawGetResponse;
import dev.kittiwake.proto.rpc.KvEndpoint;
import dev.kittiwake.proto.rpc.KvMethod;
import dev.kittiwake.proto.tikvpb.BatchCommandsRequest;
import dev.kittiwake.proto.tikvpb.BatchCommandsResponse;
import dev.kittiwake.proto.tikvpb.TikvGrpc;
import dev.kittiwake.testkit.port.SilentPort;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Batch streams against a real gRPC server that answers when the test wants. */
class GrpcKvRpcTest {
  private final ClientRuntime runtime = ClientRuntime.production();
  private final GrpcKvRpc rpc =
      new GrpcKvRpc(
          ClientConfig.DEFAULT.withConnectionsPerStore(1).withRequestTimeout(Duration.ofMinutes(2)),
          runtime);
  private final GrpcKvRpc impatient =
      new GrpcKvRpc(
          ClientConfig.DEFAULT
              .withConnectionsPerStore(1)
              .withRequestTimeout(Duration.ofMillis(100)),
          runtime);
  private final List<StreamObserver<BatchCommandsResponse>> streams = new CopyOnWriteArrayList<>();
  private final List<BatchCommandsRequest> batches = new CopyOnWriteArrayList<>();
  private volatile boolean answering = true;
  private Server server;

  @BeforeEach
  void serve() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
            .directExecutor()
            .permitKeepAliveTime(5, TimeUnit.SECONDS)
            .addService(
                new TikvGrpc.TikvImplBase() {
                  @Override
                  public StreamObserver<BatchCommandsRequest> batchCommands(
                      StreamObserver<BatchCommandsResponse> responses) {
                    streams.add(responses);
                    return new Answering(responses);
                  }
                })
            .build()
            .start();
  }

  @AfterEach
  void stop() {
    rpc.close();
    impatient.close();
    server.shutdownNow();
    runtime.close();
  }

  /** Answers each request with its key, in the opposite order. */
  private final class Answering implements StreamObserver<BatchCommandsRequest> {
    private final StreamObserver<BatchCommandsResponse> responses;

    Answering(StreamObserver<BatchCommandsResponse> responses) {
      this.responses = responses;
    }

    @Override
    public void onNext(BatchCommandsRequest batch) {
      batches.add(batch);
      if (!answering) {
        return;
      }
      BatchCommandsResponse.Builder answer = BatchCommandsResponse.newBuilder();
      for (int i = batch.getRequestsCount() - 1; i >= 0; i--) {
        answer
            .addRequestIds(batch.getRequestIds(i))
            .addResponses(
                KvMethod.RAW_GET.wrapResponse(
                    RawGetResponse.newBuilder()
                        .setValue(batch.getRequests(i).getRawGet().getKey())
                        .build()));
      }
      responses.onNext(answer.build());
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {
      responses.onCompleted();
    }
  }

  private KvEndpoint store(GrpcKvRpc by) {
    return by.endpoint("127.0.0.1:" + server.getPort());
  }

  private static RawGetRequest get(String key) {
    return RawGetRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build();
  }

  @Test
  void manyRequestsShareMessagesAndGetTheirOwnAnswers() throws Exception {
    List<CompletableFuture<RawGetResponse>> answers = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      answers.add(store(rpc).call(KvMethod.RAW_GET, get("k" + i)));
    }
    for (int i = 0; i < 1_000; i++) {
      assertEquals("k" + i, answers.get(i).get(120, TimeUnit.SECONDS).getValue().toStringUtf8());
    }
    assertTrue(batches.size() < 1_000, "requests queued before the connection was up go together");
    assertTrue(batches.stream().allMatch(batch -> batch.getRequestsCount() <= 128));
    assertEquals(1, streams.size());
  }

  @Test
  void aBrokenStreamFailsWhatIsUnderWayAndTheNextCallOpensAnother() throws Exception {
    answering = false;
    CompletableFuture<RawGetResponse> lost = store(rpc).call(KvMethod.RAW_GET, get("a"));
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (batches.isEmpty()) {
      assertTrue(System.nanoTime() < deadline, "the request did not arrive");
      Thread.onSpinWait();
    }
    streams.get(0).onError(Status.UNAVAILABLE.withDescription("going down").asException());
    Throwable cause =
        assertThrows(ExecutionException.class, () -> lost.get(120, TimeUnit.SECONDS)).getCause();
    assertEquals(
        Status.Code.UNAVAILABLE,
        assertInstanceOf(StatusRuntimeException.class, cause).getStatus().getCode());
    answering = true;
    assertEquals(
        "b",
        store(rpc)
            .call(KvMethod.RAW_GET, get("b"))
            .get(120, TimeUnit.SECONDS)
            .getValue()
            .toStringUtf8());
    assertEquals(2, streams.size());
  }

  @Test
  void aStoreThatStaysSilentIsGivenUp() {
    answering = false;
    CompletableFuture<RawGetResponse> lost = store(impatient).call(KvMethod.RAW_GET, get("a"));
    Throwable cause =
        assertThrows(ExecutionException.class, () -> lost.get(120, TimeUnit.SECONDS)).getCause();
    assertEquals(
        Status.Code.DEADLINE_EXCEEDED,
        assertInstanceOf(StatusRuntimeException.class, cause).getStatus().getCode());
  }

  @Test
  void aStoreThatIsNotThereFailsAtOnce() throws IOException {
    try (SilentPort nobody = SilentPort.take()) {
      CompletableFuture<RawGetResponse> lost =
          rpc.endpoint(nobody.address()).call(KvMethod.RAW_GET, get("a"));
      Throwable cause =
          assertThrows(ExecutionException.class, () -> lost.get(120, TimeUnit.SECONDS)).getCause();
      assertEquals(
          Status.Code.UNAVAILABLE,
          assertInstanceOf(NotSentException.class, cause).getStatus().getCode(),
          "and it is known to have had no effect");
    }
  }
}
